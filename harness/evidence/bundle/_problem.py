"""What verification finds: where, and what is wrong there, in plain words."""

from __future__ import annotations

import msgspec


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One reason why the evidence does not hold.

    `where` is a file of the bundle, or "zip". `offset` counts bytes from the start of the bundle, `line` counts the
    trace's lines from 1.
    """

    where: str
    what: str
    offset: int | None = None
    line: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"
