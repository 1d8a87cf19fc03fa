"""One line of the bench's serial protocols: text, "!", and the CRC over both (see PROTOCOLS.md)."""

from __future__ import annotations


class BadLine(ValueError):
    """A line that is not what its sender sent, or not what this instrument may send; says what is wrong."""


def crc16(data: bytes) -> int:
    """CRC-16, reflected polynomial 0xA001, start value 0."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def seal(text: str) -> bytes:
    """The bytes to send for a command."""
    body = text.encode("ascii") + b"!"
    return body + b"%04X\r\n" % crc16(body)


def unseal(line: bytes) -> str:
    """The text of a line without its line end. Raises BadLine."""
    body, mark, tail = line.strip(b"\r\n").rpartition(b"!")
    if not mark:
        raise BadLine("there is no '!' before a CRC")
    expected = b"%04X" % crc16(body + mark)
    if tail.upper() != expected:
        raise BadLine(f"CRC is {tail[:8].decode('ascii', 'replace')}, computed is {expected.decode()}")
    try:
        return body.decode("ascii")
    except UnicodeDecodeError:
        raise BadLine("there are bytes that are not ASCII") from None


def fields(text: str, *, tag: str) -> dict[str, str]:
    """The `name=value` words of a telegram that starts with `tag`. Raises BadLine."""
    first, *words = text.split()
    if first != tag:
        raise BadLine(f"the line starts with {first!r}; this instrument's lines start with {tag!r}")
    pairs = [word.partition("=") for word in words if not word.startswith("#")]
    if not all(equals for _, equals, _ in pairs):
        raise BadLine("a word is not of the form name=value")
    return {name: value for name, _, value in pairs}


def numbers(values: dict[str, str], wanted: dict[str, str]) -> dict[str, float]:
    """`wanted` maps our value names to the telegram's; all must be there as numbers. Raises BadLine."""
    try:
        return {ours: float(values[theirs]) for ours, theirs in wanted.items()}
    except KeyError as missing:
        raise BadLine(f"the value {missing.args[0]!r} is missing") from None
    except ValueError as error:
        raise BadLine(str(error)) from None
