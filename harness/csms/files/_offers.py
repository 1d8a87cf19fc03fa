"""What the file server offers: files to fetch and places to upload to, each under a word that cannot be guessed."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field

_KEPT_OF_UPLOAD = 65_536
_UPLOADS_EACH = 16  # names under one place: some chargers add a name of their own


@dataclass
class Offer:
    """One name under its word. `body` None: uploads are taken. `times`: how many downloads break off yet, None: all."""

    word: str
    name: str
    body: bytes | None = None
    interrupt_after: int | None = None
    times: int | None = None
    received: set[str] = field(default_factory=set)

    def takes(self, name: str) -> bool:
        """Whether an upload under this name fits here still."""
        return name in self.received or len(self.received) < _UPLOADS_EACH


@dataclass
class Upload:
    """What came by an upload: its length, the SHA-256 of all of it, and its beginning."""

    length: int = 0
    head: bytes = b""
    _hash: hashlib._Hash = field(default_factory=hashlib.sha256)

    def add(self, piece: bytes) -> None:
        """The next octets."""
        self.length += len(piece)
        self._hash.update(piece)
        if len(self.head) < _KEPT_OF_UPLOAD:
            self.head += piece[: _KEPT_OF_UPLOAD - len(self.head)]

    @property
    def sha256(self) -> str:
        """Lower-case hex."""
        return self._hash.hexdigest()


class Offers:
    """By word, and the last one of each name."""

    def __init__(self) -> None:
        self._by_word: dict[str, Offer] = {}
        self._by_name: dict[str, Offer] = {}

    def add(self, name: str, body: bytes | None, interrupt_after: int | None = None, times: int | None = None) -> Offer:
        """Offer it under a new word; an earlier offer of this name is withdrawn."""
        self.withdraw(name)
        offer = Offer(secrets.token_urlsafe(16), name, body, interrupt_after, times)
        self._by_word[offer.word] = self._by_name[name] = offer
        return offer

    def withdraw(self, name: str) -> None:
        """Offer it no longer."""
        gone = self._by_name.pop(name, None)
        if gone is not None:
            self._by_word.pop(gone.word, None)

    def named(self, name: str) -> Offer | None:
        """What is offered under this name."""
        return self._by_name.get(name)

    def at(self, parts: tuple[str, ...]) -> Offer | None:
        """What a path of these parts means: a word, then the file's name, or for an upload any name or none."""
        offer = self._by_word.get(parts[0]) if parts else None
        if offer is None or (offer.body is not None and "/".join(parts[1:]) != offer.name):
            return None
        return offer
