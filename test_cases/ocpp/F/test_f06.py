"""F06: triggering messages."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-F06.P001")
async def test_an_accepted_station_does_not_announce_itself_again(stand: Stand) -> None:
    """Once accepted, it refuses to send BootNotification, though it sends something else that it is asked for."""
    async with stand.step("ask for another message, and for BootNotification"):
        other = await stand.station.trigger_message("Heartbeat")
        if not other.accepted:  # which of them it sends is up to the station (F06.FR.05, F06.FR.08)
            other = await stand.station.trigger_message("StatusNotification", stand.pixit.evse_id, connector_id=1)
        boot = await stand.station.trigger_message("BootNotification")
        await stand.quiet(within_s=3)
    stand.claim.control(answers.says, call=other.call, accept=["Accepted"])
    stand.claim(answers.says, call=boot.call, accept=["Rejected"])
