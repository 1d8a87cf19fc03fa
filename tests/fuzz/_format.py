"""A kind of file: good ones, what reads it, and what that may raise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Format:
    """`samples` are good ones; `read` gets one as a file (in a folder of its own) and may raise `refusals`."""

    samples: Callable[[], Sequence[bytes]]
    read: Callable[[Path], object]
    refusals: tuple[type[Exception], ...]
    name: str = "given"
