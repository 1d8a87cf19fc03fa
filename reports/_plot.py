"""The timeline of one case as inline SVG: what was commanded, measured, shown by the light, and judged."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from markupsafe import Markup

from harness.judge import FindingResult
from reports._limits import StepLine
from reports._svg import Pen, Scale, envelope, path, polyline, spread, ticks
from reports._text import number, seconds
from reports._timeline import Response, Samples, Span, Timeline
from reports._words import VERDICTS

WIDTH, LEFT, RIGHT = 960.0, 92.0, 146.0
STEP_BAND, RESPONSE_BAND, ROW, GAP = 24.0, 16.0, 20.0, 8.0
CHECK_WIDTH = 76.0  # an icon and "SC-04.2" beside it


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
    rows = _check_rows(line)
    head = STEP_BAND + (RESPONSE_BAND if _has_responses(line) else 0.0)
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
    _dwells(pen, line, x, head, bottom)
    _steps(pen, line, x, bottom)
    if _has_responses(line):
        _responses(pen, line, x, STEP_BAND)
    top = head
    for n, panel in enumerate(shown):
        _panel(pen, line, panel, x, top, first=n == 0)
        top += panel.height + GAP
    for label, spans in (("Light", line.light), ("Pilot", line.pilot)):
        if spans:
            _ribbon(pen, line, label, spans, x, top)
            top += ROW + 4
    if rows:
        _checks(pen, rows, top)
        top += len(rows) * ROW + 6
    _time_axis(pen, x, duration, top)
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


def _has_responses(line: Timeline) -> bool:
    return bool(line.responses) or (line.allowed_s is not None and bool(line.commands_ns))


def _seconds(line: Timeline, t_ns: int) -> float:
    return (t_ns - line.from_ns) / 1e9


def _panel(pen: Pen, line: Timeline, panel: Panel, x: Scale, top: float, *, first: bool) -> None:
    points = [(_seconds(line, t), v * panel.scale) for t, v in panel.measured.points]
    values = [v for _, v in points] + [v * panel.scale for s in panel.lines for _, v in s.points if v is not None]
    shown = [v for v in values if abs(v) < 1e6]  # a charger that is told "unlimited" must not flatten the curve
    low, high = min([0.0, *shown]), max([0.0, *shown])
    pad = (high - low or 1.0) * 0.12
    y = Scale(low - (pad if low < 0 else 0), high + pad, top + panel.height, top)
    pen.add("rect", class_="frame", x=LEFT, y=top, width=x.end - LEFT, height=panel.height)
    for tick in ticks(y.low, y.high, 5):
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
    end = _seconds(line, line.to_ns)
    for n, (t_ns, value) in enumerate(step.points):
        begins = _seconds(line, t_ns)
        if value is None or begins > end:
            pen.add("path", class_=style, d=path(drawn))
            drawn = []
            continue
        ends = _seconds(line, step.points[n + 1][0]) if n + 1 < len(step.points) else end
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


def _steps(pen: Pen, line: Timeline, x: Scale, bottom: float) -> None:
    places = [x(_seconds(line, step.from_ns)) for step in line.steps[:20]]
    dots = spread(places, 20.0, LEFT, x.end)
    for n, (at, dot) in enumerate(zip(places, dots, strict=True), start=1):
        pen.add("path", class_="step", d=f"M{dot:.1f} {STEP_BAND - 5}L{at:.1f} {STEP_BAND}V{bottom:.1f}")
        pen.add("circle", class_="stepdot", cx=dot, cy=10.0, r=9.0)
        pen.add("text", str(n), class_="stepno", x=dot, y=14.0, text_anchor="middle")


def _dwells(pen: Pen, line: Timeline, x: Scale, top: float, bottom: float) -> None:
    for dwell in line.dwells:
        left, right = x(_seconds(line, dwell.from_ns)), x(_seconds(line, dwell.to_ns))
        took = (dwell.to_ns - dwell.from_ns) / 1e9
        pen.titled(
            "rect",
            f"{dwell.text or 'dwell'}: {seconds(took)}",
            class_="dwell",
            x=left,
            y=top,
            width=max(1.0, right - left),
            height=bottom - top - GAP,
        )
        if right - left > 70:
            text = f"held {seconds(took)}"
            pen.add("text", text, class_="hint", x=(left + right) / 2, y=bottom - GAP - 6, text_anchor="middle")


def _responses(pen: Pen, line: Timeline, x: Scale, top: float) -> None:
    """Per command a bar for the time that is allowed and, where it was measured, a darker one for the time it took."""
    pen.add("text", "Response", class_="rowname", x=12.0, y=top + 11)
    starts = [*line.commands_ns[:40], line.to_ns]
    for begin_ns, next_ns in itertools.pairwise(starts):
        left = x(_seconds(line, begin_ns))
        right = min(x(_seconds(line, begin_ns) + (line.allowed_s or 0.0)), x(_seconds(line, next_ns)) - 1)
        pen.add("rect", class_="allowed", x=left, y=top + 3, width=max(1.5, right - left), height=8.0)
    slowest: dict[int, Response] = {}
    for response in line.responses:
        known = slowest.get(response.from_ns)
        if line.from_ns <= response.from_ns <= line.to_ns and (known is None or known.took_s < response.took_s):
            slowest[response.from_ns] = response
    for begin_ns, response in sorted(slowest.items())[:20]:
        begins = _seconds(line, begin_ns)
        left, right = x(begins), x(begins + response.took_s)
        limit = "" if response.limit_s is None else f" of {number(response.limit_s)} s"
        text = seconds(response.took_s)
        told = f"{response.criterion}: obeyed after {text}{limit}"
        width = max(1.5, right - left)
        pen.titled("rect", told, class_="used", x=left, y=top + 3, width=width, height=8.0)
        room = x(_seconds(line, min((s for s in starts if s > begin_ns), default=line.to_ns))) - right - 8
        text += limit if 6.2 * len(text + limit) < room else ""
        before = right + 6.2 * len(text) > x.end
        anchor = "end" if before else "start"
        pen.add(
            "text", text, class_="responsetext", x=left - 5 if before else right + 5, y=top + 11, text_anchor=anchor
        )


def _refusals(pen: Pen, line: Timeline, x: Scale, top: float, height: float) -> None:
    for refusal in line.refusals[:6]:
        at = x(_seconds(line, refusal.t_ns))
        pen.titled("line", f"not accepted: {refusal.status}", class_="refusal", x1=at, x2=at, y1=top, y2=top + height)
        pen.add("text", f"not accepted: {refusal.status[:40]}", class_="refusaltext", x=at + 5, y=top + height - 8)


def _ribbon(pen: Pen, line: Timeline, label: str, spans: list[Span], x: Scale, top: float) -> None:
    pen.add("text", label, class_="rowname", x=12.0, y=top + 14)
    for span in spans[:200]:
        left, right = x(_seconds(line, span.from_ns)), x(_seconds(line, span.to_ns))
        box: dict[str, float] = {"x": left, "y": top, "width": max(0.8, right - left), "height": ROW - 2}
        style = "lit" if span.fill else "pilot" if label == "Pilot" else "unlit"
        if label == "Pilot":
            style += f" pilot-{span.text if span.text in ('A', 'B', 'C', 'D', 'E', 'F') else 'x'}"
        took = seconds((span.to_ns - span.from_ns) / 1e9)
        if span.fill:
            pen.titled(
                "rect",
                f"{label}: {span.text} for {took}",
                class_=style,
                fill="#{:02x}{:02x}{:02x}".format(*span.fill),
                **box,
            )
        else:
            pen.titled("rect", f"{label}: {span.text} for {took}", class_=style, **box)
        if span.pattern in ("pulsing", "blinking"):
            pen.add("rect", None, class_="moving", **box)
        if right - left > 6.4 * len(span.text) + 10:
            light = span.fill is not None and sum(span.fill) < 400
            ink = "onlight" if light or (label == "Pilot" and span.text in ("C", "D", "E", "F")) else "ondark"
            pen.add("text", span.text, class_=f"state {ink}", x=(left + right) / 2, y=top + 13, text_anchor="middle")


def _check_rows(line: Timeline) -> list[list[tuple[float, FindingResult]]]:
    duration = max((line.to_ns - line.from_ns) / 1e9, 0.001)
    x = Scale(0.0, duration, LEFT, WIDTH - RIGHT)
    placed: list[tuple[float, FindingResult]] = []
    for check in line.checks[:16]:
        at_ns = check.finding.at_ns
        if at_ns is None or not line.from_ns <= at_ns <= line.to_ns:
            at_ns = line.check_ns[check.claim.seq]
        placed.append((x(_seconds(line, at_ns)), check))
    rows: list[list[tuple[float, FindingResult]]] = []
    for at, check in sorted(placed, key=lambda p: p[0]):
        width = CHECK_WIDTH + (46 if check.claim.control else 0)
        row = next((r for r in rows if at > r[-1][0] + CHECK_WIDTH + (46 if r[-1][1].claim.control else 0)), None)
        if row is None:
            rows.append([(min(at, WIDTH - width), check)])
        else:
            row.append((min(at, WIDTH - width), check))
    return rows


def _checks(pen: Pen, rows: list[list[tuple[float, FindingResult]]], top: float) -> None:
    pen.add("text", "Checks", class_="rowname", x=12.0, y=top + 14)
    for n, row in enumerate(rows):
        for at, check in row:
            word = VERDICTS[check.finding.verdict]
            y = top + n * ROW
            pen.add(
                "use", href=f"#icon-{word.style}", class_=f"ink-{word.style}", x=at - 7, y=y + 2, width=14, height=14
            )
            text = check.claim.criterion + (" (control)" if check.claim.control else "")
            pen.add("text", text, class_="check", x=at + 10, y=y + 13)


def _time_axis(pen: Pen, x: Scale, duration: float, top: float) -> None:
    pen.add("line", class_="axis", x1=LEFT, x2=x.end, y1=top, y2=top)
    for tick in ticks(0.0, duration, 8):
        pen.add("line", class_="axis", x1=x(tick), x2=x(tick), y1=top, y2=top + 4)
        pen.add("text", number(tick), class_="tick", x=x(tick), y=top + 17, text_anchor="middle")
    pen.add("text", "seconds from start", class_="hint", x=x.end + 14, y=top + 17)
