"""The case that runs now: its purposes, its conditions, its limits by role, and what it owes to put back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from harness.judge import Conditions, ResolvedLimit
from harness.plan import PlannedCase


class DutAbsent(TimeoutError):
    """The charger is not connected; the text says since when and how long we waited."""


Undo = Callable[[], Awaitable[object]]


class Running:
    """What hands know of the running case; between two cases there is none.

    `limits`: by the id of a purpose (or criterion), then by role, as the plan froze them. `judges`: by the id of a
    purpose the judges that its suite names; of one that is not in it nothing is known.
    """

    def __init__(
        self, limits: Mapping[str, Mapping[str, ResolvedLimit]], judges: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self._limits, self.judges = limits, judges or {}
        self._undo: list[Undo] = []
        self.case: PlannedCase | None = None
        self.serves: tuple[str, ...] = ()  # all that its function may claim of, due under these conditions or not

    @property
    def purposes(self) -> tuple[str, ...]:
        """The purposes that are due in the running case."""
        return self.case.purposes if self.case is not None else ()

    @property
    def conditions(self) -> Conditions:
        """Under what it runs."""
        return self.case.conditions if self.case is not None else Conditions()

    def limit(self, role: str, default: float | None = None) -> float:
        """The limit in a role ("response"), in its own unit; of several purposes' the one that takes longest to show.

        For waits and dwells only, never for a verdict. A case runs as a whole: where a selection leaves out the purpose
        that has the role, its limit counts all the same. Without one it is `default`; without that KeyError names the
        roles there are.
        """
        for purposes in (self.purposes, self.serves):
            if found := [self._limits[p][role].value for p in purposes if role in self._limits.get(p, {})]:
                return max(found)
        if default is not None:
            return default
        roles = sorted({known for p in self.purposes for known in self._limits.get(p, {})})
        about = ", ".join(self.purposes) or "no purpose"
        raise KeyError(f"no limit of {about} has the role {role!r}; there are: {', '.join(roles) or 'none'}")

    def on_restore(self, undo: Undo) -> None:
        """Register an async function that puts back what a case changed; run after it, last first."""
        self._undo.append(undo)

    async def undo(self) -> None:
        """Put back what was changed so far, last first.

        Raises DutAbsent where the charger is not there; what it was not there for stays owed.
        """
        while self._undo:
            try:
                await self._undo[-1]()
            except DutAbsent:
                raise
            except (TimeoutError, ConnectionError):
                pass
            self._undo.pop()
