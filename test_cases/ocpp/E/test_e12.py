"""E12: what happened in sessions while the backend was away, told afterwards."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import connectivity, told
from harness.judge.ocpp import answers
from harness.judge.power import setpoints


@serves("OCPP-E12.P001")
async def test_a_session_that_was_offline_as_a_whole_is_told(stand: Stand) -> None:
    """Where nobody has to prove who he is, a car comes, charges and goes while the network is away."""
    await stand.settings.quick_reconnect()
    leaving = await stand.settings.a_car_that_leaves_ends_it()
    free = await stand.settings.change("AuthCtrlr", "Enabled", "false")
    stand.claim.control(answers.says, call=free.call, holds={"setVariableResult": {"attributeStatus": "Accepted"}})
    async with stand.step("the network is cut; a car comes, charges and goes"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        await stand.bench.meter.observe(for_s=stand.limit_s("notice"))
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim.control(setpoints.draws_at_least, value=5, unit="A")
        await stand.car.unplug()
        await stand.bench.meter.observe(for_s=stand.limit_s("notice"))
    async with stand.step("the network returns"):
        restored = await stand.marked(stand.csms.network.restore())
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.until_the_end_is_told(since=restored)
        await stand.quiet(within_s=5)
    stand.claim(told.afterwards, cut=cut, restored=restored, leaving=leaving.call)


@serves("OCPP-E12.P002")
async def test_what_waits_to_be_told_outlives_a_restart(stand: Stand) -> None:
    """A reset waits for the session's end; the network goes, and the car; the charger restarts, and then tells."""
    await stand.settings.quick_reconnect()
    leaving = await stand.settings.a_car_that_leaves_ends_it()
    async with stand.step("a car charges, and a reset waits for its session"):
        await stand.car.charge(at_least="6 A")
        reset = await stand.station.reset("OnIdle")
        stand.claim.control(answers.says, call=reset.call, accept=["Scheduled"])
    async with stand.step("the network is cut; the car goes, and the charger restarts"):
        cut = await stand.marked(stand.csms.network.cut("reset"))
        await stand.bench.meter.observe(for_s=stand.limit_s("notice"))
        await stand.car.unplug()
        await stand.bench.meter.observe(for_s=stand.limit_s("offline_gap") + 4)
    async with stand.step("the network returns"):
        restored = await stand.marked(stand.csms.network.restore())
        await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
        await stand.until_the_end_is_told(since=restored)
        await stand.quiet(within_s=5)
    stand.claim(connectivity.offline_events_delivered, cut=cut, restored=restored, leaving=leaving.call)
