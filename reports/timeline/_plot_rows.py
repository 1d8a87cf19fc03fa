"""The rows of a timeline above and below its curves: steps, dwells, response times, light, pilot, checks, seconds."""

from __future__ import annotations

import itertools

from harness.judge import FindingResult
from reports._svg import Pen, Scale, spread, ticks
from reports._text import number, seconds
from reports._words import VERDICTS
from reports.timeline._series import Span
from reports.timeline._timeline import Response, Timeline

WIDTH, LEFT, RIGHT = 960.0, 92.0, 146.0
STEP_BAND, RESPONSE_BAND, ROW, GAP = 24.0, 16.0, 20.0, 8.0
CHECK_WIDTH = 112.0  # an icon and "OCPP-K01.P002" beside it


def elapsed_s(line: Timeline, t_ns: int) -> float:
    """Seconds from the start of the case to a moment of the trace."""
    return (t_ns - line.from_ns) / 1e9


def steps(pen: Pen, line: Timeline, x: Scale, bottom: float) -> None:
    """Numbered dots where the steps began."""
    places = [x(elapsed_s(line, step.from_ns)) for step in line.steps[:20]]
    dots = spread(places, 20.0, LEFT, x.end)
    for n, (at, dot) in enumerate(zip(places, dots, strict=True), start=1):
        pen.add("path", class_="step", d=f"M{dot:.1f} {STEP_BAND - 5}L{at:.1f} {STEP_BAND}V{bottom:.1f}")
        pen.add("circle", class_="stepdot", cx=dot, cy=10.0, r=9.0)
        pen.add("text", str(n), class_="stepno", x=dot, y=14.0, text_anchor="middle")


def dwells(pen: Pen, line: Timeline, x: Scale, top: float, bottom: float) -> None:
    """Shaded where a value had to hold."""
    for dwell in line.dwells:
        left, right = x(elapsed_s(line, dwell.from_ns)), x(elapsed_s(line, dwell.to_ns))
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


def has_responses(line: Timeline) -> bool:
    """Whether there is anything to show in the response row."""
    return bool(line.responses) or (line.allowed_s is not None and bool(line.commands_ns))


def responses(pen: Pen, line: Timeline, x: Scale, top: float) -> None:
    """Per command a bar for the time that is allowed and, where it was measured, a darker one for the time it took."""
    pen.add("text", "Response", class_="rowname", x=12.0, y=top + 11)
    starts = [*line.commands_ns[:40], line.to_ns]
    for begin_ns, next_ns in itertools.pairwise(starts):
        left = x(elapsed_s(line, begin_ns))
        right = min(x(elapsed_s(line, begin_ns) + (line.allowed_s or 0.0)), x(elapsed_s(line, next_ns)) - 1)
        pen.add("rect", class_="allowed", x=left, y=top + 3, width=max(1.5, right - left), height=8.0)
    slowest: dict[int, Response] = {}
    for response in line.responses:
        known = slowest.get(response.from_ns)
        if line.from_ns <= response.from_ns <= line.to_ns and (known is None or known.took_s < response.took_s):
            slowest[response.from_ns] = response
    for begin_ns, response in sorted(slowest.items())[:20]:
        begins = elapsed_s(line, begin_ns)
        left, right = x(begins), x(begins + response.took_s)
        limit = "" if response.limit_s is None else f" of {number(response.limit_s)} s"
        text = seconds(response.took_s)
        told = f"{response.about}: obeyed after {text}{limit}"
        width = max(1.5, right - left)
        pen.titled("rect", told, class_="used", x=left, y=top + 3, width=width, height=8.0)
        room = x(elapsed_s(line, min((s for s in starts if s > begin_ns), default=line.to_ns))) - right - 8
        if room < 6.2 * len(text) and any(begin_ns < other for other in line.commands_ns):
            continue  # the next command follows at once: its own time is the one to read
        text += limit if 6.2 * len(text + limit) < room else ""
        before = right + 6.2 * len(text) > x.end
        anchor = "end" if before else "start"
        pen.add(
            "text", text, class_="responsetext", x=left - 5 if before else right + 5, y=top + 11, text_anchor=anchor
        )


def ribbon(pen: Pen, line: Timeline, label: str, spans: list[Span], x: Scale, top: float) -> None:
    """A state over time: the light in its colour, the pilot by its letter."""
    pen.add("text", label, class_="rowname", x=12.0, y=top + 14)
    for span in spans[:200]:
        left, right = x(elapsed_s(line, span.from_ns)), x(elapsed_s(line, span.to_ns))
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


def check_rows(line: Timeline) -> list[list[tuple[float, FindingResult]]]:
    """The checks at their moments, spread over as many rows as it takes."""
    duration = max((line.to_ns - line.from_ns) / 1e9, 0.001)
    x = Scale(0.0, duration, LEFT, WIDTH - RIGHT)
    placed: list[tuple[float, FindingResult]] = []
    for check in line.checks[:16]:
        at_ns = check.finding.at_ns
        if at_ns is None or not line.from_ns <= at_ns <= line.to_ns:
            at_ns = line.check_ns[check.claim.seq]
        placed.append((x(elapsed_s(line, at_ns)), check))
    rows: list[list[tuple[float, FindingResult]]] = []
    for at, check in sorted(placed, key=lambda p: p[0]):
        width = CHECK_WIDTH + (46 if check.claim.control else 0)
        row = next((r for r in rows if at > r[-1][0] + CHECK_WIDTH + (46 if r[-1][1].claim.control else 0)), None)
        if row is None:
            rows.append([(min(at, WIDTH - width), check)])
        else:
            row.append((min(at, WIDTH - width), check))
    return rows


def checks(pen: Pen, rows: list[list[tuple[float, FindingResult]]], top: float) -> None:
    """Each check as a verdict icon with its purpose."""
    pen.add("text", "Checks", class_="rowname", x=12.0, y=top + 14)
    for n, row in enumerate(rows):
        for at, check in row:
            word = VERDICTS[check.finding.verdict]
            y = top + n * ROW
            pen.add(
                "use", href=f"#icon-{word.style}", class_=f"ink-{word.style}", x=at - 7, y=y + 2, width=14, height=14
            )
            text = check.claim.about + (" (control)" if check.claim.control else "")
            pen.add("text", text, class_="check", x=at + 10, y=y + 13)


def time_axis(pen: Pen, x: Scale, duration: float, top: float) -> None:
    """Seconds from the start of the case."""
    pen.add("line", class_="axis", x1=LEFT, x2=x.end, y1=top, y2=top)
    for tick in ticks(0.0, duration, 8):
        pen.add("line", class_="axis", x1=x(tick), x2=x(tick), y1=top, y2=top + 4)
        pen.add("text", number(tick), class_="tick", x=x(tick), y=top + 17, text_anchor="middle")
    pen.add("text", "seconds from start", class_="hint", x=x.end + 14, y=top + 17)
