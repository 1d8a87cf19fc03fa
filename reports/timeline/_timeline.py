"""One run of a test case as something that can be drawn: measured series, commanded steps, states, checks and waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.judge import FindingResult
from harness.trace import Event, Trace
from reports._results import criteria_of
from reports._view import EvidenceView
from reports.timeline._limits import Refusal, StepLine, ocpp_lines, site_lines, v2g_lines

RESPONSE = "response time"  # how the setpoint judges call their measurement
RESPONSE_ROLE = "response"  # the limit's role in the plan
LIGHTS = {  # a colour's name is drawn alike, however bright the sensor saw it at that moment
    "red": (205, 45, 45), "orange": (240, 140, 30), "yellow": (240, 205, 60), "green": (40, 160, 85),
    "cyan": (60, 180, 205), "blue": (45, 105, 205), "purple": (135, 70, 180), "magenta": (200, 60, 160),
    "white": (245, 245, 245),
}  # fmt: skip
CURRENTS = ("i_l1_a", "i_l2_a", "i_l3_a")


@dataclass
class Samples:
    """A measured series: (t_ns, value) in `unit`, with the instrument's uncertainty in the same unit."""

    label: str
    unit: str
    points: list[tuple[int, float]] = field(default_factory=list)
    uncertainty: float = 0.0


@dataclass(frozen=True)
class Span:
    """A state that held from one moment to another; `fill` is a light's colour as (r, g, b) when it is known."""

    from_ns: int
    to_ns: int
    text: str
    fill: tuple[int, int, int] | None = None
    pattern: str = "steady"


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
    line.power = _samples(meter, "measured power", "W", ("p_w",), ("p_w",))
    line.current = _samples(meter, "measured current", "A", CURRENTS, (*CURRENTS, "i_a"))
    line.light = _states(events.of("bench.sample", who="bench.light"), line.to_ns, _light)
    line.pilot = _states(events.of("bench.sample", who="bench.pilot"), line.to_ns, _pilot)
    line.steps = _pairs(events, "step.started", "step.ended", line.to_ns, _step_name)
    line.dwells = _pairs(
        events.where(lambda e: e.data.get("on") == "contract"), "wait.started", "wait.ended", line.to_ns, _what
    )
    numbers = {e.seq: e.t_ns for e in events if e.kind == "claim"}
    line.check_ns = numbers
    line.checks = [findings[seq] for seq in numbers if seq in findings]
    line.responses = [r for f in line.checks for r in _responses(f, events)]


def _samples(meter: Trace, label: str, unit: str, names: tuple[str, ...], uncertain: tuple[str, ...]) -> Samples | None:
    series = Samples(label, unit)
    phases = 1
    for event in meter:
        values = event.data.get("values")
        if not isinstance(values, dict):
            continue
        present = [float(values[n]) for n in names if _is_number(values.get(n))]
        if not present:
            continue
        phases = max(phases, len(present))
        series.points.append((event.t_ns, max(present, key=abs)))
        given = event.data.get("uncertainty")
        if isinstance(given, dict):
            series.uncertainty = max(
                [series.uncertainty, *(float(given[n]) for n in uncertain if _is_number(given.get(n)))]
            )
    if phases > 1:
        series.label += ", highest phase"
    series.points.sort()
    return series if series.points else None


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _light(values: dict[str, Any]) -> tuple[str, tuple[int, int, int] | None, str]:
    pattern = str(values.get("pattern", "steady"))
    colour = str(values.get("colour", ""))
    known = LIGHTS.get(colour)
    if known is not None and pattern != "off":
        return (colour if pattern == "steady" else f"{colour}, {pattern}"), known, pattern
    rgb = tuple(max(0, min(255, int(values[c]))) for c in "rgb" if _is_number(values.get(c)))
    if pattern == "off" or colour in ("", "off", "dark"):
        return "off", None, "off"
    text = colour if pattern == "steady" else f"{colour}, {pattern}"
    return text, (rgb[0], rgb[1], rgb[2]) if len(rgb) == 3 else None, pattern


def _pilot(values: dict[str, Any]) -> tuple[str, tuple[int, int, int] | None, str]:
    return str(values.get("state", "?")), None, "steady"


def _states(samples: Trace, end_ns: int, read: Any) -> list[Span]:
    spans: list[Span] = []
    for event in samples:
        values = event.data.get("values")
        if not isinstance(values, dict):
            continue
        text, fill, pattern = read(values)
        if spans and spans[-1].text == text:
            continue
        if spans:
            last = spans[-1]
            spans[-1] = Span(last.from_ns, event.t_ns, last.text, last.fill, last.pattern)
        spans.append(Span(event.t_ns, end_ns, text, fill, pattern))
    return spans


def _what(event: Event) -> str:
    return str(event.data.get("what", ""))


def _step_name(event: Event) -> str:
    return str(event.data.get("text") or event.step or "")


def _pairs(events: Trace, start: str, end: str, end_ns: int, name: Any) -> list[Span]:
    spans: list[Span] = []
    still_open: list[int] = []
    for event in events:
        if event.kind == start:
            spans.append(Span(event.t_ns, end_ns, name(event)))
            still_open.append(len(spans) - 1)
        elif event.kind == end and still_open:
            opened = still_open.pop()
            spans[opened] = Span(spans[opened].from_ns, event.t_ns, spans[opened].text)
    return spans


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
