"""Firmware updates: the right one is installed, a wrong one is refused, and the charger stays reachable."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, seconds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Event, Exchange, OcppMessage, Trace, exchanges, messages

_CLAUSE = "OCPP 2.0.1 L01"
_ACCEPTED = ("Accepted", "AcceptedCanceled")


def _update(trace: Trace, seq: int) -> Exchange:
    return asked_by(trace, seq)


def _statuses(trace: Trace, update: Exchange, until: int) -> list[OcppMessage]:
    request = update.call.payload.get("requestId")
    return [
        m
        for m in messages(trace.after(update.call.event.seq), action="FirmwareStatusNotification", direction="in")
        if m.type == 2 and m.event.seq <= until and m.payload.get("requestId", request) == request
    ]


def _told(trace: Trace, after: int, until: int) -> list[tuple[Event, str]]:
    """Each version that the charger said it runs: at a boot, which may leave it out, and when it was asked."""
    return [(m.event, version) for m, version in _telling(trace, after, until)]


def _telling(trace: Trace, after: int, until: int) -> list[tuple[OcppMessage, str]]:
    told = trace.once("firmware told", lambda: _all_told(trace.whole))
    first, last = bisect_right(told, after, key=_number), bisect_right(told, until, key=_number)
    return [(m, version) for m, version in told[first:last] if m.seq in trace.numbers]


def _all_told(trace: Trace) -> list[tuple[OcppMessage, str]]:
    said = messages(trace, action=("BootNotification", "GetVariables"), direction="in")
    return [(m, version) for m in said for version in _versions(m)]


def _number(told: tuple[OcppMessage, str]) -> int:
    return told[0].seq


def _changed(trace: Trace, update: Exchange, claim: Claim) -> list[tuple[Event, str]]:
    """What it told after an update otherwise than before it, each way of telling held against itself."""
    sent = update.call.event.seq
    before = {m.action: v for m, v in _telling(trace, -1, sent)}
    running = before.setdefault("BootNotification", str(claim.params["running"]))
    told = _telling(trace, sent, claim.seq)
    return [(m.event, v) for m, v in told if v not in (running, before.get(m.action, v))]


def _versions(message: OcppMessage) -> list[str]:
    if message.action == "BootNotification" and message.type == 2:
        found = [(message.payload.get("chargingStation") or {}).get("firmwareVersion")]
    elif message.action == "GetVariables" and message.type == 3:
        results = message.payload.get("getVariableResult") or []
        found = [r.get("attributeValue") for r in results if isinstance(r, dict) and _is_its_firmware(r)]
    else:
        return []
    return [str(version) for version in found if version]


def _is_its_firmware(result: dict[str, Any]) -> bool:
    names = [(result.get(part) or {}).get("name") for part in ("component", "variable")]
    return [str(name).lower() for name in names] == ["chargingstation", "firmwareversion"]


def _ran_before(trace: Trace, update: Exchange) -> str | None:
    """The version that the charger last told before an update; None when it never did."""
    known = [v for _, v in _told(trace, -1, update.call.event.seq)]
    return known[-1] if known else None


def _fetched(trace: Trace, update: Exchange) -> list[Event]:
    """What our file server was asked of this update's image; it records a transfer when that has ended."""
    location = str((update.call.payload.get("firmware") or {}).get("location", ""))
    return [e for e in trace.of("file.request").after(update.call.event.seq) if _is_at(e, location)]


def _is_at(request: Event, location: str) -> bool:
    name = str(request.data.get("name", ""))
    return bool(name) and location.split("?")[0].endswith(f"/{name}")


def _said(statuses: list[OcppMessage]) -> str:
    return ", ".join(str(m.payload.get("status")) for m in statuses) or "no status at all"


@judge("firmware.installs")
def installs(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """UpdateFirmware `call` was accepted, its signature verified, Installed reported, and `version` runs.

    The charger tells what it runs at a boot, or when asked: new firmware need not come with a reboot (L01.FR.28), and a
    BootNotification need not name it (ChargingStationType.firmwareVersion is optional).
    """
    limit = limits["install"]
    version = str(claim.params["version"])
    expected = f"it checks the signature, installs and reports version {version} within {limit.value:g} {limit.unit}"
    update = _update(trace, claim.params["call"])
    status = update.answer.payload.get("status") if update.answer else "no answer"
    if status not in _ACCEPTED:
        return holds(False, expected, f"the update was answered {status}", update.call.event, clause=_CLAUSE)
    statuses = _statuses(trace, update, claim.seq)
    names = [m.payload.get("status") for m in statuses]
    done = next((m for m in statuses if m.payload.get("status") == "Installed"), None)
    told = _told(trace, update.call.event.seq, claim.seq)
    shown = [e for e, v in told if v == version]
    if done is None or not shown:
        watched_s = seconds(trace.by_seq(claim.seq), update.call.event)
        gave_up = [n for n in names if str(n).endswith("Failed") or n == "InvalidSignature"]
        verdict = Verdict.FAIL if watched_s > limit.value or gave_up else Verdict.INCONCLUSIVE
        seen = f"it said {_said(statuses)}; version {version} was {'shown' if shown else 'not shown'}"
        if gave_up == ["DownloadFailed"] and not _fetched(trace, update):
            verdict, seen = Verdict.INCONCLUSIVE, f"{seen}; our file server was never asked for the image"
        if done is not None and not told:
            verdict, seen = Verdict.INCONCLUSIVE, f"it said {_said(statuses)}, but nowhere which version it runs"
        return found(verdict, expected, seen, update.call.event, clause=_CLAUSE)
    if "SignatureVerified" not in names:
        seen = f"it never said that the signature was verified: {_said(statuses)}"
        return holds(False, expected, seen, done.event, clause="OCPP 2.0.1 L01.FR.01, L01.FR.04")
    if _ran_before(trace, update) == version:
        return unseen(expected, f"it ran version {version} before, so that nothing shows what was installed")
    took_s = max(seconds(done.event, update.call.event), seconds(shown[0], update.call.event))
    verdict, measured = held_against("time to install", took_s, limit)
    seen = f"{_said(statuses)}; version {version} after {took_s:.1f} s"
    return found(
        verdict, expected, seen, update.call.event, done.event, shown[0], clause=_CLAUSE, measurements=[measured]
    )


@judge("firmware.right_one_installed", whole=True)
def right_one_installed(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The control of every refusal: the image that the manufacturer signed, from the same file server, was installed.

    It is the one that a claim of `firmware.installs` is about, before or after this claim.
    """
    expected = "the right firmware from the same place is accepted and installed in this campaign"
    calls = [e.data["params"]["call"] for e in trace.of("claim") if e.data["judge"] == "firmware.installs"]
    if not calls:
        return unseen(expected, "the right firmware was not offered, so that a refusal says nothing")
    for update in (_update(trace, seq) for seq in calls):
        statuses = _statuses(trace, update, trace[-1].seq)
        answer = update.answer.payload.get("status") if update.answer else "no answer"
        done = next((m for m in statuses if m.payload.get("status") == "Installed"), None)
        if answer in _ACCEPTED and done is not None and _fetched(trace, update):
            return holds(True, expected, f"answered {answer}, {_said(statuses)}", update.call.event, done.event)
    seen = f"the right firmware was answered {answer}, then {_said(statuses)}: it may refuse every firmware"
    return found(Verdict.INCONCLUSIVE, expected, seen, update.call.event)


@judge("firmware.refuses", fail_stands=True)
def refuses(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """UpdateFirmware `call` with a wrong image or signer came to one of `statuses` (or `answers`), never Installed.

    It came within the `refusal` time. After it the charger is connected (an exchange was answered after the refusal)
    and runs what it ran before.
    """
    limit = limits["refusal"]
    expected = f"it refuses ({' or '.join([*claim.params.get('answers', []), *claim.params['statuses']])}) and runs on"
    update = _update(trace, claim.params["call"])
    if update.answer is None:
        return holds(False, expected, "the update request was never answered", update.call.event, clause=_CLAUSE)
    answer = str(update.answer.payload.get("status"))
    statuses = _statuses(trace, update, claim.seq)
    names = [str(m.payload.get("status")) for m in statuses]
    changed = _changed(trace, update, claim)
    evidence = [update.call.event, update.answer.event, *(m.event for m in statuses)]
    if "Installed" in names or changed:
        seen = f"it installed it: {_said(statuses)}"
        return holds(False, expected, seen, *evidence, *(e for e, _ in changed), clause=_CLAUSE)
    if "SignatureVerified" in names:
        return holds(False, expected, f"it took the signature for right: {_said(statuses)}", *evidence, clause=_CLAUSE)
    refused = _refusal(update, statuses, claim)
    if refused is None:
        seen = f"answered {answer}, then {_said(statuses)}"
        watched_s = seconds(trace.by_seq(claim.seq), update.call.event)
        verdict = Verdict.FAIL if watched_s > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, seen, *evidence, clause=_CLAUSE)
    if answer in _ACCEPTED and not _fetched(trace, update):
        seen = f"answered {answer}, then {_said(statuses)}; but our file server was never asked for the image"
        return found(Verdict.INCONCLUSIVE, expected, seen, *evidence, clause=_CLAUSE)
    alive = [e for e in exchanges(trace.after(evidence[-1].seq), direction="out") if e.answer is not None]
    if not any(e.answer is not None and e.answer.event.seq <= claim.seq for e in alive):
        silent_s = seconds(trace.by_seq(claim.seq), evidence[-1])
        verdict = Verdict.FAIL if silent_s > limit.value else Verdict.INCONCLUSIVE
        seen = f"refused, but it answered nothing in the {silent_s:.1f} s since"
        return found(verdict, expected, seen, *evidence, clause=_CLAUSE)
    verdict, measured = held_against("time to refuse", seconds(refused, update.call.event), limit)
    seen = f"answered {answer}; {_said(statuses)}, after {measured.value:.1f} s; still there"
    return found(verdict, expected, seen, *evidence, clause=_CLAUSE, measurements=[measured])


def _refusal(update: Exchange, statuses: list[OcppMessage], claim: Claim) -> Event | None:
    """Where it said that it refuses: at once, in its answer, or by a status; None when it did neither."""
    if update.answer is not None and update.answer.payload.get("status") in claim.params.get("answers", []):
        return update.answer.event
    told = (m.event for m in statuses if str(m.payload.get("status")) in claim.params["statuses"])
    return next(told, None)
