"""One harmless request of each optional kind: about what nobody has, so that whoever supports it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NUMBER, NOBODY = 987_654, "chargeproof-nothing-has-this-id"
_NOWHERE = "https://chargeproof.invalid/nothing"

# of 2.0.1 and 2.1; what would change a charger that takes it (bases, lists, caches, networks) is left out
COMMON: Mapping[str, Mapping[str, Any]] = {
    "CancelReservation": {"reservationId": NUMBER},
    "ClearDisplayMessage": {"id": NUMBER},
    "ClearVariableMonitoring": {"id": [NUMBER]},
    "CostUpdated": {"totalCost": 0, "transactionId": NOBODY},
    "CustomerInformation": {"requestId": NUMBER, "report": True, "clear": False, "customerIdentifier": NOBODY},
    "DataTransfer": {"vendorId": "eu.chargeproof.nobody"},
    "GetChargingProfiles": {"requestId": NUMBER, "chargingProfile": {"chargingProfileId": [NUMBER]}},
    "GetCompositeSchedule": {"duration": 60, "evseId": 98},
    "GetDisplayMessages": {"requestId": NUMBER, "id": [NUMBER]},
    "GetInstalledCertificateIds": {"certificateType": ["MORootCertificate"]},
    "GetLocalListVersion": {},
    "GetMonitoringReport": {
        "requestId": NUMBER,
        "componentVariable": [{"component": {"name": "NoSuchComponentCtrlr"}}],
    },
    "GetTransactionStatus": {"transactionId": NOBODY},
    "PublishFirmware": {"location": _NOWHERE, "checksum": "0" * 32, "requestId": NUMBER},
    "RequestStopTransaction": {"transactionId": NOBODY},
    "SetMonitoringLevel": {"severity": 99},
    "UnpublishFirmware": {"checksum": "0" * 32},
}
ONLY_2_1: Mapping[str, Mapping[str, Any]] = {
    "AFRRSignal": {"timestamp": "2020-01-01T00:00:00Z", "signal": 0},
    "ClearDERControl": {"isDefault": True, "controlId": NOBODY},
    "ClearTariffs": {"tariffIds": [NOBODY]},
    "GetDERControl": {"requestId": NUMBER, "controlId": NOBODY},
    "GetPeriodicEventStream": {},
    "GetTariffs": {"evseId": 98},
    "NotifyAllowedEnergyTransfer": {"transactionId": NOBODY, "allowedEnergyTransfer": ["DC"]},
    "UpdateDynamicSchedule": {"chargingProfileId": NUMBER, "scheduleUpdate": {"limit": 1.0}},
    "UsePriorityCharging": {"transactionId": NOBODY, "activate": False},
}


def harmless(version: str) -> dict[str, dict[str, Any]]:
    """The requests of a version, "2.0.1" or "2.1", by action."""
    all_of_it = {**COMMON, **(ONLY_2_1 if version == "2.1" else {})}
    return {action: dict(payload) for action, payload in all_of_it.items()}
