"""OCPP L01: updating firmware."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Passed, Station, rule
from harness.judge.rules._owed import was_requested
from harness.judge.rules._read import moment_s, part
from harness.judge.rules._station import ACCEPTED

_OVER = ("DownloadFailed", "InstallationFailed", "Installed", "InstallVerificationFailed", "InvalidSignature")
_BEGINS = ("Downloading", "DownloadScheduled")
_DOWNLOADED = ("Downloaded", "SignatureVerified", "InstallScheduled", "InstallRebooting", "Installing")


@rule("OCPP-L01.R020", "call:FirmwareStatusNotification")
def names_its_request(s: Station, m: Message) -> bool | str | None:
    """L01.FR.20: the state of an update has the id of its request, unless it is Idle."""
    if m.status == "Idle":
        return None
    return True if isinstance(m.payload.get("requestId"), int) else f"{m.status} without a requestId"


@rule("OCPP-L01.R010", "call:FirmwareStatusNotification", "result:UpdateFirmware")
def names_a_request_that_was_made(s: Station, m: Message) -> bool | str | None:
    """L01.FR.10: the id is that of the request that began the update."""
    kept, identity = s.note("L01.R010"), m.payload.get("requestId")  # requestId -> (its last state, over: a newer one)
    if m.is_result and m.status == "Accepted":  # nothing ran: what ran, it would have had to cancel
        kept.update({each: (state, state in _OVER) for each, (state, _) in kept.items()})
    if m.is_result or m.status == "Idle" or "requestId" not in m.payload:
        return None
    before, newer = kept.get(identity, (None, False))
    kept[identity] = (m.status, newer)
    if newer and m.status in _BEGINS and m.remark is None:
        return f"{m.status} of update {identity}, which had come to {before} before a newer one was accepted"
    said = was_requested(s, m, "UpdateFirmware")
    return None if isinstance(said, str) and "nobody" not in said else said  # of one that was refused, it may say so


@rule("OCPP-L01.R001", "result:UpdateFirmware")
def tells_what_it_does(s: Station, m: Message) -> Debt | None:
    """L01.FR.01, .13: an update that was accepted begins, or is scheduled, and that is told."""
    if m.status != "Accepted" or m.call is None:
        return None
    identity = m.asked.get("requestId")
    seen = f"it accepted update {identity} and told no state of it"

    def tells(x: Message) -> bool:
        return x.action == "FirmwareStatusNotification" and x.payload.get("requestId") == identity

    return Debt(seen, s.limits["told"], tells, ends_by=lambda x: x.action == "UpdateFirmware")


@rule("OCPP-L01.R003", "call:FirmwareStatusNotification", "result:UpdateFirmware")
def states_come_in_order(s: Station, m: Message) -> bool | str | None:
    """L01.FR.01, .04: nothing is installed that was not downloaded."""
    kept = s.note("L01.R003")  # requestId -> (state, over which connection)
    if m.is_result and m.status in ACCEPTED:
        kept[m.asked.get("requestId")] = [(m.status, m.connection)]
    told = kept.get(m.payload.get("requestId"), []) if m.is_call else []
    came, whole = any(state in _DOWNLOADED for state, _ in told), {over for _, over in told} == {m.connection}
    if told:
        told[16:] = [(m.status, m.connection)]
    if not told or m.status not in ("Installing", "Installed", "SignatureVerified"):
        return None
    if came or not whole:
        return True if came else None  # a state may have been lost with the line
    return f"{m.status} without Downloaded before it"


@rule("OCPP-L01.R004", "call:FirmwareStatusNotification", "call:SecurityEventNotification")
def a_wrong_signature_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """L01.FR.03: a wrong signature is told as the security event InvalidFirmwareSignature."""
    wanted = "InvalidFirmwareSignature"
    told = _was_told(s, m, wanted)
    if m.status != "InvalidSignature" or m.action != "FirmwareStatusNotification":
        return None
    if told:
        return True
    over = Passed(int(s.limits["others"]), 0, lambda x: x.action == "SecurityEventNotification")
    seen, is_it = "InvalidSignature, and no security event", lambda x: x.payload.get("type") == wanted
    return Debt(seen, s.limits["told"], is_it, survives=True, passed=over)


@rule("OCPP-L01.R002", "result:UpdateFirmware", "call:SecurityEventNotification")
def a_wrong_certificate_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """L01.FR.02: a signing certificate that is refused is told as InvalidFirmwareSigningCertificate."""
    wanted = "InvalidFirmwareSigningCertificate"
    told = _was_told(s, m, wanted)
    if m.status != "InvalidCertificate" or m.action != "UpdateFirmware":
        return None
    if told:
        return True
    over = Passed(int(s.limits["others"]), 0, lambda x: x.action == "SecurityEventNotification")
    seen, is_it = "InvalidCertificate, and no security event", lambda x: x.payload.get("type") == wanted
    return Debt(seen, s.limits["told"], is_it, survives=True, passed=over)


@rule("OCPP-L01.R013", "result:UpdateFirmware", "call:FirmwareStatusNotification")
def waiting_for_its_time_is_told(s: Station, m: Message) -> bool | str | None:
    """L01.FR.13: an update that waits for its time is told as DownloadScheduled."""
    kept, at_s = s.note("L01.R013"), moment_s(part(m.asked, "firmware", "retrieveDateTime"))
    if m.is_result:  # requestId -> (when it was accepted, over which connection, for how many seconds it shall wait)
        now_s = None if m.utc_ns is None or s.ahead_s is None else m.utc_ns / 1e9 + s.ahead_s
        if m.status == "Accepted" and now_s is not None and at_s is not None:
            kept[m.asked.get("requestId")] = m.t_ns, m.connection, at_s - now_s
        return None
    began_ns, over, waits_s = kept.pop(m.payload.get("requestId"), (0, 0, 0))
    if waits_s < s.limits["waits"] or over != m.connection or m.status not in ("DownloadScheduled", "Downloading"):
        return None
    waited_s = (m.t_ns - began_ns) / 1e9
    late = m.status == "Downloading" and waited_s >= s.limits["waits"]
    return f"it waited {waited_s:.0f} s for the time of the download, and did not tell it" if late else True


@rule("OCPP-L01.R031", "call:FirmwareStatusNotification", "call:SecurityEventNotification")
def new_firmware_is_a_security_event(s: Station, m: Message) -> bool | Debt | None:
    """L01.FR.31: new firmware is told as the security event FirmwareUpdated."""
    told = _was_told(s, m, "FirmwareUpdated")
    if m.status != "Installed" or m.action != "FirmwareStatusNotification":
        return None
    if told:
        return True
    seen = "new firmware was installed, and no security event FirmwareUpdated came"
    return Debt(seen, s.limits["told"], lambda x: x.payload.get("type") == "FirmwareUpdated", survives=True)


def _was_told(s: Station, m: Message, event: str) -> bool:
    """Whether a security event was told in the last hour; it may come before the state that it belongs to."""
    kept = s.note("L01 events")
    if m.payload.get("type") == event:
        kept[event] = m.t_ns
    told_ns = kept.get(event)
    return told_ns is not None and m.t_ns - told_ns < s.limits["before"] * 1e9
