"""What this station's device model holds: the required variables of its profiles and the optional ones it has."""

from __future__ import annotations

from typing import Any

from harness.emulator.ocpp._config import StationConfig
from harness.emulator.ocpp.provisioning._model import Variable
from harness.emulator.ocpp.provisioning._variable_kinds import RO, RW, WO, flag, members, plain, whole

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
SAMPLED = "Energy.Active.Import.Register,Energy.Active.Export.Register"
UPDATED = f"{SAMPLED},Power.Active.Import,Power.Active.Export,Current.Import,Current.Export,Voltage,SoC"
MONITORING_BASES = ("All", "FactoryDefault", "HardWiredOnly")
PURPOSES_21 = ("PriorityCharging", "LocalGeneration")


def controllers(config: StationConfig) -> list[Variable]:
    """The logical components (part 2, section 2: referenced components and variables)."""
    return [
        whole("AlignedDataCtrlr.Interval", 0, unit="s"),
        members("AlignedDataCtrlr.Measurands", UPDATED, MEASURANDS),
        whole("AlignedDataCtrlr.TxEndedInterval", 0, unit="s"),
        members("AlignedDataCtrlr.TxEndedMeasurands", "", MEASURANDS),
        flag("AuthCtrlr.Enabled", True, RW),
        flag("AuthCtrlr.AuthorizeRemoteStart", False, RW),
        flag("AuthCtrlr.LocalAuthorizeOffline", True, RW),
        flag("AuthCtrlr.LocalPreAuthorize", False, RW),
        flag("AuthCtrlr.OfflineTxForUnknownIdEnabled", False, RW),
        flag("AuthCacheCtrlr.Available", True),
        flag("AuthCacheCtrlr.Enabled", True, RW),
        whole("AuthCacheCtrlr.LifeTime", 86400, unit="s"),
        plain("ClockCtrlr.DateTime", "", "dateTime", persistent=False),
        plain("ClockCtrlr.TimeSource", "Heartbeat", "SequenceList", RW, choices=("Heartbeat", "RealTimeClock")),
        whole("ClockCtrlr.TimeAdjustmentReportingThreshold", 20, unit="s"),
        whole("DeviceDataCtrlr.BytesPerMessage.GetReport", 65536, RO),
        whole("DeviceDataCtrlr.BytesPerMessage.GetVariables", 65536, RO),
        whole("DeviceDataCtrlr.BytesPerMessage.SetVariables", 65536, RO),
        whole("DeviceDataCtrlr.ItemsPerMessage.GetReport", 64, RO),
        whole("DeviceDataCtrlr.ItemsPerMessage.GetVariables", 64, RO),
        whole("DeviceDataCtrlr.ItemsPerMessage.SetVariables", 64, RO),
        flag("ISO15118Ctrlr.Enabled", True, RW),
        flag("ISO15118Ctrlr.PnCEnabled", False, RW),
        flag("ISO15118Ctrlr.ContractValidationOffline", False, RW),
        flag("ISO15118Ctrlr.CentralContractValidationAllowed", False, RW),
        flag("ISO15118Ctrlr.V2GCertificateInstallationEnabled", False, RW),
        flag("ISO15118Ctrlr.ContractCertificateInstallationEnabled", False, RW),
        flag("ISO15118Ctrlr.ServiceRenegotiationSupport", False, since="ocpp2.1"),
        plain("ISO15118Ctrlr.ProtocolSupported.1", "urn:iso:std:iso:15118:-20:DC,1,0", since="ocpp2.1"),
        plain("ISO15118Ctrlr.ProtocolSupported.2", "urn:iso:std:iso:15118:-20:AC,1,0", since="ocpp2.1"),
        plain("ISO15118Ctrlr.ProtocolSupported.3", "urn:iso:15118:2:2013:MsgDef,2,0", since="ocpp2.1"),
        plain("ISO15118Ctrlr.SeccId", config.identity),
        plain("ISO15118Ctrlr.OrganizationName", config.organisation, mutability=RW),
        whole("LocalAuthListCtrlr.Entries", 0, RO, high=100),
        whole("LocalAuthListCtrlr.ItemsPerMessage", 50, RO),
        whole("LocalAuthListCtrlr.BytesPerMessage", 65536, RO),
        flag("LocalAuthListCtrlr.Available", True),
        flag("LocalAuthListCtrlr.Enabled", True, RW),
        plain("OCPPCommCtrlr.ActiveNetworkProfile", "1"),
        members("OCPPCommCtrlr.FileTransferProtocols", "HTTP,HTTPS", ("HTTP", "HTTPS"), RO),
        whole("OCPPCommCtrlr.HeartbeatInterval", 300, low=1, unit="s"),
        whole("OCPPCommCtrlr.MessageTimeout.Default", max(1, round(config.message_timeout_s)), low=1, unit="s"),
        whole("OCPPCommCtrlr.MessageAttemptInterval.TransactionEvent", 5, unit="s"),
        whole("OCPPCommCtrlr.MessageAttempts.TransactionEvent", 3, low=1),
        plain("OCPPCommCtrlr.NetworkConfigurationPriority", "1", "SequenceList", RW, choices=("1", "2"), reboot=True),
        whole("OCPPCommCtrlr.NetworkProfileConnectionAttempts", 3, low=1),
        whole("OCPPCommCtrlr.OfflineThreshold", 60, unit="s"),
        flag("OCPPCommCtrlr.QueueAllMessages", False, RW),
        whole("OCPPCommCtrlr.ResetRetries", 1),
        whole("OCPPCommCtrlr.RetryBackOffRandomRange", 1, unit="s"),
        whole("OCPPCommCtrlr.RetryBackOffRepeatTimes", 3),
        whole("OCPPCommCtrlr.RetryBackOffWaitMinimum", 1, unit="s"),
        flag("OCPPCommCtrlr.UnlockOnEVSideDisconnect", False),
        whole("OCPPCommCtrlr.WebSocketPingInterval", 30, unit="s"),
        flag("SampledDataCtrlr.Available", True),
        flag("SampledDataCtrlr.Enabled", True, RW),
        whole("SampledDataCtrlr.TxEndedInterval", 0, unit="s"),
        members("SampledDataCtrlr.TxEndedMeasurands", SAMPLED, MEASURANDS),
        members("SampledDataCtrlr.TxStartedMeasurands", SAMPLED, MEASURANDS),
        whole("SampledDataCtrlr.TxUpdatedInterval", 10, unit="s"),
        members("SampledDataCtrlr.TxUpdatedMeasurands", UPDATED, MEASURANDS),
        flag("SecurityCtrlr.AdditionalRootCertificateCheck", False),
        flag("SecurityCtrlr.AllowSecurityProfileDowngrade", False),
        plain("SecurityCtrlr.BasicAuthPassword", config.basic_auth_password or "", mutability=WO, low=16, high=64),
        whole("SecurityCtrlr.CertificateEntries", 0, RO, high=20),
        whole("SecurityCtrlr.CertSigningRepeatTimes", 3),
        whole("SecurityCtrlr.CertSigningWaitMinimum", 30, unit="s"),
        plain("SecurityCtrlr.Identity", config.identity),
        whole("SecurityCtrlr.MaxCertificateChainSize", 10000, RO),
        plain("SecurityCtrlr.OrganizationName", config.organisation, mutability=RW),
        whole("SecurityCtrlr.SecurityProfile", config.security_profile, RO),
        whole("TxCtrlr.EVConnectionTimeOut", 120, unit="s"),
        flag("TxCtrlr.StopTxOnEVSideDisconnect", True, RW),
        flag("TxCtrlr.StopTxOnInvalidId", True, RW),
        flag("TxCtrlr.TxBeforeAcceptedEnabled", False),
        members("TxCtrlr.TxStartPoint", "EVConnected,Authorized", TX_START_POINTS),
        members("TxCtrlr.TxStopPoint", "EVConnected,Authorized", TX_STOP_POINTS),
        *_smart_charging(),
        *_v2x(),
        *_reservation_and_monitoring(),
    ]


def _reservation_and_monitoring() -> list[Variable]:
    return [
        flag("ReservationCtrlr.Available", True),
        flag("ReservationCtrlr.Enabled", True, RW),
        flag("ReservationCtrlr.NonEvseSpecific", False),
        flag("MonitoringCtrlr.Available", True),
        flag("MonitoringCtrlr.Enabled", True, RW),
        plain("MonitoringCtrlr.ActiveMonitoringBase", "All", "OptionList", choices=MONITORING_BASES),
        whole("MonitoringCtrlr.ActiveMonitoringLevel", 9, RO, high=9),
        whole("MonitoringCtrlr.ItemsPerMessage.SetVariableMonitoring", 20, RO),
        whole("MonitoringCtrlr.ItemsPerMessage.ClearVariableMonitoring", 20, RO),
        whole("MonitoringCtrlr.BytesPerMessage.SetVariableMonitoring", 65536, RO),
        whole("MonitoringCtrlr.BytesPerMessage.ClearVariableMonitoring", 65536, RO),
    ]


def _smart_charging() -> list[Variable]:
    c = "SmartChargingCtrlr"
    new: dict[str, Any] = {"since": "ocpp2.1"}
    return [
        flag(f"{c}.Available", True),
        flag(f"{c}.Enabled", True),
        flag(f"{c}.ACPhaseSwitchingSupported", False),
        flag(f"{c}.Phases3to1", False),
        whole(f"{c}.Entries.ChargingProfiles", 0, RO, high=40),
        flag(f"{c}.ExternalControlSignalsEnabled", True, RW),
        plain(f"{c}.LimitChangeSignificance", "1.0", "decimal", RW, low=0.0, high=100.0, unit="Percent"),
        flag(f"{c}.NotifyChargingLimitWithSchedules", True, RW),
        whole(f"{c}.PeriodsPerSchedule", 100, RO),
        whole(f"{c}.ProfileStackLevel", 10, RO),
        members(f"{c}.RateUnit", "A,W", ("A", "W"), RO),
        flag(f"{c}.ExternalConstraintsProfileDisallowed", False, RW, **new),
        plain(
            f"{c}.SetpointPriority",
            "ExternalConstraints",
            "OptionList",
            RW,
            choices=("ExternalConstraints", "CSMS"),
            **new,
        ),
        members(f"{c}.SupportedAdditionalPurposes", ",".join(PURPOSES_21), PURPOSES_21, RO, **new),
        flag(f"{c}.SupportsDynamicProfiles", True, **new),
        flag(f"{c}.SupportsMaxOfflineDuration", True, **new),
        flag(f"{c}.SupportsUseLocalTime", False, **new),
        flag(f"{c}.SupportsRandomizedDelay", False, **new),
        flag(f"{c}.SupportsLimitAtSoC", True, **new),
        flag(f"{c}.SupportsEvseSleep", False, **new),
        flag(f"{c}.ChargingProfilePersistence.TxProfile", False, **new),
        flag(f"{c}.ChargingProfilePersistence.LocalGeneration", False, **new),
        flag(f"{c}.ChargingProfilePersistence.ChargingStationExternalConstraints", False, **new),
    ]


def _v2x() -> list[Variable]:
    c = "V2XChargingCtrlr"
    new: dict[str, Any] = {"since": "ocpp2.1"}
    return [
        flag(f"{c}.Available", True, **new),
        flag(f"{c}.Enabled", True, RW, **new),
        members(f"{c}.SupportedEnergyTransferModes", ",".join(TRANSFER_MODES), TRANSFER_MODES, RO, **new),
        members(f"{c}.SupportedOperationModes", ",".join(OPERATION_MODES), OPERATION_MODES, RO, **new),
        plain(f"{c}.LocalFrequencyUpdateThreshold", "10", "decimal", RW, low=0.0, **new),
        *(
            members(f"{c}.TxUpdatedMeasurands.{m}", "Power.Active.Setpoint", MEASURANDS, **new)
            for m in OPERATION_MODES[2:]
        ),
    ]
