"""The steps of an Allure result: findings, and places at which a rule did not hold, with the events they rest on."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Parameter, Status, StatusDetails, TestStepResult

from harness.judge import FindingResult, Measurement, RuleOutcome, Verdict
from reports._evidence_line import describe
from reports._text import WallClock, number, visible
from reports._view import EvidenceView

ATTACHED_EVENTS = 50


def step_of(
    view: EvidenceView, clock: WallClock, logger: AllureFileLogger | None, found: FindingResult
) -> TestStepResult:
    finding = found.finding
    statuses = {Verdict.PASS: Status.PASSED, Verdict.FAIL: Status.FAILED, Verdict.ERROR: Status.BROKEN}
    times = [t for t in (_ms(clock, ns) for ns in moments_of(view, found)) if t is not None]
    control = "Positive control: " if found.claim.control else ""
    return TestStepResult(
        name=safe(f"{control}{finding.seen}"),
        status=statuses.get(finding.verdict, Status.UNKNOWN),
        statusDetails=StatusDetails(message=safe(f"Expected: {finding.expected}")),
        stage="finished",
        start=min(times) if times else None,
        stop=max(times) if times else None,
        parameters=[Parameter(name=safe(m.name), value=safe(_measured(m))) for m in finding.measurements],
        attachments=[_evidence(view, logger, found)] if finding.events and logger is not None else [],
    )


def steps_of_rule(
    view: EvidenceView, clock: WallClock, logger: AllureFileLogger | None, outcome: RuleOutcome
) -> list[TestStepResult]:
    """A failed step for each kind of place at which a rule did not hold, the most frequent first."""
    steps = []
    for place in outcome.places:
        times = [t for t in (_ms(clock, ns) for ns in _times_of(view, place.events)) if t is not None]
        often = f" ({place.times} times)" if place.times > 1 else ""
        title = f"Events of {outcome.label}: {place.seen}"
        attached = [_attached(view, logger, title, title, place.events)] if logger is not None else []
        steps.append(
            TestStepResult(
                name=safe(f"{place.seen}{often}"),
                status=Status.FAILED,
                statusDetails=StatusDetails(message=safe(f"Expected: {outcome.statement}")),
                stage="finished",
                start=min(times) if times else None,
                stop=max(times) if times else None,
                attachments=attached,
            )
        )
    return steps


def times_of_rule(view: EvidenceView, clock: WallClock, outcome: RuleOutcome) -> list[int]:
    """When a rule did not hold, in milliseconds since 1970."""
    return times_ms(clock, (ns for place in outcome.places for ns in _times_of(view, place.events)))


def times_ms(clock: WallClock, moments: Iterable[int]) -> list[int]:
    """Moments of the trace in milliseconds since 1970, in order; those that no clock tells are left out."""
    return sorted(t for t in (_ms(clock, ns) for ns in moments) if t is not None)


def _times_of(view: EvidenceView, events: Iterable[int]) -> list[int]:
    found = []
    for seq in events:
        try:
            found.append(view.trace.by_seq(seq).t_ns)
        except KeyError:
            continue
    return found


def _evidence(view: EvidenceView, logger: AllureFileLogger, found: FindingResult) -> Attachment:
    seq = found.claim.seq
    return _attached(view, logger, f"claim/{seq}", f"Events of claim #{seq}", found.finding.events)


def _attached(
    view: EvidenceView, logger: AllureFileLogger, key: str, title: str, events: tuple[int, ...]
) -> Attachment:
    """Events as a text file."""
    lines = []
    for seq in events[:ATTACHED_EVENTS]:
        try:
            event = view.trace.by_seq(seq)
        except KeyError:
            lines.append(f"#{seq} is not in the trace")
            continue
        what, raw = describe(event)
        lines += [f"#{seq} {event.utc} {event.who}: {what}", *([raw] if raw else [])]
    rest = len(events) - ATTACHED_EVENTS
    lines += [f"… and {rest} more events in the trace"] if rest > 0 else []
    name = f"{uuid.uuid5(uuid.NAMESPACE_URL, f'{view.trace_head}/{key}')}-attachment.txt"
    logger.report_attached_data(safe("\n".join(lines)), name)
    return Attachment(name=safe(title), source=name, type="text/plain")


def _measured(m: Measurement) -> str:
    spread = f" ± {number(m.uncertainty, like=m.uncertainty)}" if m.uncertainty else ""
    limit = f" ({str(m.sense or 'limit').replace('_', ' ')} {number(m.limit)} {m.unit})" if m.limit is not None else ""
    return f"{number(m.value, like=m.uncertainty)}{spread} {m.unit}{limit}"


def moments_of(view: EvidenceView, found: FindingResult) -> list[int]:
    """When the events of a finding happened, and when it was claimed (t_ns)."""
    moments = [found.finding.at_ns] if found.finding.at_ns is not None else []
    for seq in (*found.finding.events[:1], *found.finding.events[-1:], found.claim.seq):
        try:
            moments.append(view.trace.by_seq(seq).t_ns)
        except KeyError:
            continue
    return moments


def _ms(clock: WallClock, t_ns: int) -> int | None:
    moment: datetime | None = clock.at(t_ns)
    return None if moment is None else int(moment.timestamp() * 1000)


def safe(text: str) -> str:
    """A text as a file can hold it."""
    return str(visible(text)).encode("utf-8", "replace").decode()
