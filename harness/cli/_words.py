"""What the catalogue's commands share: how they count."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 purpose", "3 purposes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
