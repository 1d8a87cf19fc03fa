"""F06: triggering messages."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers


@serves("OCPP-F06.P001")
async def test_an_accepted_station_does_not_announce_itself_again(stand: Stand) -> None:
    """Once accepted, it refuses to send BootNotification; it may refuse another message too (F06.FR.05, F06.FR.08)."""
    async with stand.step("ask for a Heartbeat, and for BootNotification"):
        other = await stand.station.trigger_message("Heartbeat")
        boot = await stand.station.trigger_message("BootNotification")
        await stand.quiet(within_s=3)
    stand.claim.control(answers.says, call=other.call, accept=["Accepted", "Rejected", "NotImplemented"])
    stand.claim(answers.says, call=boot.call, accept=["Rejected"])
