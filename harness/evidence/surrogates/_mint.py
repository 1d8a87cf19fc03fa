"""Surrogates: another value of the same length and kind of characters, the same for the same value of a campaign."""

from __future__ import annotations

import hmac
import re
import unicodedata
from functools import lru_cache
from typing import Literal

Sort = Literal["id", "secret", "key", "number"]  # a card's number; a password; Base64 of a key; digits without quotes

_DIGITS, _LETTERS, _HEX_LETTERS = "0123456789", "abcdefghijklmnopqrstuvwxyz", "abcdef"
_ASCII = frozenset(_DIGITS + _LETTERS)
_SIGNS = ("*-_=:+|@.", "!#$%&'(),;<>?[]^`{}~")  # those that an identifier of OCPP may hold, and others that JSON may
_STRICT, _ATTEMPTS = 64, 128
_SCHEME = re.compile(r"(?:basic|bearer)\s+", re.IGNORECASE)


class Mint:
    """Makes surrogates with a campaign's secret `key`; unequal values get unequal ones, and none is a real value.

    Of an identifier letter case and signs between do not count, so `de-8aa1` and `DE8AA1` stay the same to whoever
    compares them so; hexadecimal stays hexadecimal. Values of one or two characters may run out of surrogates.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            raise ValueError("a key for surrogates has at least 16 bytes")
        self._key = key
        self._real: set[str] = set()
        self._turn: dict[str, int] = {}
        self._given: dict[str, str] = {}

    def learn(self, value: str, sort: Sort) -> None:
        """A real value, which is nobody's surrogate."""
        self._real.add(_folded(value, sort))

    def of(self, value: str, sort: Sort) -> str:
        """The surrogate of `value`, of as many characters and octets."""
        scheme = _SCHEME.match(value) if sort == "secret" else None
        if scheme:
            return scheme[0] + self.of(value[scheme.end() :], sort)
        folded = _folded(value, sort)
        if folded not in self._turn:
            self._real.add(folded)
            self._turn[folded] = self._turn_of(value, folded, sort)
        return self._drawn(value, folded, sort, self._turn[folded])

    def _turn_of(self, value: str, folded: str, sort: Sort) -> int:
        turn = 0
        for turn in range(_ATTEMPTS):
            made = _folded(self._drawn(value, folded, sort, turn), sort)
            if made == folded or made in self._given or _gains_a_zero(folded, made, sort):
                continue
            if turn >= _STRICT or made not in self._real:
                self._given[made] = folded
                break
        return turn

    def _drawn(self, value: str, folded: str, sort: Sort, turn: int) -> str:
        letters = _HEX_LETTERS if sort != "key" and is_hex(folded) else _LETTERS
        numbers = self._numbers(f"{turn}/{folded}", len(value))
        core = value.rstrip()
        end = len(core.rstrip("=")) - 1 if sort == "key" and core.endswith("=") else len(value)  # stays canonical
        made, used = [], 0
        for place, char in enumerate(value):
            choice = _choice(char, letters, signs=sort == "secret") if place != end else ""
            if choice:
                other = choice[numbers[used] % len(choice)]
                made.append(other.upper() if char.isascii() and char.isupper() else other)
                used += 1
            else:
                made.append(char)
        return "".join(made)

    def _numbers(self, seed: str, count: int) -> list[int]:
        octets, block = b"", 0
        text = seed.encode("utf-8", "surrogatepass")
        while len(octets) < 2 * count:
            octets += hmac.digest(self._key, block.to_bytes(4, "big") + text, "sha256")
            block += 1
        return [octets[2 * n] << 8 | octets[2 * n + 1] for n in range(count)]


def _folded(value: str, sort: Sort) -> str:
    """What makes two values the same: of an identifier letters and digits alone."""
    if sort not in ("id", "number"):
        return value
    return "".join(c.lower() if c.isascii() else c for c in value if not c.isascii() or c.lower() in _ASCII)


def _gains_a_zero(folded: str, made: str, sort: Sort) -> bool:
    """A number without quotes cannot begin with one, and one in quotes that is the same has the same surrogate."""
    return sort in ("id", "number") and folded.isdigit() and folded[0] != "0" and made.startswith("0")


def is_hex(folded: str) -> bool:
    """Whether it reads as hexadecimal."""
    return len(folded) >= 4 and all(c in _DIGITS or c.lower() in _HEX_LETTERS for c in folded if c.isalnum())


@lru_cache(maxsize=4096)
def _choice(char: str, letters: str, signs: bool) -> str:
    """What may stand for a character: its like, of as many octets; nothing where it stays."""
    if char in _DIGITS:
        return _DIGITS
    if char.isascii():
        if char.lower() in _LETTERS:
            return letters
        return next((each for each in _SIGNS if signs and char in each), "")
    kind, first = unicodedata.category(char), ord(char) & ~0x3F  # in UTF-8, 64 neighbours have as many octets
    if kind[0] not in "LNSP":
        return ""
    return "".join(c for n in range(64) if unicodedata.category(c := chr(first + n)) == kind)
