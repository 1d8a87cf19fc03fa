"""What the CSMS answers when nobody has asked for something else: the accepting backend of everyday operation."""

from __future__ import annotations

from harness.csms._schemas import V21
from harness.csms.station._backend import Answerer, Asking, Payload, Reply


def _boot(_payload: Payload, station: Asking) -> Reply:
    interval = station.csms.config.heartbeat_interval_s
    return {"currentTime": station.csms.now(), "interval": interval, "status": "Accepted"}


def _heartbeat(_payload: Payload, station: Asking) -> Reply:
    return {"currentTime": station.csms.now()}


def _token_info(payload: Payload, station: Asking) -> Payload:
    known = station.csms.config.tokens
    token = (payload.get("idToken") or {}).get("idToken")
    return {"status": "Accepted" if known is None or token in known else "Unknown"}


def _authorize(payload: Payload, station: Asking) -> Reply:
    answer: Payload = {"idTokenInfo": _token_info(payload, station)}
    if payload.get("iso15118CertificateHashData") or payload.get("certificate"):
        answer["certificateStatus"] = "Accepted"
    allowed = station.csms.allowed_energy_transfer
    if station.version == V21 and allowed:
        answer["allowedEnergyTransfer"] = list(allowed)
    return answer


def _transaction_event(payload: Payload, station: Asking) -> Reply:
    return {"idTokenInfo": _token_info(payload, station)} if "idToken" in payload else {}


def _sign_certificate(payload: Payload, station: Asking) -> Reply:
    return {"status": "Accepted" if station.csms.sign_later(station, payload) else "Rejected"}


def _pull_dynamic_schedule(payload: Payload, station: Asking) -> Reply:
    update = station.dynamic_schedules.get(payload.get("chargingProfileId", -1))
    return {"status": "Accepted", "scheduleUpdate": update} if update else {"status": "Rejected"}


def _chain_status(payload: Payload, station: Asking) -> Reply:
    return {
        "certificateStatus": [
            {
                "certificateHashData": asked["certificateHashData"],
                "source": asked["source"],
                "status": "Unknown",
                "nextUpdate": station.csms.now(),
            }
            for asked in payload.get("certificateStatusRequests", [])
        ]
    }


def _constant(answer: Payload) -> Answerer:
    return lambda _payload, _station: dict(answer)


_NOTHING = _constant({})
_ACCEPTED = _constant({"status": "Accepted"})

DEFAULT_ANSWERS: dict[str, Answerer] = {
    "Authorize": _authorize,
    "BatterySwap": _NOTHING,
    "BootNotification": _boot,
    "ClearedChargingLimit": _NOTHING,
    "DataTransfer": _constant({"status": "UnknownVendorId"}),
    "FirmwareStatusNotification": _NOTHING,
    "Get15118EVCertificate": _constant({"status": "Failed", "exiResponse": ""}),
    "GetCertificateChainStatus": _chain_status,
    "GetCertificateStatus": _constant({"status": "Failed"}),
    "Heartbeat": _heartbeat,
    "LogStatusNotification": _NOTHING,
    "MeterValues": _NOTHING,
    "NotifyChargingLimit": _NOTHING,
    "NotifyCustomerInformation": _NOTHING,
    "NotifyDERAlarm": _NOTHING,
    "NotifyDERStartStop": _NOTHING,
    "NotifyDisplayMessages": _NOTHING,
    "NotifyEVChargingNeeds": _ACCEPTED,
    "NotifyEVChargingSchedule": _ACCEPTED,
    "NotifyEvent": _NOTHING,
    "NotifyMonitoringReport": _NOTHING,
    "NotifyPriorityCharging": _NOTHING,
    "NotifyReport": _NOTHING,
    "NotifySettlement": _NOTHING,
    "NotifyWebPaymentStarted": _NOTHING,
    "OpenPeriodicEventStream": _ACCEPTED,
    "ClosePeriodicEventStream": _NOTHING,
    "PublishFirmwareStatusNotification": _NOTHING,
    "PullDynamicScheduleUpdate": _pull_dynamic_schedule,
    "ReportChargingProfiles": _NOTHING,
    "ReportDERControl": _NOTHING,
    "ReservationStatusUpdate": _NOTHING,
    "SecurityEventNotification": _NOTHING,
    "SignCertificate": _sign_certificate,
    "StatusNotification": _NOTHING,
    "TransactionEvent": _transaction_event,
    "VatNumberValidation": lambda payload, _station: {"status": "Rejected", "vatNumber": payload.get("vatNumber", "")},
}
