"""SC-05: the charger is connected, comes back by itself, and tells afterwards what happened meanwhile."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import connectivity
from harness.judge.ocpp import core_ocpp
from harness.judge.outage import kept_up
from harness.trace import Event


@serves("OCPP-B01.P001")
async def test_connects_by_its_own_means(stand: Stand) -> None:
    """The charger reaches the backend with its own telecommunication."""
    await stand.connected()
    # one that booted before our time may have nothing to say for long, unless it is asked
    await stand.if_it_comes(stand.station.trigger_message("Heartbeat"))
    stand.claim(connectivity.connects)


@serves("OCPP-P4.P001", "OCPP-E04.P001")
async def test_comes_back_and_delivers_what_happened_offline(stand: Stand) -> None:
    """The network goes while a car charges; the car leaves; the charger comes back and tells of it."""
    await stand.settings.quick_reconnect()
    leaving = await stand.settings.a_car_that_leaves_ends_it()
    async with stand.step("a car charges"):
        await stand.car.charge(at_least="6 A")
    async with stand.step("the network is cut, and the car leaves meanwhile"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        half_s = stand.limit_s("offline_gap") / 2
        await stand.bench.meter.observe(for_s=half_s)  # time enough to notice: what it tells then, it tells offline
        await stand.car.unplug()
        await stand.bench.meter.observe(for_s=half_s)
    async with stand.step("the network returns"):
        restored = await stand.marked(stand.csms.network.restore())
        with stand.claim.during(connectivity.reconnects, "OCPP-P4.P001", cut=cut, restored=restored):
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.until_the_end_is_told(since=restored)
        await stand.quiet(within_s=5)  # the end need not be the last to come
    stand.claim(
        connectivity.offline_events_delivered, "OCPP-E04.P001", cut=cut, restored=restored, leaving=leaving.call
    )


@serves("OCPP-E04.P101")
async def test_many_events_of_an_outage_are_told_afterwards(stand: Stand) -> None:
    """The network goes; the car stops and starts again and again, and leaves; all of it is told in the end."""
    await stand.settings.quick_reconnect()
    await stand.settings.pauses_are_no_end()
    leaving, events = await stand.settings.a_car_that_leaves_ends_it(), round(stand.limit_s("offline_events"))
    await stand.car.charge(at_least="6 A")
    async with stand.step("the network is cut, and the car stops and starts"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        await stand.bench.meter.observe(for_s=stand.limit_s("notice"))
        for _ in range(events // 2 + 1):
            await stand.car.stop_drawing()
            await stand.bench.meter.observe(for_s=stand.limit_s("notice"))  # a state that passes at once is none
            await stand.bench.pilot.ready()
            await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        await stand.car.unplug()
        await stand.bench.meter.observe(for_s=1.0)
    async with stand.step("the network returns"):
        restored = await stand.marked(stand.csms.network.restore())
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.until_the_end_is_told(since=restored)
        await stand.quiet(within_s=5)
    stand.claim(connectivity.offline_events_delivered, cut=cut, restored=restored, leaving=leaving.call, many=True)


@serves("OCPP-E04.P102")
async def test_a_session_goes_on_over_an_outage(stand: Stand) -> None:
    """The network goes while a car charges, and returns; the car charges on, and then leaves."""
    await stand.settings.quick_reconnect()
    stop = await stand.station.get_variables([("TxCtrlr", "TxStopPoint")])
    async with stand.step("a car charges; the network is cut, and returns") as begin:
        await stand.car.charge(at_least="6 A")
        await stand.csms.network.cut("reset")
        await stand.bench.meter.observe(for_s=stand.limit_s("offline_gap"))
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.quiet(within_s=5)
    async with stand.step("the car leaves"):
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
        await stand.quiet(within_s=5)
    stand.claim(core_ocpp.transaction_in_sequence, since=begin, stop=stop.call)


@serves("OCPP-P4.P102")
async def test_tries_again_and_again(stand: Stand) -> None:
    """Our backend turns the charger away for a while; it keeps trying, and never waits longer than its settings say."""
    await stand.settings.quick_reconnect()
    waits = await stand.settings.back_off()
    async with stand.step("the backend turns everybody away"):
        cut = await stand.marked(stand.csms.network.cut("busy"))
        await stand.dwell("long_gap", "the backend is under repair")
    async with stand.step("the backend is there again"):
        await stand.csms.network.restore()
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
    stand.claim(connectivity.keeps_trying, since=cut, settings=waits.call)


@serves("OCPP-P4.P002")
async def test_comes_back_after_a_loss(stand: Stand) -> None:
    """The network goes for a while, with no car there; the charger comes back by itself."""
    await stand.settings.quick_reconnect()
    async with stand.step("the network is cut"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        await stand.dwell("offline_gap", "the network stays away")
    async with stand.step("the network returns"):
        restored = await stand.marked(stand.csms.network.restore())
        with stand.claim.during(connectivity.reconnects, cut=cut, restored=restored):
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))


@serves("OCPP-P4.P101")
async def test_comes_back_after_a_polite_close(stand: Stand) -> None:
    """Our backend closes the connection in good order, as it does for maintenance; the charger comes back by itself."""
    await stand.settings.quick_reconnect()
    async with stand.step("the backend says goodbye") as cut:
        closed = await stand.marked(stand.csms.disconnect(stand.pixit.identity, "maintenance"), "ocpp.connection")
        with stand.claim.during(connectivity.reconnects, cut=cut, restored=closed):
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))


@serves("OCPP-P4.P103")
async def test_comes_back_after_a_close_with_each_code(stand: Stand) -> None:
    """Our backend closes the connection, each time with another code; each time the charger comes back by itself."""
    await stand.settings.quick_reconnect()
    for code in (1000, 1001, 1008, 1011, 1012, 1013):
        async with stand.step(f"the backend closes with {code}") as cut:
            closing = stand.csms.disconnect(stand.pixit.identity, "asked to reconnect", code)
            closed = await stand.marked(closing, "ocpp.connection")
            with stand.claim.during(connectivity.reconnects, group=str(code), cut=cut, restored=closed):
                await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        if not stand.station.connected:
            return  # it stays away: there is nothing left to close
        await stand.quiet(within_s=3)


@serves("OCPP-P4.P104")
async def test_notices_that_nobody_answers(stand: Stand) -> None:
    """The connection dies, and nothing is closed; the charger pings each second, and connects anew."""
    await stand.settings.quick_reconnect()
    every = await stand.settings.change("OCPPCommCtrlr", "WebSocketPingInterval", "1")
    stand.claim.control(core_ocpp.fitting_value_taken, set=every.call)
    await stand.settings.into_force(every)
    await stand.quiet(within_s=5)
    async with stand.step("the line goes dead; whoever comes anew is answered"):
        cut = await stand.marked(stand.csms.network.cut("blackhole"))
        restored = await stand.marked(stand.csms.network.restore("leave"))
        with stand.claim.during(connectivity.notices_silence, cut=cut, restored=restored):
            back = stand.csms.until_event(_opened, "a new connection", stand.limit_s("reconnect") + 1, restored.seq)
            await stand.if_it_comes(back)


def _opened(event: Event) -> bool:
    return event.kind == "ocpp.connection" and event.data.get("state") == "open"


@serves("OCPP-P4.P105")
async def test_waits_for_a_slow_backend(stand: Stand) -> None:
    """Our backend takes its time with every answer, less than the charger's MessageTimeout; it keeps its line."""
    setting = ("OCPPCommCtrlr", "MessageTimeout[Default]")
    await stand.settings.change(*setting, "30")
    patience = await stand.settings.read(*setting) or ""
    if not patience.isdecimal() or int(patience) < 2:
        return  # it does not say how long it waits, or so short a time that no answer is late and in time
    slow_s, late = min(10, int(patience) // 2), stand.csms.answering_late
    async with late("StatusNotification", slow_s), late("NotifyEvent", slow_s), late("TransactionEvent", slow_s):
        async with stand.step("a car comes, and our backend is slow") as begin:
            await stand.car.plug_in()
            await stand.until_after(begin, 2 * slow_s, "it waits for our answers")
        stand.claim(kept_up.line_stays, since=begin)
