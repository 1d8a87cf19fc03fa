"""Who writes down what happens: the small part of a trace recorder that the car needs."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol


class Clock(Protocol):
    """Monotonic time in nanoseconds on the trace's own scale."""

    def mono_ns(self) -> int:
        """Nanoseconds since the trace's clock started."""


class Witness(Protocol):
    """`harness.trace.Recorder` fits."""

    @property
    def clock(self) -> Clock:
        """The clock that `t_ns` belongs to."""

    def record(self, kind: str, who: str, data: dict[str, Any] | None = None, *, t_ns: int | None = None) -> object:
        """Append one event; `t_ns` is when it happened, not when it was written."""

    def waiting(self, what: str, on: str, bound_s: float | None = None) -> AbstractContextManager[None]:
        """Mark a named wait."""
