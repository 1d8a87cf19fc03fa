"""What is left of an allowance, and of the allowances of one charger."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.csms._budgets import Allowance, Budgets

Now = Callable[[], float]  # seconds, of a clock that never runs backwards


class Purse:
    """An allowance that is drawn upon and fills up again with time."""

    __slots__ = ("_at_s", "_burst", "_left", "_now", "_per_s", "allowance")

    def __init__(self, allowance: Allowance, now: Now = time.monotonic) -> None:
        self.allowance, self._burst, self._per_s, self._now = allowance, allowance.burst, allowance.per_s, now
        self._left, self._at_s = allowance.burst, now()

    def draw(self, amount: float, now_s: float | None = None) -> bool:
        """Take this much; False when that was more than there was (it is taken all the same, down to nothing)."""
        left = self._filled(self._now() if now_s is None else now_s) - amount
        self._left = left if left > 0 else 0.0
        return left >= 0

    @property
    def left(self) -> float:
        """What may be drawn now."""
        self._left = self._filled(self._now())
        return self._left

    def _filled(self, now_s: float) -> float:
        left = self._left + (now_s - self._at_s) * self._per_s
        self._at_s = now_s
        return left if left < self._burst else self._burst

    @property
    def share(self) -> float:
        """What is left, of all: 0 to 1."""
        return self.left / self._burst


class Spending:
    """A charger's purses, for all its connections one after the other. Each `draw` names what was exceeded, or None."""

    def __init__(self, budgets: Budgets, now: Now = time.monotonic) -> None:
        self._again, self._now = budgets.again, now
        self._messages = Purse(budgets.messages, now)
        self._octets = Purse(budgets.journal_octets, now)
        self._frames = Purse(budgets.frames, now)
        self._purses = {
            "messages": self._messages,
            "journal octets": self._octets,
            "frames that are no message": self._frames,
        }

    def message(self, octets: int) -> str | None:
        """One message that cost so many octets."""
        now_s = self._now()
        many = not self._messages.draw(1, now_s)
        much = not self._octets.draw(octets, now_s)
        return "messages" if many else "journal octets" if much else None

    def frames(self, count: int) -> str | None:
        """So many frames that are no message."""
        return None if self._frames.draw(count) else "frames that are no message"

    def allowed(self, name: str) -> Allowance:
        """What was allowed of what was exceeded. Raises KeyError for a name that no `draw` gives."""
        return self._purses[name].allowance

    @property
    def spent(self) -> str | None:
        """What there is too little of to be let in again; None when it may come."""
        return next((name for name, purse in self._purses.items() if purse.share < self._again), None)
