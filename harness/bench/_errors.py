"""What can go wrong on the bench; always the surroundings' fault, never the DUT's, unless a wait was for the DUT."""

from __future__ import annotations


class BenchError(RuntimeError):
    """An instrument is absent, silent or refuses. The text names role, port and what was expected."""

    def __init__(self, role: str, port: str | None, problem: str) -> None:
        super().__init__(f"bench.{role}{f' on {port}' if port else ''}: {problem}")
        self.role = role
        self.port = port


class NotSeen(TimeoutError):
    """What was waited for did not show within its bound. `last` holds the last values that were seen, if any."""

    def __init__(self, role: str, what: str, within_s: float, last: dict[str, object] | None) -> None:
        shown = ", ".join(f"{k}={v}" for k, v in (last or {}).items()) or "nothing"
        super().__init__(f"bench.{role} did not see {what} within {within_s:g} s; last seen: {shown}")
        self.role, self.what, self.within_s, self.last = role, what, within_s, last
