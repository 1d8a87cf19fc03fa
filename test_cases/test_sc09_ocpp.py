"""SC-09: OCPP 2.0.1 with the modules Core, Advanced Security, Smart Charging and ISO 15118 support."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import security
from harness.judge.ocpp import core_ocpp, timing
from harness.judge.power import composite
from harness.trace import OcppMessage

# what every station has to have in its device model (Part 2 Appendices, dm_components_vars, of 2.0.1 and of 2.1)
REQUIRED = {
    "AlignedDataCtrlr": "Interval Measurands TxEndedInterval TxEndedMeasurands",
    "AuthCtrlr": "AuthorizeRemoteStart LocalAuthorizeOffline LocalPreAuthorize",
    "ChargingStation": "AvailabilityState Available SupplyPhases",
    "ClockCtrlr": "DateTime TimeSource",
    "Connector": "Available ConnectorType SupplyPhases",
    "DeviceDataCtrlr": "BytesPerMessage ItemsPerMessage",
    "EVSE": "AvailabilityState Available Power SupplyPhases",
    "OCPPCommCtrlr": "FileTransferProtocols MessageAttemptInterval MessageAttempts MessageTimeout OfflineThreshold "
    "NetworkConfigurationPriority NetworkProfileConnectionAttempts ResetRetries UnlockOnEVSideDisconnect",
    "SampledDataCtrlr": "TxEndedInterval TxEndedMeasurands TxStartedMeasurands TxUpdatedInterval TxUpdatedMeasurands",
    "SecurityCtrlr": "CertificateEntries OrganizationName SecurityProfile",
    "TxCtrlr": "EVConnectionTimeOut StopTxOnEVSideDisconnect StopTxOnInvalidId TxStartPoint TxStopPoint",
}


@serves("OCPP-B01.P002", "OCPP-G01.P001")
async def test_boots_in_order_after_a_reset(stand: Stand) -> None:
    """After a reset the charger announces itself, waits to be accepted, then tells the status of its connectors."""
    station, evse, boot_s = stand.station, stand.pixit.evse_id, stand.pixit.boot_s
    pending_s = round(stand.limit_s("pending"))
    words = "reset; the backend takes a second to answer, has the charger wait, and then accepts it"
    async with stand.step(words) as begin:
        async with stand.csms.accepting_later(pending_s=pending_s, by_s=1.0):
            await stand.if_it_comes(stand.until_it_boots(await station.reset("Immediate")))
            await stand.until_accepted(pending_s)
        await stand.until_status("Available", since=begin)
        await stand.quiet(within_s=5)
    stand.claim(core_ocpp.boots_in_order, "OCPP-B01.P002", since=begin, reasons=["RemoteReset"], boot_s=boot_s)
    told = core_ocpp.reports_status_once_accepted
    stand.claim(told, "OCPP-G01.P001", states=["Available"], evse_id=evse, since=begin)


@serves("OCPP-G02.P101")
async def test_keeps_to_the_heartbeat_interval_that_it_is_given(stand: Stand) -> None:
    """A restarted charger is given another heartbeat interval, and uses it."""
    every_s, boot_s = round(stand.limit_s("heartbeat")), stand.pixit.boot_s
    await stand.settings.keep("OCPPCommCtrlr", "HeartbeatInterval")
    async with stand.step(f"reset, and a heartbeat each {every_s} s") as begin, stand.csms.heartbeats_each(every_s):
        await stand.if_it_comes(stand.until_it_boots(await stand.station.reset("Immediate")))
        await stand.if_it_comes(stand.station.until_ready(within_s=boot_s))
        watched_s = 3 * every_s + 2 * stand.limit_s("heartbeat_delay")
        await stand.until_after(stand.mark(), watched_s, "heartbeats come")
    stand.claim(core_ocpp.keeps_the_heartbeat_interval, since=begin)


@serves("OCPP-G01.P002", "OCPP-E01.P001", "OCPP-E01.P002")
async def test_a_session_is_told_from_plug_to_unplug(stand: Stand) -> None:
    """Status and transaction messages of a charging session are complete and in order."""
    station = stand.station
    stop = await station.get_variables([("TxCtrlr", "TxStopPoint")])
    async with stand.step("a car comes, charges, and goes") as begin:
        await stand.car.charge(at_least="6 A")
        told = station.expect("TransactionEvent", _charges, since=begin, within_s=15)  # some look twice
        await stand.if_it_comes(told)
        for message in ("MeterValues", "TransactionEvent"):  # what is asked for in between has a number of its own
            asked = await station.trigger_message(message, evse_id=stand.pixit.evse_id)
            if asked.payload.get("status") == "Accepted":
                await stand.if_it_comes(station.expect(message, since=asked.call, within_s=3))
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
        await stand.quiet(within_s=5)
    stand.claim(core_ocpp.transaction_in_sequence, "OCPP-E01.P001", since=begin, stop=stop.call)
    stand.claim(core_ocpp.told_that_it_charges, "OCPP-E01.P002", since=begin)
    states, evse = ["Occupied", "Available"], stand.pixit.evse_id
    stand.claim(core_ocpp.reports_status, "OCPP-G01.P002", states=states, evse_id=evse, since=begin)


@serves("OCPP-E01.P003")
async def test_a_remote_session_is_told_from_start_to_stop(stand: Stand) -> None:
    """Without a car to plug in: if the backend can start a session all the same, its messages are complete."""
    station, pixit = stand.station, stand.pixit
    async with stand.step("the backend starts a session and stops it") as begin:
        await station.request_start_transaction(pixit.id_token, pixit.evse_id, token_type=pixit.id_token_type)
        if await stand.if_it_comes(station.expect("TransactionEvent", since=begin, within_s=10)):
            await stand.quiet(within_s=3)
            if station.transaction is not None:
                await station.request_stop_transaction()
            await stand.until_the_end_is_told(since=begin, within_s=10)
        await stand.quiet(within_s=3)
    stand.claim.control(core_ocpp.transaction_ended, since=begin)
    stand.claim(core_ocpp.transaction_in_sequence, since=begin)


def _charges(message: OcppMessage) -> bool:
    about = message.payload.get("transactionInfo")
    return isinstance(about, dict) and about.get("chargingState") == "Charging"


@serves("OCPP-B05.P001", "OCPP-B05.P002", "OCPP-B06.P001", "OCPP-B07.P002")
async def test_settings_are_read_changed_and_reported(stand: Stand) -> None:
    """A setting can be changed and reads back; an unfit or unknown one is refused; the full report is complete."""
    component, variable = "OCPPCommCtrlr", "OfflineThreshold"
    async with stand.step("ask for everything"):
        report = await stand.station.get_base_report("FullInventory")
        wanted = [f"{component}.{variable}" for component, names in REQUIRED.items() for variable in names.split()]
        stand.claim(core_ocpp.full_report, "OCPP-B07.P002", call=report.answer.call, holds=wanted)
    async with stand.step("ask for a setting, and for one that does not exist"):
        known = await stand.station.get_variables([(component, variable)])
        unknown = await stand.station.get_variables([("NoSuchComponentCtrlr", "NoSuchVariable")])
        stand.claim.control(core_ocpp.known_variable_told, "OCPP-B06.P001", get=known.call, group="name")
        stand.claim(core_ocpp.unknown_variable_refused, "OCPP-B06.P001", get=unknown.call, group="name")
    async with stand.step("change a setting and read it back"):
        fit = await stand.settings.change(component, variable, "240")
        known = await stand.station.get_variables([(component, variable)])
        stand.claim(core_ocpp.variable_set_and_read_back, "OCPP-B05.P001", set=fit.call, get=known.call)
    async with stand.step("give it a value that does not fit"):
        unfit = await stand.station.set_variables([((component, variable), "soon")])
        stand.claim.control(core_ocpp.fitting_value_taken, "OCPP-B05.P002", set=fit.call, group="value")
        stand.claim(core_ocpp.unfit_value_refused, "OCPP-B05.P002", set=unfit.call, group="value")


@serves("OCPP-K08.P002")
async def test_composite_schedule_equals_our_own_calculation(stand: Stand) -> None:
    """The schedule the charger says it follows is what its profiles together allow."""
    station, pixit = stand.station, stand.pixit
    at = await stand.settings.rate_unit()
    async with stand.step("limits from two sources, one of them a schedule in steps"):
        await station.set_charging_profile(periods=[(0, at(20))], purpose="ChargingStationMaxProfile")
        # schedules begin a minute in the past: 18 for a minute (the upper level), then 16, then 20 (the station's)
        steps = [(0, at(24)), (60, at(12)), (120, at(16)), (180, at(24))]
        await station.set_charging_profile(periods=steps, stack_level=0)
        await station.set_charging_profile(periods=[(0, at(18))], stack_level=1, duration_s=120)
    async with stand.step("ask for the composite schedule"):
        answer = await station.get_composite_schedule(180, evse_id=pixit.evse_id, unit=at.name)
        stand.claim(timing.answered, call=answer.call, group="answered")
        stand.claim.control(composite.more_than_one_source, call=answer.call)
        stand.claim(
            composite.equals_own_calculation,
            call=answer.call,
            phases=pixit.phases,
            nominal_v=pixit.nominal_v,
            rated_a=pixit.rated_current_a,
        )


@serves("OCPP-A00.P001")
async def test_uses_the_highest_security_profile(stand: Stand) -> None:
    """The connection is TLS with certificates on both sides."""
    stand.claim(security.highest_profile)


@serves("OCPP-P4.P003")
async def test_everything_it_sent_is_valid_ocpp(stand: Stand) -> None:
    """Every message of this campaign so far is valid in form and content."""
    station, pixit = stand.station, stand.pixit
    async with stand.step("ask it to speak once more"):
        await station.trigger_message("Heartbeat")
        await station.trigger_message("StatusNotification", evse_id=pixit.evse_id, connector_id=pixit.ac_connector)
        await station.trigger_message("MeterValues", evse_id=pixit.evse_id)
        await stand.quiet(within_s=3)
    stand.claim(core_ocpp.every_frame_valid)
