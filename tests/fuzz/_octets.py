"""Octets that are nearly right: what all kinds of inputs are altered by."""

from __future__ import annotations

import random
from collections.abc import Callable

_LINES = (b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\x00", b"\xff\xfe", b"\xf0\x9f\x94\x8c", b"\xed\xa0\x80", b"-1", b"nan")
_NUMBERS = (b"0", b"-1", b"1e999", b"99999999999999999999999", b"0x10", b"1.0", b"\xc2\xb2", b"Infinity")


def altered(octets: bytes, dice: random.Random, times: int | None = None) -> bytes:
    """A few cuts, repeats, flips and insertions."""
    for _ in range(times if times is not None else dice.choice((1, 1, 1, 2, 3, 8))):
        octets = dice.choice(_WAYS)(octets, dice)
    return octets


def pieces(octets: bytes, dice: random.Random) -> list[bytes]:
    """As TCP may hand it over: whole, or cut in a few places."""
    if dice.random() < 0.6 or len(octets) < 2:
        return [octets]
    cuts = sorted(dice.randrange(len(octets)) for _ in range(dice.randint(1, 4)))
    return [part for part in (octets[a:b] for a, b in zip([0, *cuts], [*cuts, len(octets)], strict=True)) if part]


def _flip(octets: bytes, dice: random.Random) -> bytes:
    if not octets:
        return octets
    at = dice.randrange(len(octets))
    return octets[:at] + bytes([octets[at] ^ 1 << dice.randrange(8)]) + octets[at + 1 :]


def _cut(octets: bytes, dice: random.Random) -> bytes:
    return octets[: dice.randrange(len(octets) + 1)]


def _drop(octets: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(octets) + 1)
    return octets[:at] + octets[at + dice.randint(1, 16) :]


def _repeat(octets: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(octets) + 1)
    part = octets[at : at + dice.randint(1, 40)]
    return octets[:at] + part * dice.choice((2, 3, 50)) + octets[at:]


def _insert(octets: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(octets) + 1)
    what = dice.choice((dice.choice(_LINES), dice.choice(_NUMBERS), dice.randbytes(dice.randint(1, 20))))
    return octets[:at] + what + octets[at:]


def _number(octets: bytes, dice: random.Random) -> bytes:
    digits = [at for at, octet in enumerate(octets) if 48 <= octet <= 57]
    if not digits:
        return octets
    at = dice.choice(digits)
    return octets[:at] + dice.choice(_NUMBERS) + octets[at + 1 :]


_WAYS: tuple[Callable[[bytes, random.Random], bytes], ...] = (_flip, _flip, _cut, _drop, _repeat, _insert, _number)
