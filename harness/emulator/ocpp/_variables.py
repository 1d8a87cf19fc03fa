"""What this station's device model holds: the required variables of its profiles and the optional ones it has."""

from __future__ import annotations

from typing import Any

from harness.emulator._ports import Ratings

from ._config import StationConfig
from ._model import Variable

MEASURANDS = (
    "Current.Import",
    "Current.Export",
    "Energy.Active.Import.Register",
    "Energy.Active.Export.Register",
    "Frequency",
    "Power.Active.Import",
    "Power.Active.Export",
    "Power.Active.Setpoint",
    "Power.Active.Residual",
    "Power.Offered",
    "SoC",
    "Voltage",
)
TX_START_POINTS = ("EVConnected", "Authorized", "PowerPathClosed")
TX_STOP_POINTS = (*TX_START_POINTS, "EnergyTransfer")
OPERATION_MODES = (
    "Idle",
    "ChargingOnly",
    "CentralSetpoint",
    "ExternalSetpoint",
    "ExternalLimits",
    "CentralFrequency",
    "LocalFrequency",
)
TRANSFER_MODES = ("AC_single_phase", "AC_three_phase", "DC", "AC_BPT", "DC_BPT")
DER_MODES = (
    "EnterService",
    "FreqDroop",
    "FreqWatt",
    "FixedPFAbsorb",
    "FixedPFInject",
    "FixedVar",
    "Gradients",
    "HFMustTrip",
    "HVMustTrip",
    "LFMustTrip",
    "LVMustTrip",
    "LimitMaxDischarge",
    "VoltVar",
    "VoltWatt",
    "WattVar",
)
SAMPLED = "Energy.Active.Import.Register,Energy.Active.Export.Register"
UPDATED = f"{SAMPLED},Power.Active.Import,Power.Active.Export,Current.Import,Current.Export,Voltage,SoC"
AVAILABILITY = ("Available", "Occupied", "Reserved", "Unavailable", "Faulted")
PURPOSES_21 = ("PriorityCharging", "LocalGeneration")
RW, RO, WO = "ReadWrite", "ReadOnly", "WriteOnly"


def _v(path: str, value: object = "", kind: str = "string", mutability: str = RO, **more: Any) -> Variable:
    component, name, *instance = path.split(".", 2)
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return Variable(component, name, text, kind, mutability, instance[0] if instance else "", **more)


def _int(path: str, value: int, mutability: str = RW, low: float | None = 0, **more: Any) -> Variable:
    return _v(path, value, "integer", mutability, low=low, **more)


def _flag(path: str, value: bool, mutability: str = RO, **more: Any) -> Variable:
    return _v(path, value, "boolean", mutability, **more)


def _list(path: str, value: str, choices: tuple[str, ...], mutability: str = RW, **more: Any) -> Variable:
    return _v(path, value, "MemberList", mutability, choices=choices, **more)


def controllers(config: StationConfig) -> list[Variable]:
    """The logical components (part 2, section 2: referenced components and variables)."""
    return [
        _int("AlignedDataCtrlr.Interval", 0, unit="s"),
        _list("AlignedDataCtrlr.Measurands", UPDATED, MEASURANDS),
        _int("AlignedDataCtrlr.TxEndedInterval", 0, unit="s"),
        _list("AlignedDataCtrlr.TxEndedMeasurands", "", MEASURANDS),
        _flag("AuthCtrlr.Enabled", True, RW),
        _flag("AuthCtrlr.AuthorizeRemoteStart", False, RW),
        _flag("AuthCtrlr.LocalAuthorizeOffline", True, RW),
        _flag("AuthCtrlr.LocalPreAuthorize", False, RW),
        _flag("AuthCtrlr.OfflineTxForUnknownIdEnabled", False, RW),
        _flag("AuthCacheCtrlr.Available", True),
        _flag("AuthCacheCtrlr.Enabled", True, RW),
        _int("AuthCacheCtrlr.LifeTime", 86400, unit="s"),
        _v("ClockCtrlr.DateTime", "", "dateTime", persistent=False),
        _v("ClockCtrlr.TimeSource", "Heartbeat", "SequenceList", RW, choices=("Heartbeat", "RealTimeClock")),
        _int("ClockCtrlr.TimeAdjustmentReportingThreshold", 20, unit="s"),
        _int("DeviceDataCtrlr.BytesPerMessage.GetReport", 65536, RO),
        _int("DeviceDataCtrlr.BytesPerMessage.GetVariables", 65536, RO),
        _int("DeviceDataCtrlr.BytesPerMessage.SetVariables", 65536, RO),
        _int("DeviceDataCtrlr.ItemsPerMessage.GetReport", 64, RO),
        _int("DeviceDataCtrlr.ItemsPerMessage.GetVariables", 64, RO),
        _int("DeviceDataCtrlr.ItemsPerMessage.SetVariables", 64, RO),
        _flag("ISO15118Ctrlr.Enabled", True, RW),
        _flag("ISO15118Ctrlr.PnCEnabled", False, RW),
        _flag("ISO15118Ctrlr.ContractValidationOffline", False, RW),
        _flag("ISO15118Ctrlr.CentralContractValidationAllowed", False, RW),
        _flag("ISO15118Ctrlr.V2GCertificateInstallationEnabled", False, RW),
        _flag("ISO15118Ctrlr.ContractCertificateInstallationEnabled", False, RW),
        _flag("ISO15118Ctrlr.ServiceRenegotiationSupport", False, since="ocpp2.1"),
        _v("ISO15118Ctrlr.ProtocolSupported.1", "urn:iso:std:iso:15118:-20:DC,1,0", since="ocpp2.1"),
        _v("ISO15118Ctrlr.ProtocolSupported.2", "urn:iso:std:iso:15118:-20:AC,1,0", since="ocpp2.1"),
        _v("ISO15118Ctrlr.ProtocolSupported.3", "urn:iso:15118:2:2013:MsgDef,2,0", since="ocpp2.1"),
        _v("ISO15118Ctrlr.SeccId", config.identity),
        _v("ISO15118Ctrlr.OrganizationName", config.organisation, mutability=RW),
        _int("LocalAuthListCtrlr.Entries", 0, RO, high=100),
        _int("LocalAuthListCtrlr.ItemsPerMessage", 50, RO),
        _int("LocalAuthListCtrlr.BytesPerMessage", 65536, RO),
        _flag("LocalAuthListCtrlr.Available", True),
        _flag("LocalAuthListCtrlr.Enabled", True, RW),
        _v("OCPPCommCtrlr.ActiveNetworkProfile", "1"),
        _list("OCPPCommCtrlr.FileTransferProtocols", "HTTP,HTTPS", ("HTTP", "HTTPS"), RO),
        _int("OCPPCommCtrlr.HeartbeatInterval", 300, low=1, unit="s"),
        _int("OCPPCommCtrlr.MessageTimeout.Default", max(1, round(config.message_timeout_s)), low=1, unit="s"),
        _int("OCPPCommCtrlr.MessageAttemptInterval.TransactionEvent", 5, unit="s"),
        _int("OCPPCommCtrlr.MessageAttempts.TransactionEvent", 3, low=1),
        _v("OCPPCommCtrlr.NetworkConfigurationPriority", "1", "SequenceList", RW, choices=("1", "2"), reboot=True),
        _int("OCPPCommCtrlr.NetworkProfileConnectionAttempts", 3, low=1),
        _int("OCPPCommCtrlr.OfflineThreshold", 60, unit="s"),
        _flag("OCPPCommCtrlr.QueueAllMessages", False, RW),
        _int("OCPPCommCtrlr.ResetRetries", 1),
        _int("OCPPCommCtrlr.RetryBackOffRandomRange", 1, unit="s"),
        _int("OCPPCommCtrlr.RetryBackOffRepeatTimes", 3),
        _int("OCPPCommCtrlr.RetryBackOffWaitMinimum", 1, unit="s"),
        _flag("OCPPCommCtrlr.UnlockOnEVSideDisconnect", False),
        _int("OCPPCommCtrlr.WebSocketPingInterval", 30, unit="s"),
        _flag("SampledDataCtrlr.Available", True),
        _flag("SampledDataCtrlr.Enabled", True, RW),
        _int("SampledDataCtrlr.TxEndedInterval", 0, unit="s"),
        _list("SampledDataCtrlr.TxEndedMeasurands", SAMPLED, MEASURANDS),
        _list("SampledDataCtrlr.TxStartedMeasurands", SAMPLED, MEASURANDS),
        _int("SampledDataCtrlr.TxUpdatedInterval", 10, unit="s"),
        _list("SampledDataCtrlr.TxUpdatedMeasurands", UPDATED, MEASURANDS),
        _flag("SecurityCtrlr.AdditionalRootCertificateCheck", False),
        _flag("SecurityCtrlr.AllowSecurityProfileDowngrade", False),
        _v("SecurityCtrlr.BasicAuthPassword", config.basic_auth_password or "", mutability=WO, low=16, high=64),
        _int("SecurityCtrlr.CertificateEntries", 0, RO, high=20),
        _int("SecurityCtrlr.CertSigningRepeatTimes", 3),
        _int("SecurityCtrlr.CertSigningWaitMinimum", 30, unit="s"),
        _v("SecurityCtrlr.Identity", config.identity),
        _int("SecurityCtrlr.MaxCertificateChainSize", 10000, RO),
        _v("SecurityCtrlr.OrganizationName", config.organisation, mutability=RW),
        _int("SecurityCtrlr.SecurityProfile", config.security_profile, RO),
        _int("TxCtrlr.EVConnectionTimeOut", 120, unit="s"),
        _flag("TxCtrlr.StopTxOnEVSideDisconnect", True, RW),
        _flag("TxCtrlr.StopTxOnInvalidId", True, RW),
        _flag("TxCtrlr.TxBeforeAcceptedEnabled", False),
        _list("TxCtrlr.TxStartPoint", "EVConnected,Authorized", TX_START_POINTS),
        _list("TxCtrlr.TxStopPoint", "EVConnected,Authorized", TX_STOP_POINTS),
        *_smart_charging(),
        *_v2x(),
    ]


def _smart_charging() -> list[Variable]:
    c = "SmartChargingCtrlr"
    new: dict[str, Any] = {"since": "ocpp2.1"}
    return [
        _flag(f"{c}.Available", True),
        _flag(f"{c}.Enabled", True),
        _flag(f"{c}.ACPhaseSwitchingSupported", False),
        _flag(f"{c}.Phases3to1", False),
        _int(f"{c}.Entries.ChargingProfiles", 0, RO, high=40),
        _flag(f"{c}.ExternalControlSignalsEnabled", True, RW),
        _v(f"{c}.LimitChangeSignificance", "1.0", "decimal", RW, low=0.0, high=100.0, unit="Percent"),
        _flag(f"{c}.NotifyChargingLimitWithSchedules", True, RW),
        _int(f"{c}.PeriodsPerSchedule", 100, RO),
        _int(f"{c}.ProfileStackLevel", 10, RO),
        _list(f"{c}.RateUnit", "A,W", ("A", "W"), RO),
        _flag(f"{c}.ExternalConstraintsProfileDisallowed", False, RW, **new),
        _v(
            f"{c}.SetpointPriority",
            "ExternalConstraints",
            "OptionList",
            RW,
            choices=("ExternalConstraints", "CSMS"),
            **new,
        ),
        _list(f"{c}.SupportedAdditionalPurposes", ",".join(PURPOSES_21), PURPOSES_21, RO, **new),
        _flag(f"{c}.SupportsDynamicProfiles", True, **new),
        _flag(f"{c}.SupportsMaxOfflineDuration", True, **new),
        _flag(f"{c}.SupportsUseLocalTime", False, **new),
        _flag(f"{c}.SupportsRandomizedDelay", False, **new),
        _flag(f"{c}.SupportsLimitAtSoC", True, **new),
        _flag(f"{c}.SupportsEvseSleep", False, **new),
        _flag(f"{c}.ChargingProfilePersistence.TxProfile", False, **new),
        _flag(f"{c}.ChargingProfilePersistence.LocalGeneration", False, **new),
        _flag(f"{c}.ChargingProfilePersistence.ChargingStationExternalConstraints", False, **new),
    ]


def _v2x() -> list[Variable]:
    c = "V2XChargingCtrlr"
    new: dict[str, Any] = {"since": "ocpp2.1"}
    return [
        _flag(f"{c}.Available", True, **new),
        _flag(f"{c}.Enabled", True, RW, **new),
        _list(f"{c}.SupportedEnergyTransferModes", ",".join(TRANSFER_MODES), TRANSFER_MODES, RO, **new),
        _list(f"{c}.SupportedOperationModes", ",".join(OPERATION_MODES), OPERATION_MODES, RO, **new),
        _v(f"{c}.LocalFrequencyUpdateThreshold", "10", "decimal", RW, low=0.0, **new),
        *(
            _list(f"{c}.TxUpdatedMeasurands.{m}", "Power.Active.Setpoint", MEASURANDS, **new)
            for m in OPERATION_MODES[2:]
        ),
    ]


def hardware(ratings: Ratings, config: StationConfig) -> list[Variable]:
    """The physical components: station, EVSE 1, its AC and DC connector, and the inverter's nameplate for DER."""
    c, e = "ChargingStation", "EVSE"
    out = [
        _flag(f"{c}.Available", True),
        _v(f"{c}.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, persistent=False),
        _v(f"{c}.Model", ratings.model),
        _v(f"{c}.VendorName", ratings.vendor),
        _v(f"{c}.SerialNumber", ratings.serial),
        _v(f"{c}.FirmwareVersion", ratings.firmware, persistent=False),
        _int(f"{c}.SupplyPhases", ratings.phases, RO),
        _flag(f"{c}.AllowNewSessionsPendingFirmwareUpdate", False, RW),
        _flag(f"{e}.Available", True, evse=1),
        _v(f"{e}.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, evse=1, persistent=False),
        _v(f"{e}.EvseId", f"NL*CHP*E{config.identity}*1", evse=1),
        _v(f"{e}.ISO15118EvseId", f"NL*CHP*E{config.identity}*1", evse=1, since="ocpp2.1"),
        _int(f"{e}.SupplyPhases", ratings.phases, RO, evse=1),
        _flag(f"{e}.AllowReset", False, evse=1),
        _v(f"{e}.Power", "0", "decimal", high=ratings.max_charge_w, unit="W", evse=1, persistent=False),
        _v(f"{e}.DischargePower", "0", "decimal", high=ratings.max_discharge_w, unit="W", evse=1, since="ocpp2.1"),
        _flag(f"{e}.DCInputPhaseControl", False, evse=1, since="ocpp2.1"),
    ]
    for number, kind, phases in ((1, "cType2", ratings.phases), (2, "cCCS2", 0)):
        at: dict[str, Any] = {"evse": 1, "connector": number}
        out += [
            _flag("Connector.Available", True, **at),
            _v("Connector.AvailabilityState", "Available", "OptionList", choices=AVAILABILITY, persistent=False, **at),
            _v("Connector.ConnectorType", kind, **at),
            _v("Connector.ChargeProtocol", "ISO15118", **at),
            _int("Connector.SupplyPhases", phases, RO, **at),
        ]
    return out + _inverter(ratings)


def _inverter(ratings: Ratings) -> list[Variable]:
    new: dict[str, Any] = {"since": "ocpp2.1", "evse": 1}
    watts = ratings.max_discharge_w
    numbers = {
        "MaxW": (watts, "W"),
        "OverExcitedW": (watts * 0.9, "W"),
        "OverExcitedPF": (0.9, ""),
        "UnderExcitedW": (watts * 0.9, "W"),
        "UnderExcitedPF": (0.9, ""),
        "MaxVA": (watts, "VA"),
        "MaxVar": (watts * 0.44, "Var"),
        "MaxVarNeg": (watts * 0.44, "Var"),
        "MaxChargeRateW": (ratings.max_charge_w, "W"),
        "MaxChargeRateVA": (ratings.max_charge_w, "VA"),
        "VNom": (ratings.nominal_v, "V"),
        "ReactiveSusceptance": (0.0, "s"),
    }
    out = [
        _v(f"DCDERCtrlr.{name}", f"{value:g}", "decimal", unit=unit, **new) for name, (value, unit) in numbers.items()
    ]
    for component in ("DCDERCtrlr", "ACDERCtrlr"):
        out += [
            _flag(f"{component}.Enabled", True, **new),
            _list(f"{component}.ModesSupported", ",".join(DER_MODES), DER_MODES, RO, **new),
        ]
    names = {
        "InverterManufacturer": ratings.vendor,
        "InverterModel": ratings.model,
        "InverterSerialNumber": ratings.serial,
    }
    names |= {"InverterSwVersion": ratings.firmware, "InverterHwVersion": "A1"}
    return out + [_v(f"DCDERCtrlr.{name}", value, **new) for name, value in names.items()]
