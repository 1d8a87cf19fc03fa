"""B11: resets that cannot be."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from test_cases.ocpp._asked import NO_EVSE, REFUSED


@serves("OCPP-B11.P110", "OCPP-B11.P111")
async def test_an_evse_that_cannot_be_reset_is_not(stand: Stand) -> None:
    """An EVSE that there is not, and one that by its own word cannot be reset alone; the whole station can."""
    evse = stand.pixit.evse_id
    async with stand.step("reset an EVSE that there is not, and one that cannot be reset alone"):
        nowhere = await stand.station.reset("OnIdle", NO_EVSE)
        alone = await stand.settings.read("EVSE", "AllowReset", evse_id=evse)
        one = await stand.station.reset("OnIdle", evse) if (alone or "false").lower() == "false" else None
    async with stand.step("the control: the whole station is reset"):
        whole = await stand.restarted("OnIdle")
    stand.claim.control(answers.says, call=whole.call, accept=["Accepted"])
    stand.claim(answers.says, "OCPP-B11.P110", call=nowhere.call, accept=list(REFUSED))
    if one is not None:
        stand.claim(answers.says, "OCPP-B11.P111", call=one.call, accept=["Rejected"])
