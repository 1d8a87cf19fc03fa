"""C11: clearing the authorization cache."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-C11.P001")
async def test_a_cache_that_is_off_is_not_cleared(stand: Stand) -> None:
    """Its cache is cleared while it is in use; switched off, there is none to clear."""
    if await stand.settings.read("AuthCacheCtrlr", "Enabled") is None:
        return  # it has no cache
    async with stand.step("clear it while it is on, and while it is off"):
        await stand.settings.change("AuthCacheCtrlr", "Enabled", "true")
        on = await stand.station.call("ClearCache", {})
        await stand.settings.change("AuthCacheCtrlr", "Enabled", "false")
        off = await stand.station.call("ClearCache", {})
        is_off = await stand.station.get_variables([("AuthCacheCtrlr", "Enabled")])
    stand.claim.control(answers.says, call=is_off.call, holds={"getVariableResult": {"attributeValue": "false"}})
    stand.claim.control(answers.says, call=on.call, accept=["Accepted"])
    stand.claim(answers.says, call=off.call, accept=["Rejected"])
