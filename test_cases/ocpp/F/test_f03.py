"""F03: stopping from afar."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers, core_ocpp
from harness.judge.power import off, setpoints


@serves("OCPP-F03.P001")
async def test_what_has_ended_cannot_be_stopped(stand: Stand) -> None:
    """The stop of a session that runs is accepted; that of the same one, when it has ended, is rejected."""
    station, identity = stand.station, stand.session.id
    async with stand.step("stop the session") as begin:
        good = await station.request_stop_transaction(identity)
        await stand.car.unplug()
        await stand.until_the_end_is_told(since=begin)
    async with stand.step("stop it once more"):
        again = await station.request_stop_transaction(identity)
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim(answers.says, call=again.call, accept=["Rejected"])


@serves("OCPP-F03.P002", "OCPP-F03.P003", "OCPP-G01.P102")
async def test_a_car_is_stopped_and_stays_and_starts_again(stand: Stand) -> None:
    """Stopped while the car still asks for energy; the plug stays in; started again; then the car goes."""
    pixit, watch_s = stand.pixit, stand.limit_s("response") + stand.limit_s("dwell") + 1
    async with stand.step("a car charges, and its session is stopped") as begin:
        await stand.car.charge(at_least="6 A")
        stop = await stand.station.request_stop_transaction()
        stand.claim.control(answers.says, call=stop.call, accept=["Accepted"])
        with stand.claim.during(off.power_goes, "OCPP-F03.P002", since=stop.call):
            await stand.bench.meter.observe(for_s=watch_s)
    async with stand.step("another start, with the plug still in"):
        start = await stand.car.start_again()
        stand.claim.control(answers.says, "OCPP-F03.P003", call=start.call, accept=["Accepted"])
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim(setpoints.draws_at_least, "OCPP-F03.P003", value=5, unit="A")
    async with stand.step("the car goes"):
        await stand.car.end_session()
        await stand.quiet(within_s=5)
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
        await stand.quiet(within_s=5)
    stand.claim(core_ocpp.transaction_in_sequence, "OCPP-F03.P003", since=begin)
    evse, connector = pixit.evse_id, pixit.ac_connector
    stand.claim(
        told.not_free_while_plugged, "OCPP-G01.P102", since=stop.call, out=gone, evse_id=evse, connector_id=connector
    )
