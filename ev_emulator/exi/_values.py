"""Typed values: between bits and what stands in a message's JSON form (EXI 1.0, 7.1)."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any

from ev_emulator.exi._bits import BitReader, BitWriter
from ev_emulator.exi._model import INTEGERS, SimpleType

NOT_XML = re.compile("[^\t\n\r\x20-\ufffc\U00010000-\U0010ffff]")  # what a string must not have, U+FFFD included


class Unfit(ValueError):
    """A value that its type cannot be written as; the text says what would fit."""


def read_string(bits: BitReader, length: int) -> str:
    """`length` characters. Raises OutOfBits, ValueError."""
    start = bits.position
    if start + 8 * length <= bits.end:
        octets = bits.octets(length)
        if octets.isascii():
            return octets.decode()
        bits.position = start
    else:
        bits.bits(8 * length)  # each takes an octet at least: says that they end
    return "".join(character(bits.unsigned()) for _ in range(length))


def character(code: int) -> str:
    """The character of a code point; U+FFFD for what is none. XML knows fewer still (`NOT_XML`)."""
    return "\ufffd" if code > 0x10FFFF or 0xD800 <= code < 0xE000 else chr(code)


def read_value(bits: BitReader, kind: SimpleType) -> Any:
    """A value that is no string, as JSON has it. Raises OutOfBits, OverflowError, Unfit."""
    what = kind.kind
    if what == "bool":
        return bool(bits.bits(1))
    if what == "nbit":
        return bits.bits(kind.bits) + (kind.low or 0)
    if what == "uint":
        return bits.unsigned()
    if what == "int":
        return bits.integer()
    if what == "enum":
        code = bits.bits(kind.bits)
        if code >= len(kind.values):
            raise Unfit(f"code {code}, where {len(kind.values)} values are declared")
        return kind.values[code]
    if what in ("hex", "base64"):
        octets = bits.octets(_bounded(bits))
        return octets.hex().upper() if what == "hex" else base64.b64encode(octets).decode()
    if what == "float":
        return bits.integer() * 10.0 ** max(-300, min(150, bits.integer()))
    negative, whole, fraction = bits.bits(1), bits.unsigned(), str(bits.unsigned())[::-1]
    return float(f"{'-' if negative else ''}{whole}.{fraction}")


def _bounded(bits: BitReader) -> int:
    length = bits.unsigned()
    if 8 * length > bits.end - bits.position:
        bits.bits(8 * length)  # raises OutOfBits before anything of that size is made
    return length


def octets_of(value: Any, kind: SimpleType) -> bytes:
    """The octets that a hex or base64 value means. Raises Unfit."""
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if not isinstance(value, str):
        raise Unfit(f"{value!r} is no {kind.kind} text")
    try:
        return bytes.fromhex(value) if kind.kind == "hex" else base64.b64decode(value, validate=True)
    except (ValueError, binascii.Error) as error:
        raise Unfit(f"{value[:40]!r} is no {kind.kind} text: {error}") from None


def integer_of(value: Any) -> int:
    """The whole number that a JSON value means. Raises Unfit."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip().lstrip("+-").isdigit() and len(value) < 200 and value.isascii():
        return int(value)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise Unfit(f"{value!r} is no whole number")


def boolean_of(value: Any) -> bool:
    """The truth value that a JSON value means. Raises Unfit."""
    if isinstance(value, bool):
        return value
    if value in ("true", "1"):
        return True
    if value in ("false", "0"):
        return False
    raise Unfit(f"{value!r} is neither true nor false")


def write_value(bits: BitWriter, kind: SimpleType, value: Any) -> None:
    """A value, typed. Raises Unfit before a bit is written when the type has no bits for it."""
    what = kind.kind
    if what == "string":
        text = text_of(value, kind)
        bits.unsigned(len(text) + 2)
        bits.characters(text)
    elif what == "bool":
        bits.bits(boolean_of(value), 1)
    elif what in INTEGERS:
        _write_integer(bits, kind, integer_of(value))
    elif what == "enum":
        code = kind.codes.get(value) if isinstance(value, str) else None
        if code is None:
            raise Unfit(f"{value!r} is none of {', '.join(kind.values)}")
        bits.bits(code, kind.bits)
    elif what in ("hex", "base64"):
        octets = octets_of(value, kind)
        bits.unsigned(len(octets))
        bits.raw(octets)
    else:
        _write_real(bits, kind, value)


def _write_integer(bits: BitWriter, kind: SimpleType, number: int) -> None:
    if kind.kind == "nbit":
        low, high = kind.low or 0, kind.high or 0
        if not low <= number <= high:
            raise Unfit(f"{number} is not within {low} and {high}")
        bits.bits(number - low, kind.bits)
    elif kind.kind == "uint":
        if number < 0:
            raise Unfit(f"{number} is below zero")
        bits.unsigned(number)
    else:
        bits.integer(number)


def _write_real(bits: BitWriter, kind: SimpleType, value: Any) -> None:
    try:
        text = f"{float(value):.12f}" if kind.kind == "decimal" else repr(float(value))
    except (TypeError, ValueError):
        raise Unfit(f"{value!r} is no number") from None
    if kind.kind == "decimal":
        whole, _, fraction = text.lstrip("-").partition(".")
        bits.bits(text.startswith("-"), 1)
        bits.unsigned(int(whole))
        bits.unsigned(int(fraction.rstrip("0")[::-1] or 0))
        return
    digits, _, power = text.partition("e")
    whole, _, fraction = digits.partition(".")
    fraction = fraction.rstrip("0")
    bits.integer(int(whole + fraction))
    bits.integer(int(power or 0) - len(fraction))


def text_of(value: Any, kind: SimpleType | None = None) -> str:
    """The characters that a JSON value is written as in XML. Raises Unfit."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex().upper() if kind and kind.kind == "hex" else base64.b64encode(value).decode()
    raise Unfit(f"a {type(value).__name__} stands where a value should")


def from_text(text: str, kind: SimpleType) -> Any:
    """What a value written as characters means. Raises Unfit."""
    if kind.kind in INTEGERS:
        return integer_of(text)
    if kind.kind == "bool":
        return boolean_of(text)
    if kind.kind == "hex":
        return octets_of(text, kind).hex().upper()
    if kind.kind == "base64":
        return base64.b64encode(octets_of(text, kind)).decode()
    if kind.kind == "enum" and text not in kind.codes:
        raise Unfit(f"{text!r} is none of {', '.join(kind.values)}")
    return float(text) if kind.kind in ("float", "decimal") else text


def beside_facets(value: Any, kind: SimpleType) -> str | None:
    """What is wrong with a value that could be written: its length or range; None when nothing is."""
    if kind.kind in INTEGERS:
        low, high = kind.low, kind.high
        if (low is not None and value < low) or (high is not None and value > high):
            return f"is not within {low} and {'no bound' if high is None else high}"
        return None
    if kind.kind not in ("string", "hex", "base64"):
        return None
    unit = "characters" if kind.kind == "string" else "octets"
    length = len(value) if unit == "characters" else len(octets_of(value, kind))
    if length < kind.shortest:
        return f"has {length} {unit}, at least {kind.shortest} are asked for"
    if kind.longest is not None and length > kind.longest:
        return f"has {length} {unit}, at most {kind.longest} are allowed"
    return None
