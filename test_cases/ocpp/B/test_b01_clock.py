"""B01 and G02: the clock that the backend's time sets."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import clock


async def _stamps(stand: Stand) -> None:
    """Out of service and back: the charger tells of it at once, with the time."""
    for state in ("Inoperative", "Operative"):
        await stand.if_it_comes(stand.station.change_availability(state, evse_id=stand.pixit.evse_id))
        await stand.quiet(within_s=5)


@serves("OCPP-B01.P110")
async def test_its_clock_is_the_backends(stand: Stand) -> None:
    """A restart, and a loss of the connection; then what it tells bears the backend's time."""
    station, boot_s = stand.station, stand.pixit.boot_s
    async with stand.step("a restart"):
        await stand.if_it_comes(stand.until_it_boots(await station.reset("Immediate")))
        await stand.if_it_comes(station.until_ready(within_s=boot_s))
        await stand.quiet(within_s=15)
    async with stand.step("what it tells after the restart") as started:
        await _stamps(stand)
        stand.claim(clock.agrees, since=started)
    async with stand.step("a loss of the connection"):
        await stand.csms.network.cut("reset")
        await stand.dwell("offline_gap", "it is offline")
        await stand.csms.network.restore()
        await stand.if_it_comes(station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.quiet(within_s=15)
    async with stand.step("what it tells after the loss") as back:
        await _stamps(stand)
        stand.claim(clock.agrees, since=back)


@serves("OCPP-G02.P401")
async def test_its_clock_follows_the_heartbeats(stand: Stand) -> None:
    """Heartbeats tell a time two minutes behind, and then the right one again; its boot was told the right one."""
    await stand.settings.takes_time_from_heartbeats()
    async with stand.step("what it tells by the right time") as began:
        await stand.until_it_asks_for_the_time()
        await _stamps(stand)
        stand.claim.control(clock.agrees, since=began)
    async with stand.step("a time two minutes behind") as behind, stand.csms.telling_time(behind_s=120):
        await stand.until_it_asks_for_the_time()
        await _stamps(stand)
    stand.claim(clock.follows, since=behind)
    async with stand.step("the right time again"):
        await stand.until_it_asks_for_the_time()
        await _stamps(stand)
