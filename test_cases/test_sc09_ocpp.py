"""SC-09: OCPP 2.0.1 with the modules Core, Advanced Security, Smart Charging and ISO 15118 support."""

from harness.case import needs, takes, verifies
from harness.hands import Car, Claims, Contract, Csms, IfItComes, Pixit, Quiet, Settings, Station, Steps, UntilStatus
from harness.judge import composite, core_ocpp, security, timing
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


@verifies("SC-09.1", "SC-09.2")
@needs(ocpp="2.0.1")
@takes(4, pendings=1)
async def test_boots_in_order_after_a_reset(
    station: Station,
    csms: Csms,
    step: Steps,
    claim: Claims,
    pixit: Pixit,
    contract: Contract,
    until_status: UntilStatus,
    quiet: Quiet,
    if_it_comes: IfItComes,
) -> None:
    """After a reset the charger announces itself, waits to be accepted, then tells the status of its connectors."""
    pending_s = round(contract["boot.pending_interval"])
    async with step("reset; the backend takes a second to answer, has the charger wait, and then accepts it") as begin:
        async with csms.accepting_later(pending_s=pending_s, by_s=1.0):
            await station.reset("Immediate")
            await if_it_comes(station.expect("BootNotification", within_s=pixit.boot_s, since=begin))
            await if_it_comes(station.until_ready(within_s=pending_s + pixit.boot_s))
        await until_status("Available", since=begin)
        await quiet(within_s=5)
    claim(core_ocpp.boots_in_order, "SC-09.1", since=begin, reasons=["RemoteReset"], boot_s=pixit.boot_s)
    claim(core_ocpp.reports_status, "SC-09.2", states=["Available"], evse_id=pixit.evse_id, since=begin)


@verifies("SC-09.2", "SC-09.3")
@needs(ocpp="2.0.1", bench="pilot meter")
@takes(3)
async def test_a_session_is_told_from_plug_to_unplug(
    station: Station,
    ev: Car,
    step: Steps,
    claim: Claims,
    pixit: Pixit,
    until_status: UntilStatus,
    quiet: Quiet,
    if_it_comes: IfItComes,
) -> None:
    """Status and transaction messages of a charging session are complete and in order."""
    stop = await station.get_variables([("TxCtrlr", "TxStopPoint")])
    async with step("a car comes, charges, and goes") as begin:
        await ev.charge(at_least="6 A")
        await if_it_comes(station.expect("TransactionEvent", _charges, since=begin, within_s=15))  # some look twice
        gone = step.mark()
        await ev.leave()
        await until_status("Available", since=gone)
        await quiet(within_s=5)
    claim(core_ocpp.transaction_in_sequence, "SC-09.3", since=begin, stop=stop.call)
    claim(core_ocpp.told_that_it_charges, "SC-09.3", since=begin)
    states = ["Occupied", "Available"]
    claim(core_ocpp.reports_status, "SC-09.2", states=states, evse_id=pixit.evse_id, since=begin)


@verifies("SC-09.3")
@needs(ocpp="2.0.1", without="pilot")
@takes(5)
async def test_a_remote_session_is_told_from_start_to_stop(
    station: Station, step: Steps, claim: Claims, pixit: Pixit, if_it_comes: IfItComes, quiet: Quiet
) -> None:
    """Without a car to plug in: if the backend can start a session all the same, its messages are complete."""
    async with step("the backend starts a session and stops it") as begin:
        await station.request_start_transaction(pixit.id_token, pixit.evse_id, token_type=pixit.id_token_type)
        if await if_it_comes(station.expect("TransactionEvent", since=begin, within_s=10)):
            await quiet(within_s=3)
            if station.transaction is not None:
                await station.request_stop_transaction()
            ended = station.expect("TransactionEvent", _ends, since=begin, within_s=10)
            await if_it_comes(ended)
        await quiet(within_s=3)
    claim.control(core_ocpp.transaction_ended, since=begin)
    claim(core_ocpp.transaction_in_sequence, since=begin)


def _charges(message: OcppMessage) -> bool:
    about = message.payload.get("transactionInfo")
    return isinstance(about, dict) and about.get("chargingState") == "Charging"


def _ends(message: OcppMessage) -> bool:
    return bool(message.payload.get("eventType") == "Ended")


@verifies("SC-09.4")
@needs(ocpp="2.0.1", station="device_model")
@takes(2)
async def test_settings_are_read_changed_and_reported(
    station: Station, step: Steps, claim: Claims, settings: Settings
) -> None:
    """A setting can be changed and reads back; an unfit or unknown one is refused; the full report is complete."""
    component, variable = "OCPPCommCtrlr", "OfflineThreshold"
    async with step("change a setting and read it back"):
        set_ = await settings.change(component, variable, "240")
        get = await station.get_variables([(component, variable)])
        claim(core_ocpp.variable_set_and_read_back, set=set_.call, get=get.call)
    async with step("give it a value that does not fit"):
        unfit = await station.set_variables([((component, variable), "soon")])
        claim(core_ocpp.unfit_value_refused, set=unfit.call)
    async with step("ask for a setting that does not exist"):
        unknown = await station.get_variables([("NoSuchComponentCtrlr", "NoSuchVariable")])
        claim(core_ocpp.unknown_variable_refused, get=unknown.call)
    async with step("ask for everything"):
        report = await station.get_base_report("FullInventory")
        wanted = [f"{component}.{variable}" for component, names in REQUIRED.items() for variable in names.split()]
        claim(core_ocpp.full_report, call=report.answer.call, holds=wanted)


@verifies("SC-09.5")
@needs(ocpp="2.0.1", station="smart_charging")
@takes(2)
async def test_composite_schedule_equals_our_own_calculation(
    station: Station, step: Steps, claim: Claims, pixit: Pixit, settings: Settings
) -> None:
    """The schedule the charger says it follows is what its profiles together allow."""
    at = await settings.rate_unit()
    async with step("limits from two sources, one of them a schedule in steps"):
        await station.set_charging_profile(periods=[(0, at(20))], purpose="ChargingStationMaxProfile")
        # schedules begin a minute in the past: 18 for a minute (the upper level), then 16, then 20 (the station's)
        steps = [(0, at(24)), (60, at(12)), (120, at(16)), (180, at(24))]
        await station.set_charging_profile(periods=steps, stack_level=0)
        await station.set_charging_profile(periods=[(0, at(18))], stack_level=1, duration_s=120)
    async with step("ask for the composite schedule"):
        answer = await station.get_composite_schedule(180, evse_id=pixit.evse_id, unit=at.name)
        claim(timing.answered, call=answer.call, group="answered")
        claim.control(composite.more_than_one_source, call=answer.call)
        claim(
            composite.equals_own_calculation,
            call=answer.call,
            phases=pixit.phases,
            nominal_v=pixit.nominal_v,
            rated_a=pixit.rated_current_a,
        )


@verifies("SC-09.6")
@needs(ocpp="2.0.1", security_profile="3")
@takes(1)
async def test_uses_the_highest_security_profile(station: Station, claim: Claims) -> None:
    """The connection is TLS with certificates on both sides."""
    claim(security.highest_profile)


@verifies("SC-09.9")
@needs(ocpp="2.0.1")
@takes(1)
async def test_everything_it_sent_is_valid_ocpp(
    station: Station, step: Steps, claim: Claims, pixit: Pixit, quiet: Quiet
) -> None:
    """Every message of this campaign so far is valid in form and content."""
    async with step("ask it to speak once more"):
        await station.trigger_message("Heartbeat")
        await station.trigger_message("StatusNotification", evse_id=pixit.evse_id, connector_id=pixit.ac_connector)
        await station.trigger_message("MeterValues", evse_id=pixit.evse_id)
        await quiet(within_s=3)
    claim(core_ocpp.every_frame_valid)
