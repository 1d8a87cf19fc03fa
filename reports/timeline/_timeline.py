"""One run of a test case as something that can be drawn: measured series, commanded steps, states, checks and waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from harness.judge import FindingResult
from harness.trace import Event, Scope, Trace
from reports._results import criteria_of
from reports._view import EvidenceView
from reports.timeline._limits import Refusal, StepLine, ocpp_lines, site_lines, v2g_lines
from reports.timeline._series import CURRENTS, Samples, Span, light, pairs, pilot, samples, states, step_name, what

RESPONSE = "response time"  # how the setpoint judges call their measurement
RESPONSE_ROLE = "response"  # the limit's role in the plan


@dataclass(frozen=True)
class Response:
    """A measured time to comply: from the command to the moment it was obeyed, and how long it may take."""

    from_ns: int
    took_s: float
    limit_s: float | None
    about: str  # the purpose's or criterion's id


@dataclass
class Timeline:
    """One run of one case. All times are the trace's t_ns."""

    case: str
    title: str
    run: int
    runs: int
    from_ns: int
    to_ns: int
    power: Samples | None = None
    current: Samples | None = None
    lines: list[StepLine] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    light: list[Span] = field(default_factory=list)
    pilot: list[Span] = field(default_factory=list)
    steps: list[Span] = field(default_factory=list)
    dwells: list[Span] = field(default_factory=list)
    checks: list[FindingResult] = field(default_factory=list)
    responses: list[Response] = field(default_factory=list)
    allowed_s: float | None = None  # the contract's response time, when there is one
    check_ns: dict[int, int] = field(default_factory=dict)  # claim number -> when it was made
    function: str = ""  # the case's, whatever its conditions
    purposes: tuple[str, ...] = ()

    @property
    def about(self) -> list[str]:
        """The purposes and criteria that it tells something of."""
        return list(dict.fromkeys((*self.purposes, *(c.claim.about for c in self.checks))))

    @property
    def commands_ns(self) -> list[int]:
        """When a limit or setpoint was sent, from the first measured moment on."""
        return sorted({t for s in self.lines if s.protocol != "v2g" for t, _ in s.points if t <= self.to_ns})

    @property
    def worth_drawing(self) -> bool:
        """Whether there is a measured series and anything that explains it."""
        measured = [s for s in (self.power, self.current) if s and len(s.points) > 1]
        moved = any(max(v for _, v in s.points) - min(v for _, v in s.points) > 1 for s in measured)
        changed = len(self.light) > 1 or len(self.pilot) > 1
        return bool(measured) and (bool(self.lines) or bool(self.refusals) or (moved and changed))


def timelines(view: EvidenceView) -> list[Timeline]:
    """The runs of all cases worth drawing, in the order they ran."""
    cases = {case.id: case for case in view.plan.cases}
    findings = {f.claim.seq: f for f in _findings(view)}
    taken = list(_runs(view.trace))
    runs = Counter(case for case, _ in taken)
    run: Counter[str] = Counter()
    found = []
    for case, events in taken:
        start = events[0]
        events = Scope(events, station=start.station, evse=start.evse)  # another EVSE's meter is another picture
        ends = [e for e in events if e.kind in ("step.ended", "claim")]
        if ends:  # putting the charger back afterwards is no part of the story
            events = events.between(start.t_ns, ends[-1].t_ns)
        planned = cases.get(case)
        run[case] += 1
        line = Timeline(
            case=case,
            title=(planned.title if planned else "") or str(start.data.get("title", "")),
            run=run[case],
            runs=runs[case],
            from_ns=start.t_ns,
            to_ns=max(e.t_ns for e in events),
            function=planned.function if planned else case,
            purposes=planned.purposes if planned else (),
            allowed_s=_allowed_s(view, planned.purposes if planned else ()),
        )
        _fill(line, events, findings)
        if line.worth_drawing:
            found.append(line)
    return found


def _findings(view: EvidenceView) -> Iterator[FindingResult]:
    """All findings, those of purposes and those of criteria."""
    for purpose in view.result.purposes:
        yield from purpose.findings
    for criterion in criteria_of(view.result):
        yield from criterion.findings


def _allowed_s(view: EvidenceView, purposes: Sequence[str]) -> float | None:
    """The time that the contract allows for a change: the strictest of the case's purposes."""
    limits = [view.plan.limits.get(purpose, {}).get(RESPONSE_ROLE) for purpose in purposes]
    return min((limit.value for limit in limits if limit is not None and limit.unit == "s"), default=None)


def _runs(trace: Trace) -> Iterator[tuple[str, Trace]]:
    """Each run of a case with its events, from its start to its end or to the next one's start."""
    events: list[Event] = []
    for event in trace:
        if event.kind == "case.started":
            if events:
                yield _case_of(events[0]), Trace(events)
            events = []
        elif not events:
            continue
        events.append(event)
        if event.kind == "case.ended":
            yield _case_of(events[0]), Trace(events)
            events = []
    if events:
        yield _case_of(events[0]), Trace(events)


def _case_of(start: Event) -> str:
    return start.case or str(start.data.get("case", ""))


def _fill(line: Timeline, events: Trace, findings: dict[int, FindingResult]) -> None:
    line.lines, line.refusals = ocpp_lines(events)
    line.lines += v2g_lines(events) + site_lines(events)
    meter = events.of("bench.sample", who="bench.meter")
    line.power = samples(meter, "measured power", "W", ("p_w",), ("p_w",))
    line.current = samples(meter, "measured current", "A", CURRENTS, (*CURRENTS, "i_a"))
    line.light = states(events.of("bench.sample", who="bench.light"), line.to_ns, light)
    line.pilot = states(events.of("bench.sample", who="bench.pilot"), line.to_ns, pilot)
    line.steps = pairs(events, "step.started", "step.ended", line.to_ns, step_name)
    line.dwells = pairs(
        events.where(lambda e: e.data.get("on") == "contract"), "wait.started", "wait.ended", line.to_ns, what
    )
    numbers = {e.seq: e.t_ns for e in events if e.kind == "claim"}
    line.check_ns = numbers
    line.checks = [findings[seq] for seq in numbers if seq in findings]
    line.responses = [r for f in line.checks for r in _responses(f, events)]


def _responses(found: FindingResult, events: Trace) -> Iterator[Response]:
    commands = []
    for value in found.claim.params.values():
        if isinstance(value, int) and not isinstance(value, bool):
            commands += [e for e in events if e.seq == value and e.kind == "ocpp.frame" and e.data.get("dir") == "out"]
    for each in found.finding.measurements:
        if each.unit != "s" or each.name != RESPONSE:
            continue
        if commands:
            yield Response(commands[0].t_ns, each.value, each.limit, found.claim.about)
        elif each.at_ns is not None:
            yield Response(each.at_ns - int(each.value * 1e9), each.value, each.limit, found.claim.about)
