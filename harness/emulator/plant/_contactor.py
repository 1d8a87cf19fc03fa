"""The EVSE's contactor: closes a little after it may, opens at once when it must and without load when it can."""

from __future__ import annotations

IDLE_W = 200.0


class Contactor:
    """`closed` is the state of its main contacts. Delays in seconds.

    IEC 61851-1 Annex A gives 100 ms to open after the car left state C or D; without that urgency the EVSE waits
    until the car has stopped drawing, at most `patience_s`.
    """

    def __init__(self, close_delay_s: float = 0.1, open_delay_s: float = 0.0, patience_s: float = 3.0) -> None:
        self.closed = False
        self.close_delay_s = close_delay_s
        self.open_delay_s = open_delay_s
        self.patience_s = patience_s
        self._since_ns: int | None = None  # when the wish to move first stood
        self._ordered_ns: int | None = None  # when an immediate opening was first ordered

    def open_now(self, now_ns: int) -> bool:
        """Order it open whatever flows; True once the contacts are open (after `open_delay_s`)."""
        if self._ordered_ns is None:
            self._ordered_ns = now_ns
        if now_ns - self._ordered_ns < self.open_delay_s * 1e9:
            return False
        self.closed, self._since_ns, self._ordered_ns = False, None, None
        return True

    def move(self, now_ns: int, *, allowed: bool, power_w: float) -> bool:
        """Close when allowed, open when no longer; True when the contacts moved."""
        if allowed == self.closed:
            self._since_ns = self._ordered_ns = None
            return False
        if self._since_ns is None:
            self._since_ns = now_ns
        waited_s = (now_ns - self._since_ns) / 1e9
        ready = waited_s >= self.close_delay_s if allowed else abs(power_w) < IDLE_W or waited_s >= self.patience_s
        if not ready:
            return False
        self.closed, self._since_ns = allowed, None
        return True
