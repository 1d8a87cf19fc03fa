"""The last messages of a charging station, as long as they do not take too much room."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from harness.trace import OcppMessage

_MOST = 5000  # messages
_LEAST = 400  # octets that a message counts for, however short


class Heard:
    """Messages in the order they came; the oldest go when together they hold more than `octets`."""

    def __init__(self, octets: int) -> None:
        self._octets, self._held = octets, 0
        self._kept: deque[OcppMessage] = deque()
        self._sizes: deque[int] = deque()

    def keep(self, message: OcppMessage, octets: int) -> None:
        """Add one that was so long; it is kept itself, whatever its length."""
        octets = max(octets, _LEAST)
        self._kept.append(message)
        self._sizes.append(octets)
        self._held += octets
        while (self._held > self._octets or len(self._kept) > _MOST) and len(self._kept) > 1:
            self._kept.popleft()
            self._held -= self._sizes.popleft()

    def after(self, seq: int) -> Iterator[OcppMessage]:
        """Those whose event is later than number `seq`, oldest first."""
        newer: list[OcppMessage] = []
        for message in reversed(self._kept):
            if message.event.seq <= seq:
                break
            newer.append(message)
        return reversed(newer)
