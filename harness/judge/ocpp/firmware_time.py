"""Firmware for later: is it fetched, and installed, at its time and not before (OCPP L01)?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, seconds, unseen
from harness.judge.power._asked import asked_by, clock_unsure_s, moment_ns
from harness.trace import Event, Exchange, OcppMessage, Trace, messages

_ACCEPTED = ("Accepted", "AcceptedCanceled")
_CHECKED = ("Downloaded", "SignatureVerified")


@judge("firmware_time.installs_later")
def installs_later(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """UpdateFirmware `call` with an installDateTime: InstallScheduled is told, and it is not installed before that.

    It was watched for the `early` time after it had told so. One that tells nothing within the `install` time of having
    the image has not waited.
    """
    update, early, install = asked_by(trace, claim.params["call"]), limits["early"], limits["install"]
    expected = f"it says that it waits, and installs nothing in the {early.value:g} s after that"
    clause = "OCPP L01.FR.16"
    if why := _never_began(update):
        return unseen(expected, why, acted="dut", clause=clause)
    statuses = _told(trace, update, claim.seq)
    said = ", ".join(_status(m) for m in statuses) or "nothing"
    when = _when(trace, update, "installDateTime")
    installed = [m.event for m in statuses if _status(m) in ("Installing", "Installed") and _before(m.event, when)]
    if installed:
        return holds(False, expected, f"it said {said}", update.call.event, *installed, clause=clause)
    waits = next((m.event for m in statuses if _status(m) == "InstallScheduled"), None)
    now = trace.by_seq(claim.seq)
    if waits is not None:
        watched_s = seconds(now, waits)
        if watched_s < early.value:
            return unseen(expected, f"it said {said}, and was watched for {watched_s:.1f} s", clause=clause)
        return holds(True, expected, f"it said {said}, and waited for {watched_s:.1f} s", waits, clause=clause)
    has_it = next((m.event for m in statuses if _status(m) in _CHECKED), None)
    if has_it is None or seconds(now, has_it) < install.value:
        return unseen(expected, f"it said {said}", acted="dut", clause=clause)
    return holds(False, expected, f"it said {said}, and never that it waits", has_it, clause=clause)


@judge("firmware_time.fetches_later")
def fetches_later(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """UpdateFirmware `call` with a retrieveDateTime ahead: our file server is asked for the image then, not before.

    DownloadScheduled is told (L01.FR.13). One that never asks has shown nothing.
    """
    update = asked_by(trace, claim.params["call"])
    expected, clause = "it says that it waits, and fetches the firmware at its time, not before", "OCPP L01.FR.13"
    if why := _never_began(update):
        return unseen(expected, why, acted="dut", clause=clause)
    statuses = _told(trace, update, claim.seq)
    said = ", ".join(_status(m) for m in statuses) or "nothing"
    when = _when(trace, update, "retrieveDateTime")
    name = str(update.call.payload["firmware"]["location"]).rpartition("/")[2].partition("?")[0]
    requests = [
        e for e in trace.of("file.request").after(update.call.seq).up_to(claim.seq) if e.data.get("name") == name
    ]
    early = [e for e in requests if _before(e, when)]
    if early:
        return holds(
            False, expected, f"it fetched it at once; it said {said}", update.call.event, *early, clause=clause
        )
    if not requests:
        return unseen(expected, f"our file server was never asked for it; it said {said}", acted="dut", clause=clause)
    told = [m.event for m in statuses if _status(m) == "DownloadScheduled"]
    return holds(bool(told), expected, f"it said {said}", update.call.event, *told, requests[0], clause=clause)


def _never_began(update: Exchange) -> str:
    status = update.answer.payload.get("status") if update.answer is not None else "nothing"
    return "" if status in _ACCEPTED else f"the update was answered {status}"


def _told(trace: Trace, update: Exchange, until: int) -> list[OcppMessage]:
    number, part = update.call.payload.get("requestId"), trace.after(update.call.seq).up_to(until)
    sent = messages(part, action="FirmwareStatusNotification", direction="in")
    return [m for m in sent if m.type == 2 and m.payload.get("requestId", number) == number]


def _status(message: OcppMessage) -> str:
    return str(message.payload.get("status"))


def _when(trace: Trace, update: Exchange, field: str) -> int:
    """The moment (t_ns) at which it may begin at the earliest, by the charger's clock and what we know of that."""
    told = moment_ns(trace, update.call.seq, update.call.payload["firmware"].get(field))
    if told is None:
        raise ValueError(f"event {update.call.seq} names no {field}")
    return told - int((clock_unsure_s(trace, update.call.seq) + 1.0) * 1e9)  # whole seconds may round down


def _before(event: Event, when_ns: int) -> bool:
    return event.t_ns < when_ns
