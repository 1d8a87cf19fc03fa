"""Making text fit to print: hostile characters made visible, numbers with sense, times in UTC."""

from __future__ import annotations

import math
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from markupsafe import Markup

from harness.trace import Trace

# Characters that change how the text around them looks: direction overrides, and everything without a glyph.
_KEPT = {"\n", "\t"}
_UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"}


def visible(value: Any) -> Any:
    """The value with every control, format and private character of its text written out as ⟨U+202E⟩.

    Everything that a charger says is hostile text: HTML escaping stops markup, this stops lines that read backwards.
    Anything but text (and text already marked safe) is returned unchanged.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if value.isascii() and value.isprintable():
        return value
    return "".join(_shown(c) for c in value)


def _shown(char: str) -> str:
    if char in _KEPT or unicodedata.category(char) not in _UNSEEN:
        return char
    return f"⟨U+{ord(char):04X}⟩"


def shortened(text: str, most: int) -> str:
    """At most `most` characters; says how many were left out."""
    if len(text) <= most:
        return text
    return f"{text[:most]} … ({len(text) - most:,} more characters)"


def number(value: float, *, like: float = 0.0) -> str:
    """A number with as many decimals as make sense beside its uncertainty `like`."""
    if not math.isfinite(value):
        return str(value)
    decimals = 3 if abs(value) < 1 else 2 if abs(value) < 100 else 1 if abs(value) < 1000 else 0
    if like > 0:
        power = math.floor(math.log10(like))
        decimals = max(0, min(6, (1 if like < 3 * 10.0**power else 0) - power))  # two digits of a spread below 3
    text = f"{round(value, decimals) + 0.0:,.{decimals}f}"  # + 0.0: there is no minus nothing
    if "." in text and not like:
        text = text.rstrip("0").rstrip(".")
    return text.replace(",", "\u202f").replace("-", "\u2212")


def seconds(value: float) -> str:
    """A duration for people: "0.42 s", "95 s", "12 min", "3.5 h"."""
    if value < 10:
        return f"{value:.2f} s"
    if value < 180:
        return f"{value:.0f} s"
    if value < 7200:
        return f"{value / 60:.0f} min"
    return f"{value / 3600:.1f} h"


class WallClock:
    """Wall time of any monotonic moment of the campaign, from the pairs the trace holds."""

    def __init__(self, trace: Trace) -> None:
        self._pair: tuple[int, datetime] | None = None
        for event in trace:
            try:
                self._pair = event.t_ns, datetime.fromisoformat(event.utc.replace("Z", "+00:00")).astimezone(UTC)
                break
            except ValueError:
                continue

    def at(self, t_ns: int | None) -> datetime | None:
        """UTC at `t_ns`; None when the trace has no readable wall time."""
        if t_ns is None or self._pair is None:
            return None
        zero_ns, zero = self._pair
        return zero + timedelta(microseconds=(t_ns - zero_ns) / 1000)

    def text(self, t_ns: int | None) -> str:
        """ "14:03:07.250" in UTC, or empty."""
        moment = self.at(t_ns)
        return "" if moment is None else moment.strftime("%H:%M:%S.") + f"{moment.microsecond // 1000:03d}"

    def day(self, t_ns: int | None) -> str:
        """ "4 March 2026", or empty."""
        moment = self.at(t_ns)
        return "" if moment is None else f"{moment.day} {moment.strftime('%B %Y')}"


def day(iso: str) -> str:
    """ "2026-03-04" as "4 March 2026"; anything else is returned as it is."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{moment.day} {moment.strftime('%B %Y')}"


def counted(many: int, one: str, more: str) -> str:
    """ "1 criterion is", "3 criteria are"."""
    return f"{many} {one if many == 1 else more}"
