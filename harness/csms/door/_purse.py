"""What is left of an allowance, and of the allowances of one charger."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.csms._budgets import Allowance, Budgets

Now = Callable[[], float]  # seconds, of a clock that never runs backwards


class Purse:
    """An allowance that is drawn upon and fills up again with time."""

    __slots__ = ("_allowance", "_at_s", "_left", "_now")

    def __init__(self, allowance: Allowance, now: Now = time.monotonic) -> None:
        self._allowance, self._now = allowance, now
        self._left, self._at_s = allowance.burst, now()

    def draw(self, amount: float) -> bool:
        """Take this much; False when that was more than there was (it is taken all the same, down to nothing)."""
        left = self.left - amount
        self._left = max(left, 0.0)
        return left >= 0

    @property
    def left(self) -> float:
        """What may be drawn now."""
        now_s = self._now()
        self._left = min(self._allowance.burst, self._left + (now_s - self._at_s) * self._allowance.per_s)
        self._at_s = now_s
        return self._left

    @property
    def share(self) -> float:
        """What is left, of all: 0 to 1."""
        return self.left / self._allowance.burst


class Spending:
    """A charger's purses, for all its connections one after the other. Each `draw` names what was exceeded, or None."""

    def __init__(self, budgets: Budgets, now: Now = time.monotonic) -> None:
        self._again = budgets.again
        self._purses = {
            "messages": Purse(budgets.messages, now),
            "journal octets": Purse(budgets.journal_octets, now),
            "frames that are no message": Purse(budgets.frames, now),
        }

    def message(self, octets: int) -> str | None:
        """One message that cost so many octets."""
        many = not self._purses["messages"].draw(1)
        much = not self._purses["journal octets"].draw(octets)
        return "messages" if many else "journal octets" if much else None

    def frames(self, count: int) -> str | None:
        """So many frames that are no message."""
        name = "frames that are no message"
        return None if self._purses[name].draw(count) else name

    @property
    def spent(self) -> str | None:
        """What there is too little of to be let in again; None when it may come."""
        return next((name for name, purse in self._purses.items() if purse.share < self._again), None)
