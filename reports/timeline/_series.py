"""Readings and states of an instrument over time, as a trace holds them: measured series, lights, pilot, steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.trace import Event, Trace

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


def samples(meter: Trace, label: str, unit: str, names: tuple[str, ...], uncertain: tuple[str, ...]) -> Samples | None:
    """A measured series, of several phases the highest; None where the meter told none of `names`."""
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


def light(values: dict[str, Any]) -> tuple[str, tuple[int, int, int] | None, str]:
    """A light's reading as (text, colour, pattern)."""
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


def pilot(values: dict[str, Any]) -> tuple[str, tuple[int, int, int] | None, str]:
    """The pilot's state in the shape of a light's reading."""
    return str(values.get("state", "?")), None, "steady"


def states(samples: Trace, end_ns: int, read: Any) -> list[Span]:
    """The spans over which an instrument told the same; the last ends at `end_ns`."""
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


def what(event: Event) -> str:
    """What a wait is for."""
    return str(event.data.get("what", ""))


def step_name(event: Event) -> str:
    """A step's text."""
    return str(event.data.get("text") or event.step or "")


def pairs(events: Trace, start: str, end: str, end_ns: int, name: Any) -> list[Span]:
    """The spans between events that start and end something; what never ended ends at `end_ns`."""
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
