"""OCPP L01: updating firmware."""

from __future__ import annotations

from collections.abc import Callable

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import was_requested

_DOWNLOADED = ("Downloaded", "SignatureVerified", "InstallScheduled", "InstallRebooting", "Installing")


@rule("OCPP-L01.R020", "call:FirmwareStatusNotification")
def names_its_request(s: Station, m: Message) -> bool | str | None:
    """L01.FR.20: the state of an update has the id of its request, unless it is Idle."""
    if m.status == "Idle":
        return None
    return True if isinstance(m.payload.get("requestId"), int) else f"{m.status} without a requestId"


@rule("OCPP-L01.R010", "call:FirmwareStatusNotification")
def names_a_request_that_was_made(s: Station, m: Message) -> bool | str | None:
    """L01.FR.10: the id is that of the request that began the update."""
    if m.status == "Idle" or "requestId" not in m.payload:
        return None
    said = was_requested(s, m, "UpdateFirmware")
    return None if isinstance(said, str) and "nobody" not in said else said


@rule("OCPP-L01.R001", "result:UpdateFirmware")
def tells_what_it_does(s: Station, m: Message) -> Debt | None:
    """L01.FR.01, .13: an update that was accepted begins, or is scheduled, and that is told."""
    if m.status != "Accepted" or m.call is None:
        return None
    identity = m.asked.get("requestId")
    seen = f"it accepted update {identity} and told no state of it"
    return Debt(
        seen, 300.0, lambda x: x.action == "FirmwareStatusNotification" and x.payload.get("requestId") == identity
    )


@rule("OCPP-L01.R003", "call:FirmwareStatusNotification")
def states_come_in_order(s: Station, m: Message) -> bool | str | None:
    """L01.FR.01, .04: nothing is installed that was not downloaded."""
    identity, kept = m.payload.get("requestId"), s.note("L01.R003")
    told = kept.setdefault(identity, ["Downloading"] if s.requests.get(("UpdateFirmware", identity)) else [])
    fits = None
    if m.status in ("Installing", "Installed", "SignatureVerified") and told:
        came = any(state in told for state in _DOWNLOADED)
        fits = True if came else f"{m.status} without Downloaded before it"
    if len(told) < 16:
        told.append(str(m.status))
    return fits


@rule("OCPP-L01.R004", "call:FirmwareStatusNotification", "call:SecurityEventNotification")
def a_wrong_signature_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """L01.FR.03: a wrong signature is told as the security event InvalidFirmwareSignature."""
    if _told_just_before(s, m, "InvalidFirmwareSignature", "InvalidSignature", 10):
        return True
    if m.status != "InvalidSignature":
        return None
    return Debt("InvalidSignature, and no security event", 120.0, _is_event("InvalidFirmwareSignature"))


@rule("OCPP-L01.R031", "call:FirmwareStatusNotification", "call:SecurityEventNotification")
def new_firmware_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """L01.FR.31: new firmware is told as the security event FirmwareUpdated."""
    if _told_just_before(s, m, "FirmwareUpdated", "Installed", 60):
        return True
    if m.status != "Installed":
        return None
    seen = "new firmware was installed, and no security event FirmwareUpdated came"
    return Debt(seen, 900.0, _is_event("FirmwareUpdated"), survives=True)


def _told_just_before(s: Station, m: Message, event: str, status: str, within_s: int) -> bool:
    """Whether this is a firmware state whose security event came first: which of the two does, the text leaves open."""
    kept = s.note("L01 security events")
    if m.action == "SecurityEventNotification" and m.payload.get("type") == event:
        kept[event] = m.t_ns
    before: int | None = kept.get(event)
    return m.status == status and before is not None and m.t_ns - before <= within_s * 10**9


def _is_event(kind: str) -> Callable[[Message], bool]:
    return lambda m: m.action == "SecurityEventNotification" and m.payload.get("type") == kind
