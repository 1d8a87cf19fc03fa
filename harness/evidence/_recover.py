"""Recovery: a campaign whose process was killed is judged on what it recorded, and says that it was interrupted."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from harness.decision import decide
from harness.evidence._facts import dut_record, environment, load_judges
from harness.evidence._seal import SealError
from harness.evidence.bundle import _model, _strict_json
from harness.evidence.bundle._older import major
from harness.evidence.bundle._zip import MAX_BUNDLE_BYTES
from harness.evidence.surrogates._private import PrivateFault, is_private, journal_of, share, write_whole
from harness.evidence.verification._bound import unbound
from harness.judge import CampaignResult, evaluate
from harness.plan import Plan
from harness.trace import Clock, Recorder, Trace, TraceError, read_trace
from plain_files import is_there, octets_of


@dataclass(frozen=True)
class Recovered:
    """`events` in the trace now; `dropped_bytes` of a torn last line; `written` are the files made anew."""

    interrupted: bool
    events: int
    dropped_bytes: int
    written: tuple[str, ...]
    result: CampaignResult


def recover(evidence_dir: Path, clock: Clock | None = None) -> Recovered:
    """Make a killed campaign's folder ready for `seal`.

    A torn last line is cut off, and an event `campaign.recovered` says so: nothing is mended in silence. Verdicts are
    judged anew from the trace, where the missing `campaign.ended` makes them "interrupted". A campaign that had ended
    gets no event, and keeps its verdicts where they follow from the trace. Of a real charger the private journal is
    continued, and the trace that is judged and sealed is made from it anew. Raises SealError when there is nothing to
    judge or the journal is damaged, BlockingIOError while the campaign still runs.
    """
    plan = _plan(evidence_dir)
    _untouched(evidence_dir, plan)
    try:
        recorder = Recorder.append_to(journal_of(evidence_dir), clock, torn_tail=True)
    except FileNotFoundError as error:
        raise SealError(
            f"{evidence_dir / _model.TRACE} is missing: nothing was recorded, so there is no evidence"
        ) from error
    except (TraceError, OverflowError) as error:  # the latter: a time or a number that no recorder writes
        raise SealError(f"the trace is damaged, not just cut short: {error}") from error
    try:
        _say_so(recorder)
        trace = Trace(recorder.events)
    finally:
        recorder.close()
    written = []
    if is_private(evidence_dir):
        before = _octets(evidence_dir / _model.TRACE)
        try:
            trace = share(evidence_dir)
        except PrivateFault as error:
            raise SealError(str(error)) from error
        written += [_model.TRACE] if before != _octets(evidence_dir / _model.TRACE) else []
    interrupted = not any(e.kind == "campaign.ended" for e in trace)
    load_judges()
    result = decide(plan, trace, evaluate(trace, plan.limits, plan.overdue))
    stale = _read(evidence_dir / _model.VERDICTS) != msgspec.json.decode(msgspec.json.encode(result))
    dut = dut_record(plan, trace)
    for name, value, anew in (
        (_model.DUT, dut, _read(evidence_dir / _model.DUT) != msgspec.json.decode(msgspec.json.encode(dut))),
        (_model.ENVIRONMENT, environment(at_recovery=True), False),
        (_model.VERDICTS, result, stale),
    ):
        if anew or _read(evidence_dir / name) is None:
            write_whole(evidence_dir / name, _model.to_json(value))
            written.append(name)
    return Recovered(
        interrupted=interrupted,
        events=len(trace),
        dropped_bytes=len(recorder.dropped),
        written=tuple(written),
        result=result,
    )


def _plan(folder: Path) -> Plan:
    path = folder / _model.PLAN
    try:
        value = _strict_json.decode(octets_of(path, most=MAX_BUNDLE_BYTES))
        if isinstance(value, dict) and major(value.get("schema")) == 1:
            raise SealError(f"{path} is of a shape that chargeproof 0.1 wrote; seal the folder with that version")
        return msgspec.convert(value, Plan)
    except FileNotFoundError as error:
        raise SealError(
            f"{path} is missing: the campaign ended before its plan was made, there is nothing to judge"
        ) from error
    except (msgspec.ValidationError, _strict_json.JsonFault) as error:
        raise SealError(f"{path} cannot be read: {error}") from error


def _untouched(folder: Path, plan: Plan) -> None:
    """Refuse a folder whose files are not those that its trace began with, before anything is written into it."""
    try:
        trace = read_trace(journal_of(folder), torn_tail=True)
    except (FileNotFoundError, TraceError):
        return  # said by whoever continues the journal
    if not trace:
        raise SealError(f"{journal_of(folder)} is empty: nothing was recorded, so there is no evidence")
    files = {
        p.relative_to(folder).as_posix(): octets_of(p, most=MAX_BUNDLE_BYTES)
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }
    if found := unbound(plan, trace, files):
        raise SealError("; ".join(str(problem) for problem in found))


def _say_so(recorder: Recorder) -> None:
    """Record the recovery, once: a second `seal` of the same folder adds nothing."""
    events, dropped = recorder.events, recorder.dropped
    ended = any(e.kind == "campaign.ended" for e in events)
    last = next((e.kind for e in reversed(events) if e.kind != "run.explained"), "")
    told = last == "campaign.recovered"
    if dropped or not (ended or told):
        data = {
            "reason": "the campaign's process ended before it recorded its end",
            "events_before": len(events),
            "dropped_bytes": len(dropped),
            "dropped_sha256": hashlib.sha256(dropped).hexdigest() if dropped else None,
        }
        recorder.record("campaign.recovered", "harness", data)


def _octets(path: Path) -> bytes:
    return octets_of(path, most=MAX_BUNDLE_BYTES) if is_there(path) else b""


def _read(path: Path) -> Any:
    """A JSON file's value; None when it is absent or was cut off by the kill."""
    try:
        return _strict_json.decode(octets_of(path, most=MAX_BUNDLE_BYTES))
    except (FileNotFoundError, _strict_json.JsonFault):
        return None
