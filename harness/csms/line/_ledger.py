"""Message ids of one charging station: which CALL an answer belongs to, and which are late, double, unasked."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

_REMEMBERED = 4096  # ids kept per direction: enough for hours, bounded for a flood

LATE, DUPLICATE, UNSOLICITED = "late", "duplicate", "unsolicited"


@dataclass(slots=True)
class Asked:
    """A CALL of ours: the number of its event, its action, and the future that its answer resolves."""

    seq: int
    action: str
    future: asyncio.Future[Any] | None
    answered: bool = False
    expired: bool = False


@dataclass(slots=True)
class Heard:
    """A CALL of the station: the number of its event, its action and a digest of its text."""

    seq: int
    action: str | None
    digest: bytes
    answered_seq: int | None = None


class Ledger:
    """Ids in both directions. OCPP-J wants them unique per identity across connections (Part 4, 4.1.4)."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Asked] = OrderedDict()
        self._heard: OrderedDict[str, Heard] = OrderedDict()

    def ask(self, identifier: str, asked: Asked) -> None:
        """Remember a CALL of ours under its id."""
        _remember(self._asked, identifier, asked)

    def match(self, identifier: str) -> tuple[Asked | None, str | None]:
        """The CALL that an answer with this id belongs to, and the remark the answer deserves."""
        asked = self._asked.get(identifier)
        if asked is None:
            return None, UNSOLICITED
        if asked.answered:
            return asked, DUPLICATE
        asked.answered = True
        return asked, LATE if asked.expired else None

    def expire(self, identifier: str) -> None:
        """Stop waiting for the answer to this CALL of ours; one that still comes is late."""
        asked = self._asked.get(identifier)
        if asked is not None and not asked.answered:
            asked.expired = True

    def open_calls(self) -> Iterator[Asked]:
        """CALLs of ours that nobody has answered or given up yet."""
        return (asked for asked in self._asked.values() if not asked.answered and not asked.expired)

    def hear(self, identifier: str, seq: int, action: str | None, raw: str) -> None:
        """Remember a CALL of the station."""
        _remember(self._heard, identifier, Heard(seq, action, _digest(raw)))

    def heard(self, identifier: str) -> Heard | None:
        """The station's CALL with this id, if it is remembered."""
        return self._heard.get(identifier)

    def repeats(self, identifier: str, raw: str) -> str | None:
        """ "same" when this id came before with the same text (a retry), "other" with another text, else None."""
        before = self._heard.get(identifier)
        if before is None:
            return None
        return "same" if before.digest == _digest(raw) else "other"


def _digest(raw: str) -> bytes:
    return blake2b(raw.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _remember(memory: OrderedDict[str, Any], key: str, value: Any) -> None:
    memory.pop(key, None)
    memory[key] = value
    if len(memory) > _REMEMBERED:
        memory.popitem(last=False)
