"""How power follows a set point: nothing for a dead time, then along a ramp."""

from __future__ import annotations

from collections import deque


class Ramp:
    """A dead time followed by a bounded slope. Powers in W, `rate_w_s` in W/s."""

    def __init__(self, rate_w_s: float = 20_000.0, dead_time_s: float = 0.1) -> None:
        self.rate_w_s = rate_w_s
        self.dead_time_s = dead_time_s
        self.value_w = 0.0
        self._now_s = 0.0
        self._aim_w = 0.0
        self._coming: deque[tuple[float, float]] = deque(maxlen=1024)

    def step(self, target_w: float, dt_s: float) -> float:
        """The power after `dt_s` more seconds in which `target_w` was wanted."""
        self._coming.append((self._now_s + self.dead_time_s, target_w))
        self._now_s += dt_s
        while self._coming and self._coming[0][0] <= self._now_s + 1e-9:
            self._aim_w = self._coming.popleft()[1]
        most = self.rate_w_s * dt_s
        self.value_w += max(-most, min(most, self._aim_w - self.value_w))
        return self.value_w

    def cut(self) -> None:
        """Power is gone at once: the contactor opened."""
        self.value_w = self._aim_w = 0.0
        self._coming.clear()
