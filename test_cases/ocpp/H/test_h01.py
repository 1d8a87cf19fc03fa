"""H01: reservations."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-H01.P001")
async def test_what_is_reserved_is_not_reserved_again(stand: Stand) -> None:
    """A free EVSE is reserved for one driver, and then for no other; one out of service is reserved for none."""
    async with stand.step("reserve for one driver, and for another") as begin:
        one = await stand.settings.reserve(7001, "CHARGEPROOF-ONE")
        await stand.until_status("Reserved", since=begin)
        await stand.quiet(within_s=3)  # of the other connectors too
        other = await stand.settings.reserve(7002, "CHARGEPROOF-TWO")
    async with stand.step("out of service, and reserved then"):
        await stand.station.cancel_reservation(7001)
        down = await stand.settings.out_of_service()
        await stand.until_status("Unavailable", since=down.call)
        await stand.quiet(within_s=3)
        none = await stand.settings.reserve(7003, "CHARGEPROOF-ONE")
    stand.claim.control(answers.says, call=one.call, accept=["Accepted"])
    stand.claim(answers.says, call=other.call, accept=["Occupied"])
    stand.claim(answers.says, call=none.call, accept=["Unavailable"])
