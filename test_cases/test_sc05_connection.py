"""SC-05: the charger is connected, comes back by itself, and tells afterwards what happened meanwhile."""

from harness.case import needs, takes, verifies
from harness.hands import (
    Bench,
    Car,
    Claims,
    Contract,
    Csms,
    Dwell,
    IfItComes,
    Marked,
    Quiet,
    Settings,
    Station,
    Steps,
)
from harness.judge import connectivity


@verifies("SC-05.4")
@needs(station="telecommunication")
@takes(1)
async def test_connects_by_its_own_means(station: Station, claim: Claims) -> None:
    """The charger reaches the backend with its own telecommunication."""
    await station.trigger_message("Heartbeat")  # one that booted before our time may have nothing to say for long
    claim(connectivity.connects)


@verifies("SC-05.1", "SC-05.2")
@needs(station="offline_transactions", bench="pilot meter")
@takes(2, offline_gaps=1)
async def test_comes_back_and_delivers_what_happened_offline(
    station: Station,
    csms: Csms,
    ev: Car,
    bench: Bench,
    step: Steps,
    claim: Claims,
    contract: Contract,
    settings: Settings,
    if_it_comes: IfItComes,
    marked: Marked,
    quiet: Quiet,
) -> None:
    """The network goes while a car charges; the car leaves; the charger comes back and tells of it."""
    await settings.quick_reconnect()
    await settings.change("TxCtrlr", "StopTxOnEVSideDisconnect", "true")  # else a car that leaves need not end it (E10)
    leaving = await station.get_variables([("TxCtrlr", "StopTxOnEVSideDisconnect")])
    async with step("a car charges"):
        await ev.charge(at_least="6 A")
    async with step("the network is cut, and the car leaves meanwhile"):
        cut = await marked(csms.network.cut("reset"), "bench.action")
        half_s = contract["connectivity.offline_gap"] / 2
        await bench.meter.observe(for_s=half_s)  # time enough to notice: what it tells then, it tells offline
        await ev.unplug()
        await bench.meter.observe(for_s=half_s)
    async with step("the network returns"):
        restored = await marked(csms.network.restore(), "bench.action")
        await if_it_comes(station.until_connected(within_s=contract["connectivity.reconnect_time"] + 1))
        await if_it_comes(
            station.expect(
                "TransactionEvent", where=lambda m: m.payload.get("eventType") == "Ended", since=restored, within_s=15
            )
        )
        await quiet(within_s=5)  # the end need not be the last to come
    claim(connectivity.reconnects, "SC-05.1", cut=cut, restored=restored)
    claim(connectivity.offline_events_delivered, "SC-05.2", cut=cut, restored=restored, leaving=leaving.call)


@verifies("SC-05.1")
@needs(without="pilot")
@takes(3, offline_gaps=1)
async def test_comes_back_after_a_loss(
    station: Station,
    csms: Csms,
    step: Steps,
    claim: Claims,
    contract: Contract,
    settings: Settings,
    if_it_comes: IfItComes,
    marked: Marked,
    dwell: Dwell,
) -> None:
    """The network goes for a while, with no car there; the charger comes back by itself."""
    await settings.quick_reconnect()
    async with step("the network is cut"):
        cut = await marked(csms.network.cut("reset"), "bench.action")
        await dwell(contract["connectivity.offline_gap"], "the network stays away")
    async with step("the network returns"):
        restored = await marked(csms.network.restore(), "bench.action")
        await if_it_comes(station.until_connected(within_s=contract["connectivity.reconnect_time"] + 1))
    claim(connectivity.reconnects, cut=cut, restored=restored)
