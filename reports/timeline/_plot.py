"""The timeline of one case as inline SVG: what was commanded, measured, shown by the light, and judged."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from reports._svg import Pen, Scale, envelope, path, polyline, spread, ticks
from reports._text import number, seconds
from reports.timeline._limits import StepLine
from reports.timeline._plot_rows import (
    GAP,
    LEFT,
    RESPONSE_BAND,
    RIGHT,
    ROW,
    STEP_BAND,
    WIDTH,
    check_rows,
    checks,
    dwells,
    elapsed_s,
    has_responses,
    responses,
    ribbon,
    steps,
    time_axis,
)
from reports.timeline._series import Samples
from reports.timeline._timeline import Timeline


@dataclass(frozen=True)
class Panel:
    """One measured series with the limits of its unit."""

    unit: str  # as shown: "kW" or "A"
    scale: float  # from the trace's unit to the shown one
    measured: Samples
    lines: list[StepLine]
    height: float


def draw(line: Timeline) -> Markup:
    """One self-contained `<svg>`; classes are coloured by the report's style sheet, icons are its `#icon-…` symbols."""
    shown = panels(line)
    rows = check_rows(line)
    head = STEP_BAND + (RESPONSE_BAND if has_responses(line) else 0.0)
    height = head + sum(p.height + GAP for p in shown)
    height += sum(ROW + 4 for present in (line.light, line.pilot) if present)
    height += (len(rows) * ROW + 6 if rows else 0) + 34
    duration = max((line.to_ns - line.from_ns) / 1e9, 0.001)
    x = Scale(0.0, duration, LEFT, WIDTH - RIGHT)
    pen = Pen()
    pen.open(
        "svg",
        class_="plot",
        viewBox=f"0 0 {WIDTH:.0f} {height:.0f}",
        role="img",
        aria_label=f"Timeline of {line.case}: commanded limits and measured values over {seconds(duration)}",
    )
    bottom = head + sum(p.height + GAP for p in shown)
    dwells(pen, line, x, head, bottom)
    steps(pen, line, x, bottom)
    if has_responses(line):
        responses(pen, line, x, STEP_BAND)
    top = head
    for n, panel in enumerate(shown):
        _panel(pen, line, panel, x, top, first=n == 0)
        top += panel.height + GAP
    for label, spans in (("Light", line.light), ("Pilot", line.pilot)):
        if spans:
            ribbon(pen, line, label, spans, x, top)
            top += ROW + 4
    if rows:
        checks(pen, rows, top)
        top += len(rows) * ROW + 6
    time_axis(pen, x, duration, top)
    pen.close("svg")
    return pen.markup()


def panels(line: Timeline) -> list[Panel]:
    """The panels to draw: power, current, or both, as the limits were given in one unit or the other."""
    in_a = [s for s in line.lines if s.unit == "A"]
    in_w = [s for s in line.lines if s.unit == "W"]
    wants_current = bool(in_a) and line.current is not None
    wants_power = line.power is not None and (bool(in_w) or not wants_current)
    both = wants_current and wants_power
    found = []
    if wants_power and line.power is not None:
        found.append(Panel("kW", 1e-3, line.power, in_w, 170.0 if both else 230.0))
    if wants_current or not found:
        measured = line.current or line.power
        assert measured is not None  # `worth_drawing` saw a measured series
        found.append(Panel("A" if measured is line.current else "kW", 1.0, measured, in_a, 170.0 if both else 230.0))
    return found


def _panel(pen: Pen, line: Timeline, panel: Panel, x: Scale, top: float, *, first: bool) -> None:
    points = [(elapsed_s(line, t), v * panel.scale) for t, v in panel.measured.points]
    values = [v for _, v in points] + [v * panel.scale for s in panel.lines for _, v in s.points if v is not None]
    shown = [v for v in values if abs(v) < 1e6]  # a charger that is told "unlimited" must not flatten the curve
    low, high = min([0.0, *shown]), max([0.0, *shown])
    pad = (high - low or 1.0) * 0.12
    y = Scale(low - (pad if low < 0 else 0), high + pad, top + panel.height, top)
    pen.add("rect", class_="frame", x=LEFT, y=top, width=x.end - LEFT, height=panel.height)
    for tick in ticks(y.low, y.high, 7 if panel.height > 200 else 5):
        pen.add("line", class_="grid", x1=LEFT, x2=x.end, y1=y(tick), y2=y(tick))
        pen.add("text", number(tick), class_="tick", x=LEFT - 8, y=y(tick) + 4, text_anchor="end")
    pen.add("text", panel.unit, class_="unit", x=12.0, y=top + 18)
    if low < 0:
        pen.add("line", class_="zero", x1=LEFT, x2=x.end, y1=y(0), y2=y(0))
        pen.add("text", "from the grid", class_="hint", x=12.0, y=y(0) - 16)
        pen.add("text", "to the grid", class_="hint", x=12.0, y=y(0) + 25)
    uncertainty = panel.measured.uncertainty * panel.scale
    if uncertainty and points:
        edge = envelope(points, 240)
        band = [(x(t), y(h + uncertainty)) for t, _, h in edge] + [
            (x(t), y(lo - uncertainty)) for t, lo, _ in reversed(edge)
        ]
        pen.add("path", class_="band", d=path(band, closed=True))
    labels: list[tuple[float, str, str]] = []
    for n, step in enumerate(panel.lines):
        style = f"{step.protocol} {step.protocol}-{n % 3}"
        ends = _step_line(pen, line, panel, step, x, y, style)
        labels.append((ends, step.label, step.protocol))
    if points:
        pen.add("path", class_="measured", d=path([(x(t), y(v)) for t, v in polyline(points)]))
        labels.append((y(points[-1][1]), panel.measured.label, "measured"))
    if first:
        _refusals(pen, line, x, top, panel.height)
    places = spread([at for at, _, _ in labels], 30.0, top + 10, top + panel.height - 14)
    for (at, text, style), place in zip(labels, places, strict=True):
        pen.add("line", class_=f"leader {style}", x1=x.end + 2, y1=at, x2=x.end + 12, y2=place)
        for row, part in enumerate(_broken(text)):
            pen.add("text", part, class_=f"label {style}", x=x.end + 16, y=place + 4 + row * 13)


def _step_line(pen: Pen, line: Timeline, panel: Panel, step: StepLine, x: Scale, y: Scale, style: str) -> float:
    drawn: list[tuple[float, float]] = []
    last = y(0)
    end = elapsed_s(line, line.to_ns)
    for n, (t_ns, value) in enumerate(step.points):
        begins = elapsed_s(line, t_ns)
        if value is None or begins > end:
            pen.add("path", class_=style, d=path(drawn))
            drawn = []
            continue
        ends = elapsed_s(line, step.points[n + 1][0]) if n + 1 < len(step.points) else end
        last = y(value * panel.scale)
        drawn += [(x(begins), last), (x(min(ends, end)), last)]
    if drawn:
        pen.add("path", class_=style, d=path(drawn))
    return last


def _broken(text: str) -> list[str]:
    """A label in at most two lines of about 20 characters."""
    if len(text) <= 20:
        return [text]
    for mark in (" (", ", "):
        if mark in text:
            head, tail = text.split(mark, 1)
            return [head, mark.strip(", ") + tail]
    cut = text.rfind(" ", 0, 20)
    return [text[:cut], text[cut + 1 :]] if cut > 0 else [text]


def _refusals(pen: Pen, line: Timeline, x: Scale, top: float, height: float) -> None:
    for refusal in line.refusals[:6]:
        at = x(elapsed_s(line, refusal.t_ns))
        pen.titled("line", f"not accepted: {refusal.status}", class_="refusal", x1=at, x2=at, y1=top, y2=top + height)
        pen.add("text", f"not accepted: {refusal.status[:40]}", class_="refusaltext", x=at + 5, y=top + height - 8)
