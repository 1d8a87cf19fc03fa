"""V2G-SAP: car and charger agree on a protocol, and the charger keeps to it."""

from __future__ import annotations

from harness.judge.rules.v2g import ISO_20, Session, V2gMessage, rule

_BESIDE = range(0x8101, 0x8200)  # of -20: what goes on beside the charge loop (schedules, metering, parking)
_PAYLOAD_TYPES = {"AC_": 0x8003, "DC_": 0x8004, "ACDP": 0x8005, "WPT_": 0x8006}


@rule("V2G-SAP.R001", "res:supportedAppProtocol")
def chosen_protocol_was_offered(s: Session, m: V2gMessage) -> bool | str | None:
    """supportedAppProtocolRes: the SchemaID is one of those that the car offered."""
    chosen = m.body.get("SchemaID")
    if not m.code.startswith("OK") or chosen is None or s.offered is None or m.unreadable or not s.fair:
        return None
    named = ", ".join(str(each) for each in s.offered)
    return chosen in s.offered or f"it chose SchemaID {chosen}; the car had offered {named or 'none'}"


@rule("V2G-SAP.R002", "res:supportedAppProtocol")
def choice_is_named(s: Session, m: V2gMessage) -> bool | str | None:
    """supportedAppProtocolRes: who agrees names the SchemaID on which it agrees."""
    if not m.code.startswith("OK") or m.unreadable or not s.fair:
        return None
    return m.body.get("SchemaID") is not None or f"{m.code} without a SchemaID"


@rule("V2G-SAP.R003", "res:*")
def payload_type_is_that_of_its_message(s: Session, m: V2gMessage) -> bool | str | None:
    """V2GTP: a message travels under the payload type of its kind."""
    if m.unreadable or m.name is None or m.protocol == "" or m.payload_type in _BESIDE or not s.fair:
        return None
    wanted = 0x8001
    if m.protocol == ISO_20:
        wanted = next((kind for start, kind in _PAYLOAD_TYPES.items() if m.name.startswith(start)), 0x8002)
    return m.payload_type == wanted or f"{m.name} under payload type 0x{m.payload_type or 0:04x}, not 0x{wanted:04x}"
