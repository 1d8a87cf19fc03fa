"""A value in the octets of an EXI message: found at any bit, and put in its place another one of as many bits."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping


def replaced_in_exi(exi: bytes, values: Mapping[str, str]) -> tuple[bytes, bool]:
    """The octets with every value replaced, and whether each was found; the length is the same.

    EXI writes a text as its length plus two, then a code point for each character; hexadecimal and Base64 as the
    length, then the octets. Each begins at any bit.
    """
    bits = f"{int.from_bytes(exi, 'big'):0{8 * len(exi)}b}" if exi else ""
    everywhere = True
    for old, new in values.items():
        found = False
        for was, now in _forms(old, new):
            if was in bits:
                bits, found = bits.replace(was, now), True
        everywhere = everywhere and found
    return (int(bits, 2).to_bytes(len(exi), "big") if bits else b""), everywhere


def _forms(old: str, new: str) -> Iterator[tuple[str, str]]:
    yield _text(old), _text(new)
    for read in (_from_hex, _from_base64):
        was, now = read(old), read(new)
        if was and now and len(was) == len(now):
            yield _octets(was), _octets(now)


def _from_hex(value: str) -> bytes:
    try:
        return bytes.fromhex(value)
    except ValueError:
        return b""


def _from_base64(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _text(value: str) -> str:
    return _number(len(value) + 2) + "".join(_number(ord(char)) for char in value)


def _octets(value: bytes) -> str:
    return _number(len(value)) + "".join(f"{octet:08b}" for octet in value)


def _number(value: int) -> str:
    """EXI's unsigned integer: seven bits an octet, the least first, the top bit says that more follow."""
    parts = []
    while value >= 0x80:
        parts.append(f"{value & 0x7F | 0x80:08b}")
        value >>= 7
    return "".join([*parts, f"{value:08b}"])
