"""Namespaces, service numbers and payload types of ISO 15118-20, ISO 15118-2 and DIN 70121."""

from __future__ import annotations

from ev_emulator.line import _v2gtp

SAP = "urn:iso:15118:2:2010:AppProtocol"
COMMON_20 = "urn:iso:std:iso:15118:-20:CommonMessages"
AC_20 = "urn:iso:std:iso:15118:-20:AC"
DC_20 = "urn:iso:std:iso:15118:-20:DC"
ACDP_20 = "urn:iso:std:iso:15118:-20:ACDP"
WPT_20 = "urn:iso:std:iso:15118:-20:WPT"
ISO_2 = "urn:iso:15118:2:2013:MsgDef"
DIN = "urn:din:70121:2012:MsgDef"
# What an ISO 15118-20 session is written in.
ISO_15118_20 = (SAP, COMMON_20, DC_20, AC_20)

# What a vehicle file may call a protocol: namespace, major and minor version.
PROTOCOLS = {
    "ISO 15118-20 DC": (DC_20, 1, 0),
    "ISO 15118-20 AC": (AC_20, 1, 0),
    "ISO 15118-2": (ISO_2, 2, 0),
    "DIN 70121": (DIN, 2, 0),
}
# ISO 15118-20, Table 204
SERVICES = {"AC": 1, "DC": 2, "AC_BPT": 5, "DC_BPT": 6}
SERVICE_NAMES = {number: name for name, number in SERVICES.items()}
CONTROL_MODES = {"Scheduled": 1, "Dynamic": 2}
MOBILITY_NEEDS = {"EVCC": 1, "SECC": 2}
SEPARATED_CHANNELS = 2

PAYLOAD_TYPES_20 = {
    COMMON_20: _v2gtp.MAINSTREAM,
    AC_20: _v2gtp.AC_MAINSTREAM,
    DC_20: _v2gtp.DC_MAINSTREAM,
    ACDP_20: _v2gtp.ACDP_MAINSTREAM,
    WPT_20: _v2gtp.WPT_MAINSTREAM,
}
NAMESPACES_20 = {payload_type: namespace for namespace, payload_type in PAYLOAD_TYPES_20.items()}


def namespace_of(message_name: str) -> str:
    """The ISO 15118-20 namespace that defines this message."""
    if message_name.startswith("AC_"):
        return AC_20
    if message_name.startswith("DC_"):
        return DC_20
    return COMMON_20
