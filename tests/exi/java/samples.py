"""A sample message or two of every schema, to warm a codec up with and to compare codecs by."""

from __future__ import annotations

from typing import Any

from ev_emulator._names import AC_20, COMMON_20, DC_20, DIN, ISO_2, SAP
from ev_emulator._values import rational

Message = dict[str, Any]

_HEADER = {"SessionID": "0A0B0C0D0E0F0102", "TimeStamp": 1700000000}
_ANSWER = {"Header": _HEADER, "ResponseCode": "OK"}
_LIMITS = {"EVMaximumChargePower": rational(11_000), "EVMinimumChargePower": rational(0)}
_DISCHARGE = {"EVMaximumDischargePower": rational(10_000), "EVMinimumDischargePower": rational(0)}
_ENERGY = {
    "DepartureTime": 7200,
    "EVTargetEnergyRequest": rational(12_000),
    "EVMaximumEnergyRequest": rational(30_000),
    "EVMinimumEnergyRequest": rational(-8000),
}
_LOOP = {"Header": _HEADER, "DisplayParameters": {"PresentSOC": 60}, "MeterInfoRequested": True}
_DC_LIMITS = {"EVMaximumChargeCurrent": rational(60), "EVMaximumVoltage": rational(420)}
_DC_MORE = {"EVMinimumVoltage": rational(300), "EVMaximumDischargeCurrent": rational(30)}
_TARGET = {"DepartureTime": 7200, "EVSETargetActivePower": rational(-5000)}


def _older(body: Message) -> Message:
    return {"V2G_Message": {"Header": {"SessionID": "0A0B0C0D0E0F0102"}, "Body": body}}


SAMPLES: dict[str, tuple[Message, ...]] = {
    SAP: (
        {
            "supportedAppProtocolReq": {
                "AppProtocol": [
                    {
                        "ProtocolNamespace": DC_20,
                        "VersionNumberMajor": 1,
                        "VersionNumberMinor": 0,
                        "SchemaID": 1,
                        "Priority": 1,
                    }
                ]
            }
        },
        {"supportedAppProtocolRes": {"ResponseCode": "OK_SuccessfulNegotiation", "SchemaID": 1}},
    ),
    COMMON_20: (
        {"SessionSetupReq": {"Header": _HEADER, "EVCCID": "WMIV1234567890ABCDEX"}},
        {"SessionSetupRes": _ANSWER | {"EVSEID": "NL*CPR*E0001"}},
        {"SessionStopReq": {"Header": _HEADER, "ChargingSession": "Terminate"}},
    ),
    DC_20: (
        {
            "DC_ChargeLoopReq": _LOOP
            | {"EVPresentVoltage": rational(398)}
            | {"BPT_Dynamic_DC_CLReqControlMode": _ENERGY | _LIMITS | _DC_LIMITS | _DC_MORE | _DISCHARGE}
        },
        {"DC_WeldingDetectionRes": _ANSWER | {"EVSEPresentVoltage": rational(12.5)}},
    ),
    AC_20: (
        {
            "AC_ChargeLoopReq": _LOOP
            | {
                "BPT_Dynamic_AC_CLReqControlMode": _ENERGY
                | _LIMITS
                | _DISCHARGE
                | {"EVPresentActivePower": rational(-5000), "EVPresentReactivePower": rational(0)}
            }
        },
        {"AC_ChargeLoopRes": _ANSWER | {"BPT_Dynamic_AC_CLResControlMode": _TARGET}},
    ),
    ISO_2: (
        _older({"SessionSetupReq": {"EVCCID": "02005EAAAA01"}}),
        _older({"SessionStopRes": {"ResponseCode": "OK"}}),
    ),
    DIN: (
        _older({"SessionSetupReq": {"EVCCID": "02005EAAAA01"}}),
        _older({"CableCheckReq": {"DC_EVStatus": {"EVReady": True, "EVErrorCode": "NO_ERROR", "EVRESSSOC": 60}}}),
    ),
}
