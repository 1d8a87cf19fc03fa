"""E01: what a session is told to be doing."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers, core_ocpp
from harness.trace import Event, OcppMessage

_RESTS = ["SuspendedEV", "SuspendedEVSE", "EVConnected", "Idle"]


@serves("OCPP-E01.P004", "OCPP-E01.P005")
async def test_a_pause_is_told_as_what_it_is(stand: Stand) -> None:
    """The car rests; it charges again; then the backend takes the power away from a car that is ready."""
    station = stand.station
    await stand.settings.pauses_are_no_end()

    async def until_told(*states: str, since: Event) -> None:
        wanted = station.expect("TransactionEvent", lambda m: _state(m) in states, since=since, within_s=15)
        await stand.if_it_comes(wanted)

    async with stand.step("a car charges") as begin:
        await stand.car.charge(at_least="6 A")
        await until_told("Charging", since=begin)
        stand.claim.control(core_ocpp.told_that_it_charges, since=begin)
    async with stand.step("it rests") as rests:
        await stand.car.stop_drawing()
        await until_told(*_RESTS, since=rests)
        stand.claim(told.state, "OCPP-E01.P004", since=rests, fits=_RESTS, wrong=["Charging"])
    async with stand.step("it charges again, and the backend takes the power away"):
        await stand.bench.pilot.ready()
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        zero = await station.set_charging_profile(limit=(await stand.settings.rate_unit())(0))
        stand.claim.control(answers.says, "OCPP-E01.P005", call=zero.call, accept=["Accepted"])
        await until_told("SuspendedEVSE", since=zero.call)
        wrong = ["Charging", "SuspendedEV", "Idle"]
        stand.claim(told.state, "OCPP-E01.P005", since=zero.call, fits=["SuspendedEVSE"], wrong=wrong)


def _state(message: OcppMessage) -> str:
    about = message.payload.get("transactionInfo")
    return str(about.get("chargingState")) if isinstance(about, dict) else ""
