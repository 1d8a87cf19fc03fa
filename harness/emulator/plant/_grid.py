"""The grid at the station's terminals: three phases with a small ripple, settable by the bench's grid source."""

from __future__ import annotations

import random

NOMINAL_V = 230.0
NOMINAL_HZ = 50.0


class Grid:
    """Voltage and frequency now. The source's set point moves at once; the ripple stays small and is seeded."""

    def __init__(self, seed: int = 1, source_ohm: float = 0.02, same_as: Grid | None = None) -> None:
        self._source = same_as  # another feeder of the same source: its set points hold here too
        self.set_v = NOMINAL_V
        self.set_hz = NOMINAL_HZ
        self.source_ohm = source_ohm
        self.u_v = (NOMINAL_V, NOMINAL_V, NOMINAL_V)
        self.freq_hz = NOMINAL_HZ
        self._random = random.Random(seed)
        self._wander_v = [0.0, 0.0, 0.0]
        self._wander_hz = 0.0

    def step(self, drawn_a: tuple[float, float, float]) -> None:
        """Move on by one step with these signed phase currents (+ drawn from the grid)."""
        if self._source is not None:
            self.set_v, self.set_hz = self._source.set_v, self._source.set_hz
        for phase in range(3):
            self._wander_v[phase] = 0.95 * self._wander_v[phase] + self._random.gauss(0.0, 0.05)
        self._wander_hz = 0.98 * self._wander_hz + self._random.gauss(0.0, 0.001)
        l1, l2, l3 = (self.set_v + self._wander_v[n] - drawn_a[n] * self.source_ohm for n in range(3))
        self.u_v = (l1, l2, l3)
        self.freq_hz = self.set_hz + self._wander_hz

    def restore(self) -> None:
        """Back to 230 V and 50 Hz."""
        self.set_v, self.set_hz = NOMINAL_V, NOMINAL_HZ
