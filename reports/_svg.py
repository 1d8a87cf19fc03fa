"""A small SVG pen: escaped elements, a time scale, a value scale, and down-sampling that never hides an excursion."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from reports._text import visible


class Pen:
    """Collects SVG elements. Every attribute and text is escaped: labels come from instruments and chargers."""

    def __init__(self) -> None:
        self._parts: list[Markup] = []

    def add(self, tag: str, text: str | None = None, **attributes: str | float) -> None:
        """Append an element; `stroke_width=2` becomes stroke-width="2", `class_` and `for_` lose their underscore."""
        self._parts.append(_open(tag, attributes))
        if text is None:
            self._parts.append(Markup("/>"))
        else:
            self._parts.append(Markup(">") + escape(visible(text)) + Markup(f"</{tag}>"))

    def titled(self, tag: str, title: str, **attributes: str | float) -> None:
        """An element with a tooltip, which screen readers read too."""
        self._parts.append(_open(tag, attributes))
        self._parts.append(Markup("><title>") + escape(visible(title)) + Markup(f"</title></{tag}>"))

    def open(self, tag: str, **attributes: str | float) -> None:
        """Open a group; `close` it."""
        self._parts.append(_open(tag, attributes) + Markup(">"))

    def close(self, tag: str) -> None:
        """Close a group."""
        self._parts.append(Markup(f"</{tag}>"))

    def markup(self) -> Markup:
        """Everything drawn so far."""
        return Markup("").join(self._parts)


def _open(tag: str, attributes: dict[str, str | float]) -> Markup:
    out = Markup(f"<{tag}")
    for name, value in attributes.items():
        shown = _short(value) if isinstance(value, float) else value
        out += Markup(' {}="{}"').format(Markup(name.rstrip("_").replace("_", "-")), visible(shown))
    return out


def _short(value: float) -> str:
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


@dataclass(frozen=True)
class Scale:
    """A linear map from [low, high] to pixels [start, end]; end may be above start (a y axis)."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The pixel of a value; values outside are kept at the edge."""
        share = (value - self.low) / (self.high - self.low or 1.0)
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


def ticks(low: float, high: float, wanted: int) -> list[float]:
    """About `wanted` round numbers from low to high."""
    rough = (high - low) / max(1, wanted)
    if rough <= 0 or not math.isfinite(rough):
        return [low]
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= rough * 0.999)
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    return [n * step for n in range(first, last + 1)]


def envelope(points: Sequence[tuple[float, float]], buckets: int) -> list[tuple[float, float, float]]:
    """At most `buckets` triples (x, lowest, highest): thinning that keeps every peak and dip."""
    if len(points) <= buckets:
        return [(x, y, y) for x, y in points]
    out = []
    for n in range(buckets):
        part = points[n * len(points) // buckets : (n + 1) * len(points) // buckets]
        values = [y for _, y in part]
        out.append((part[0][0], min(values), max(values)))
    return out


def polyline(points: Sequence[tuple[float, float]], buckets: int = 360) -> list[tuple[float, float]]:
    """The points to draw a line through: all of them, or two per bucket in the order in which they came."""
    if len(points) <= 2 * buckets:
        return list(points)
    out: list[tuple[float, float]] = []
    for n in range(buckets):
        part = points[n * len(points) // buckets : (n + 1) * len(points) // buckets]
        low, high = min(part, key=lambda p: p[1]), max(part, key=lambda p: p[1])
        out += sorted({low, high})
    return out


def path(points: Sequence[tuple[float, float]], *, closed: bool = False) -> str:
    """Path data through pixel points."""
    data = "L".join(f"{_short(x)} {_short(y)}" for x, y in points)
    return f"M{data}{'Z' if closed else ''}" if data else ""


def spread(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions near the wanted ones, in the same order, `gap` apart and between low and high where they fit."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed: dict[int, float] = {}
    last = low - gap
    for i in order:
        last = placed[i] = max(wanted[i], last + gap)
    ceiling = high
    for i in reversed(order):
        placed[i] = min(placed[i], ceiling)
        ceiling = placed[i] - gap
    return [placed[i] for i in range(len(wanted))]
