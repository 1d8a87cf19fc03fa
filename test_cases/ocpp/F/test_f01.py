"""F01: starting from afar, with a limit for the session."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import setpoints
from harness.trace import OcppMessage
from test_cases.ocpp._asked import REFUSED

WAITS_S = 45  # as long as a driver may look for his card


@serves("OCPP-F01.P101", "OCPP-F01.P102")
async def test_the_limit_that_comes_with_a_start_binds_its_session(stand: Stand) -> None:
    """9 A with the start itself, of either kind; without it the car draws more. What is no such limit is refused."""
    car, at = stand.car, await stand.settings.rate_unit()
    for kind in ("Relative", "Absolute"):
        async with stand.step(f"a start with 9 A, {kind}"):
            await car.rests()
            start = await car.start_with(limit=at(9), kind=kind)
            stand.claim(answers.says, "OCPP-F01.P101", call=start.call, accept=["Accepted"])
            stand.claim.control(answers.says, "OCPP-F01.P102", call=start.call, accept=["Accepted"])
            if not start.accepted:  # what it refused, it need not follow
                await car.leave()
                continue
            with stand.claim.during(setpoints.never_above, "OCPP-F01.P101", limit=start.call, group=kind):
                await stand.if_it_comes(car.draws(at_least="7 A"))
                await car.settles(at_most=at(9))
        async with stand.step("the control: without it the same car draws more"):
            await stand.station.clear_charging_profile(purpose="TxProfile")
            await stand.if_it_comes(car.draws(at_least="13 A"))
            stand.claim.control(setpoints.draws_at_least, "OCPP-F01.P101", value=13, unit="A", group=kind)
            await car.leave()
    async with stand.step("a start with a limit that is for the whole station"):
        bad = await car.start_with(limit=at(9), purpose="ChargingStationMaxProfile")
        stand.claim(answers.says, "OCPP-F01.P102", call=bad.call, accept=["Rejected"])
        await car.leave()


@serves("OCPP-F01.P110", "OCPP-F01.P111", "OCPP-F01.P112")
async def test_a_start_where_none_can_be_is_refused(stand: Stand) -> None:
    """At an EVSE that there is not, at one out of service, and at one where a driver charges; in between it starts."""
    station, pixit = stand.station, stand.pixit
    start = partial(station.request_start_transaction, pixit.id_token, token_type=pixit.id_token_type)
    async with stand.step("where there is no EVSE, and where it is out of service"):
        nowhere = await start(evse_id=98)
        down = await stand.settings.out_of_service()
        await stand.until_status("Unavailable", since=down.call)
        closed = await start(evse_id=pixit.evse_id)
        up = await station.change_availability("Operative", pixit.evse_id)
        await stand.until_status("Available", since=up.call)
    async with stand.step("where a car comes and charges, and then once more there") as begin:
        good = await start(evse_id=pixit.evse_id)
        await stand.car.plug_in()
        await stand.bench.pilot.ready()
        charges = await stand.if_it_comes(station.expect("TransactionEvent", _charges, since=begin, within_s=15))
        busy = await start(evse_id=pixit.evse_id)
        await stand.car.leave()
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim.control(answers.says, "OCPP-F01.P111", call=down.call, accept=["Accepted"])
    stand.claim(answers.says, "OCPP-F01.P110", call=nowhere.call, accept=list(REFUSED))
    stand.claim(answers.says, "OCPP-F01.P111", call=closed.call, accept=["Rejected"])
    if charges is not None:
        stand.claim(answers.says, "OCPP-F01.P112", call=busy.call, accept=["Rejected"])


@serves("OCPP-F01.P113")
async def test_a_start_at_a_reserved_place_is_refused(stand: Stand) -> None:
    """Reserved for one driver, who comes; reserved for the same again: another asks, and one of another group."""
    station, pixit = stand.station, stand.pixit
    start = partial(station.request_start_transaction, token_type=pixit.id_token_type, evse_id=pixit.evse_id)
    other = {"idToken": {"idToken": "CHARGEPROOF-TWO", "type": pixit.id_token_type}, "evseId": pixit.evse_id}
    group = {"groupIdToken": {"idToken": "CHARGEPROOF-GROUP", "type": pixit.id_token_type}}
    async with stand.step("reserve, and start for the driver that it is reserved for"):
        await stand.settings.reserve(7041, pixit.id_token)
        good = await start(pixit.id_token)
        await stand.car.plug_in()
        gone = stand.mark()
        await stand.car.leave()
        await station.cancel_reservation(7041)
        await stand.until_status("Available", since=gone)
    async with stand.step("reserve again, and start for others") as begin:
        held = await stand.settings.reserve(7042, pixit.id_token)
        await stand.until_status("Reserved", since=begin)
        for number, more in ((7043, {}), (7044, group)):
            answer = await station.call("RequestStartTransaction", {"remoteStartId": number, **other, **more})
            stand.claim(answers.says, call=answer.call, accept=["Rejected"])
            if answer.accepted:  # somebody who is let in keeps the next one away
                await stand.car.plug_in()
                await stand.car.leave()
                break
    stand.claim.control(answers.says, call=good.call, accept=["Accepted"])
    stand.claim.control(answers.says, call=held.call, accept=["Accepted"])


@serves("OCPP-F01.P120")
async def test_a_start_charges_a_car_that_has_waited(stand: Stand) -> None:
    """The plug is in for long before anybody starts; then there is a start, and the car charges."""
    async with stand.step("a car is plugged in, and waits"):
        await stand.car.plug_in()
        await stand.until_after(stand.mark(), WAITS_S, "nobody starts anything")
    async with stand.step("a start, and the car is ready"):
        await stand.car.authorise()
        await stand.bench.pilot.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim(setpoints.draws_at_least, value=5, unit="A")


def _charges(message: OcppMessage) -> bool:
    about = message.payload.get("transactionInfo")
    return isinstance(about, dict) and about.get("chargingState") == "Charging"
