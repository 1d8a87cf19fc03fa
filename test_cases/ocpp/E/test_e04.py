"""E04: what is marked as offline, and what is not."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.outage import marked
from harness.trace import Event


async def _pauses(stand: Stand) -> None:
    """The car stops, and charges again, each for longer than a station takes to notice: a state that passes is none."""
    long_s = stand.limit_s("notice") + 2.5
    await stand.bench.meter.observe(for_s=long_s)
    await stand.car.stop_drawing()
    await stand.bench.meter.observe(for_s=long_s)
    await stand.bench.pilot.ready()
    await stand.if_it_comes(stand.car.draws(at_least="6 A"))
    await stand.bench.meter.observe(for_s=long_s)


@serves("OCPP-E04.P401")
async def test_events_are_marked_by_the_connection_of_their_time(stand: Stand) -> None:
    """A car charges, with pauses: connected, cut off, connected, cut off, and connected again."""
    online: list[tuple[int, int]] = []
    offline: list[tuple[int, int]] = []
    await stand.settings.quick_reconnect()
    await stand.settings.pauses_are_no_end()
    await stand.car.charge(at_least="6 A")
    for outage in (1, 2, 3):
        async with stand.step("connected") as here:
            await _pauses(stand)
        online.append((here.seq, stand.mark().seq))
        if outage == 3:
            break
        async with stand.step("cut off"):
            cut = await stand.marked(stand.csms.network.cut("reset"))
            await _pauses(stand)
            back: Event = await stand.marked(stand.csms.network.restore())
        offline.append((cut.seq, back.seq))
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.quiet(within_s=10)
    await stand.car.leave()
    await stand.quiet(within_s=5)
    stand.claim(marked.as_it_was, online=online, offline=offline)
