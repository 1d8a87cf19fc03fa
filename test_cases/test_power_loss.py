"""What outlives a loss of power: limits, settings, availability, grid-code settings, a session's end, its energy."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers, core_ocpp, der
from harness.judge.power import energy, off, setpoints
from test_cases.test_bi20_ocpp21 import SETTINGS
from test_cases.test_sc04_energy import FLOWS_S, tell_registers

WITHOUT_S = 5


@serves("OCPP-E06.P301", "OCPP-E06.P302", "OCPP-J02.P302", "OCPP-K01.P303", "OCPP-B05.P301")
async def test_a_session_that_loses_its_power(stand: Stand) -> None:
    """9 A for the station; a car charges, and the power goes and comes back; another session, and one without limit."""
    station, car, at = stand.station, stand.car, await stand.settings.rate_unit()
    setting = ("OCPPCommCtrlr", "OfflineThreshold")
    await tell_registers(stand, "Energy.Active.Import.Register")
    await stand.settings.pauses_are_no_end()
    report = await station.get_report([(setting[0],)])
    put = await stand.settings.change(*setting, "240")
    begin = stand.mark()
    await car.rests()
    limit = await station.set_charging_profile(limit=at(9), purpose="ChargingStationMaxProfile")
    with stand.claim.during(setpoints.never_above, "OCPP-K01.P303", limit=limit.call):
        async with stand.step("a car charges, and the power goes and comes back"):
            await car.charge(at_least="7 A")
            await car.until_the_session_is_told()
            mine = stand.session.id
            await stand.bench.meter.observe(for_s=FLOWS_S)
            await stand.power_lost(WITHOUT_S)
            got = await station.get_variables([setting])
            await stand.bench.meter.observe(for_s=2 * stand.limit_s("response") + 1)
            stand.claim(off.once_ended, "OCPP-E06.P302", since=begin, transaction=mine)
            await car.leave()
            await stand.quiet(within_s=5)
        async with stand.step("a session after it") as second:
            await stand.if_it_comes(car.charge(at_least="7 A"))
            await car.settles(at_most=at(9))
    async with stand.step("the control: without the limit the same car draws more"):
        await station.clear_charging_profile(purpose="ChargingStationMaxProfile")
        await stand.if_it_comes(car.draws(at_least="13 A"))
        stand.claim.control(setpoints.draws_at_least, "OCPP-K01.P303", value=13, unit="A")
    await car.leave()
    await stand.quiet(within_s=5)
    stand.claim.control(core_ocpp.transaction_ended, "OCPP-E06.P301", since=second)
    stand.claim(core_ocpp.transaction_in_sequence, "OCPP-E06.P301", since=begin)
    ended = {"eventType": "Ended", "transactionInfo": {"transactionId": mine}}
    stand.claim(answers.tells, "OCPP-E06.P301", since=begin, action="TransactionEvent", holds=ended)
    stand.claim(energy.register_agrees, "OCPP-J02.P302", since=begin, way="import")
    taken = {"setVariableResult": {"attributeStatus": "Accepted"}}
    stand.claim.control(answers.says, "OCPP-B05.P301", call=put.call, holds=taken)
    said, (component, variable) = report.answer.call, setting
    kept = told.kept, "OCPP-B05.P301"
    stand.claim(*kept, component=component, variable=variable, value="240", get=got.call, report=said)


@serves("OCPP-G03.P301")
async def test_out_of_service_outlives_a_loss_of_power(stand: Stand) -> None:
    """Taken out of service, the power goes and comes back: it is still out of service."""
    async with stand.step("out of service, and a loss of power"):
        down = await stand.settings.out_of_service()
        await stand.until_status("Unavailable", since=down.call)
        off = await stand.power_lost(WITHOUT_S)
    stand.claim.control(answers.says, call=down.call, accept=["Accepted"])
    evse, connector = stand.pixit.evse_id, stand.pixit.ac_connector
    stand.claim(told.out_of_service, since=off, evse_id=evse, connector_id=connector)


@serves("OCPP-R01.P301")
async def test_grid_code_settings_outlive_a_loss_of_power(stand: Stand) -> None:
    """A setting for always; the power goes and comes back: it is there, and can be cleared."""
    station, known = stand.station, await stand.settings.der_modes()
    kind = next((kind for kind in SETTINGS if kind in known), "FreqDroop")
    async with stand.step(f"{kind}, and a loss of power"):
        kept = await station.set_der_control(kind, {"priority": 5, **SETTINGS[kind]})
        identity = kept.sent["controlId"]
        await stand.power_lost(WITHOUT_S)
        get = await station.get_der_control(control_id=identity)
        clear = await station.clear_der_control(control_id=identity)
        gone = await station.get_der_control(control_id=identity)
    calls = get.answer.call, clear.call, gone.answer.call
    stand.claim(der.set_reported_cleared, set=kept.call, get=calls[0], clear=calls[1], gone=calls[2])
