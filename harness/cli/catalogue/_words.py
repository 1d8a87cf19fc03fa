"""What the catalogue's commands share: how they count."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_NAMED = 8


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 purpose", "3 purposes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """ "45 s", "2 min 6 s", "1 h 43 min"."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def named(names: Iterable[str]) -> str:
    """The names, as many as a person reads."""
    each = list(names)
    more = f" and {len(each) - _MOST_NAMED} more" if len(each) > _MOST_NAMED else ""
    return ", ".join(each[:_MOST_NAMED]) + more
