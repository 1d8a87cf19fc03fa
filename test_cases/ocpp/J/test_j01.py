"""J01: meter values by the clock."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import sampled

EVERY_S = 15  # a quarter of an hour holds whole intervals of it, whatever the zone
MOST_S = 60  # a charger that takes no shorter interval than this is not waited for


@serves("OCPP-J01.P001")
async def test_values_come_by_the_clock(stand: Stand) -> None:
    """With no car there, for three intervals: each value is of a whole interval since midnight."""
    await stand.settings.include("AlignedDataCtrlr", "Measurands", "Energy.Active.Import.Register")
    put = await stand.settings.change("AlignedDataCtrlr", "Interval", str(EVERY_S))
    told = await stand.settings.read("AlignedDataCtrlr", "Interval") or ""
    taken = {"setVariableResult": {"attributeStatus": "Accepted"}}
    stand.claim.control(answers.says, call=put.call, holds=taken)
    if not told.isdecimal() or not 0 < int(told) <= MOST_S or not await stand.settings.read(*_MEASURANDS):
        return  # it tells no values by the clock
    async with stand.step("a while with no car there"):
        await stand.until_after(stand.mark(), int(told), "the interval is in force")
        since = stand.mark()
        await stand.until_after(since, 3 * int(told), "three intervals pass")
    stand.claim(sampled.to_the_clock, since=since, every_s=int(told))


_MEASURANDS = ("AlignedDataCtrlr", "Measurands")
