"""F05: unlocking from afar."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-F05.P001")
async def test_a_connector_in_use_is_not_unlocked(stand: Stand) -> None:
    """While a car charges, its connector is not unlocked from afar; when it has gone, nothing runs that forbids it."""
    station, at = stand.station, (stand.pixit.evse_id, stand.pixit.ac_connector)
    async with stand.step("unlock while a car charges"):
        locked = await station.unlock_connector(*at)
    async with stand.step("unlock when it has gone"):
        await stand.car.leave()
        free = await station.unlock_connector(*at)
    stand.claim(answers.says, call=locked.call, accept=["OngoingAuthorizedTransaction"])
    stand.claim.control(answers.says, call=free.call, accept=["Unlocked", "UnlockFailed"])
