"""One measurement as a small drawing: the limit with its tolerance, the value with its uncertainty."""

from __future__ import annotations

from markupsafe import Markup

from harness.judge import Measurement
from reports._svg import Pen, Scale
from reports._text import number
from requirement_catalog import Sense

WIDTH, HEIGHT = 220.0, 30.0


def gauge(measured: Measurement) -> Markup:
    """An inline `<svg>`; empty when there is no limit to hold the value against."""
    if measured.limit is None:
        return Markup("")
    border = measured.limit + (measured.tolerance if measured.sense is not Sense.AT_LEAST else -measured.tolerance)
    marks = [
        measured.limit,
        border,
        measured.value - measured.uncertainty,
        measured.value + measured.uncertainty,
    ]
    if 0 <= min(marks) < max(marks) * 0.5:
        marks.append(0.0)  # a duration or a power is read from zero
    low, high = min(marks), max(marks)
    pad = (high - low or abs(high) or 1.0) * 0.12
    x = Scale(low - (0 if low == 0 else pad), high + pad, 6.0, WIDTH - 6.0)
    side = "at most" if measured.sense is not Sense.AT_LEAST else "at least"
    pen = Pen()
    pen.open(
        "svg",
        class_="gauge",
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        role="img",
        aria_label=f"measured {number(measured.value)} {measured.unit}, limit {side} {number(measured.limit)}",
    )
    if measured.sense is None:
        inside = (x.start, x.start)  # which side is allowed, only the finding's words say
    else:
        inside = (x.start, x(border)) if side == "at most" else (x(border), x.end)
    pen.add("rect", class_="track", x=x.start, y=12, width=x.end - x.start, height=6, rx=3)
    pen.add("rect", class_="allowed", x=inside[0], y=12, width=max(0.0, inside[1] - inside[0]), height=6, rx=3)
    pen.add("line", class_="limit", x1=x(measured.limit), x2=x(measured.limit), y1=4, y2=26)
    if measured.tolerance:
        pen.add("line", class_="tolerance", x1=x(border), x2=x(border), y1=7, y2=23)
    if measured.uncertainty:
        left, right = x(measured.value - measured.uncertainty), x(measured.value + measured.uncertainty)
        pen.add("line", class_="whisker", x1=left, x2=right, y1=15, y2=15)
    pen.add("circle", class_="value", cx=x(measured.value), cy=15, r=5)
    pen.close("svg")
    return pen.markup()
