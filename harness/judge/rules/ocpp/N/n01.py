"""OCPP N01: retrieving logs."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import was_requested

_OVER = ("Uploaded", "UploadFailure", "BadMessage", "PermissionDenied", "NotSupportedOperation", "AcceptedCanceled")


@rule("OCPP-N01.R007", "call:LogStatusNotification")
def names_its_request(s: Station, m: Message) -> bool | str | None:
    """N01.FR.07: the state of an upload has the id of its request."""
    return None if m.status == "Idle" or "requestId" not in m.payload else was_requested(s, m, "GetLog")


@rule("OCPP-N01.R008", "result:GetLog")
def uploads_begin(s: Station, m: Message) -> Debt | None:
    """N01.FR.08, part 2 FR.05: an upload that was accepted begins, and that is told."""
    if m.status not in ("Accepted", "AcceptedCanceled") or m.call is None:
        return None
    identity = m.asked.get("requestId")
    seen = f"it accepted to upload a log (request {identity}) and told nothing of it"

    def tells(x: Message) -> bool:
        return x.action == "LogStatusNotification" and x.payload.get("requestId") == identity

    return Debt(seen, s.limits["begins"], tells, ends_by=lambda x: x.action == "GetLog")


@rule("OCPP-N01.R009", "call:LogStatusNotification")
def uploads_come_to_an_end(s: Station, m: Message) -> Debt | None:
    """N01.FR.09, .10: an upload that began ends, well or not, and that is told."""
    identity = m.payload.get("requestId")
    if m.status != "Uploading":
        return None
    seen = f"the upload of request {identity} began and came to no end within an hour"

    def is_over(x: Message) -> bool:
        return x.payload.get("requestId") == identity and x.status in _OVER

    return Debt(seen, s.limits["ends"], is_over, ends_by=lambda x: x.action == "GetLog")


@rule("OCPP-N01.R013", "call:LogStatusNotification")
def has_the_id_of_a_request(s: Station, m: Message) -> bool | str | None:
    """N01.FR.13: the state of an upload has a requestId, unless it was triggered and there is no upload."""
    if m.status == "Idle":
        return None
    return True if isinstance(m.payload.get("requestId"), int) else f"{m.status} without a requestId"
