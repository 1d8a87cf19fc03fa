"""F02: starting from afar, before the car comes."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import apart
from harness.judge.ocpp import answers, core_ocpp


@serves("OCPP-F02.P001")
async def test_a_session_started_from_afar_stays_where_it_began(stand: Stand) -> None:
    """Started from afar, and then the car comes: the session is told of the EVSE that was asked for, and no other."""
    station, pixit = stand.station, stand.pixit
    async with stand.step("started from afar, then a car comes, and goes") as begin:
        await station.request_start_transaction(pixit.id_token, pixit.evse_id, token_type=pixit.id_token_type)
        await stand.quiet(within_s=3)
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        await stand.quiet(within_s=5)
        await station.trigger_message(
            "TransactionEvent", evse_id=pixit.evse_id
        )  # what it tells then, it tells of there
        await stand.quiet(within_s=3)
        await stand.car.leave()
        await stand.until_the_end_is_told(since=begin)
    stand.claim.control(core_ocpp.transaction_ended, since=begin)
    stand.claim(core_ocpp.transaction_in_sequence, since=begin)  # an event told of another EVSE is missing here
    there = {"evse": {"id": pixit.evse_id}}
    stand.claim(answers.tells, since=begin, action="TransactionEvent", where={"evse": {}}, holds=there)


@serves("OCPP-F02.P002")
async def test_each_session_is_told_of_its_own_driver(stand: Stand) -> None:
    """Three drivers one after the other; the second one's plug is new, the third one finds it in."""
    station, pixit, car, starts = stand.station, stand.pixit, stand.car, []
    last = pixit.id_token[-1]
    await stand.settings.change("AuthCtrlr", "Enabled", "true")  # where all may charge, no session has a driver
    others = [f"{pixit.id_token[:-1]}{digit}" for digit in "123" if digit != last]  # as long, and a UID where it is one
    for driver, stays in ((pixit.id_token, False), (others[0], True), (others[1], False)):
        async with stand.step("the next driver"):
            await car.plug_in()
            start = await station.request_start_transaction(driver, pixit.evse_id, token_type=pixit.id_token_type)
            stand.claim.control(answers.says, call=start.call, accept=["Accepted"])
            await stand.bench.pilot.ready()
            await stand.if_it_comes(car.draws(at_least="6 A"))
            await stand.bench.pilot.not_ready()
            await (car.end_session_in_place() if stays else car.leave())
            await stand.until_the_end_is_told(since=start.call)
            await stand.quiet(within_s=5)
        starts.append(start.call.seq)
    stand.claim(apart.own_driver, starts=starts)
