"""Bits in and out, most significant first; both bounded by what they are given."""

from __future__ import annotations

LONGEST_INTEGER = 70  # septets of an unsigned integer: 490 bits, where a certificate's serial number has up to 160


class OutOfBits(Exception):
    """The octets ended inside a value; `wanted` bits at bit `at`."""

    def __init__(self, wanted: int, at: int) -> None:
        super().__init__(f"{wanted} bits wanted at bit {at}")
        self.wanted, self.at = wanted, at


class BitReader:
    """Reads `data`; `position` in bits."""

    def __init__(self, data: bytes) -> None:
        self.data, self.position, self.end = data, 0, len(data) * 8

    def bits(self, count: int) -> int:
        """The next `count` bits as a number. Raises OutOfBits."""
        start, stop = self.position, self.position + count
        if stop > self.end:
            raise OutOfBits(count, start)
        self.position = stop
        last = (stop + 7) >> 3
        return (int.from_bytes(self.data[start >> 3 : last]) >> ((last << 3) - stop)) & ((1 << count) - 1)

    def octets(self, count: int) -> bytes:
        """The next `count` octets, wherever they begin. Raises OutOfBits."""
        return self.bits(count * 8).to_bytes(count)

    def unsigned(self) -> int:
        """An unsigned integer: septets, the least significant first. Raises OutOfBits, OverflowError."""
        found = shift = 0
        for _ in range(LONGEST_INTEGER):
            octet = self.bits(8)
            found |= (octet & 0x7F) << shift
            if octet < 0x80:
                return found
            shift += 7
        raise OverflowError(f"an integer of more than {LONGEST_INTEGER} octets")

    def integer(self) -> int:
        """A sign and an unsigned integer."""
        negative = self.bits(1)
        magnitude = self.unsigned()
        return -magnitude - 1 if negative else magnitude


class BitWriter:
    """Collects bits; `octets()` fills the last octet up with zeros."""

    def __init__(self) -> None:
        self._done, self._bits, self._count = bytearray(), 0, 0

    def bits(self, value: int, count: int) -> None:
        """Append `value` in `count` bits."""
        self._bits, self._count = (self._bits << count) | value, self._count + count
        if self._count > 2048:
            rest = self._count & 7
            self._done += (self._bits >> rest).to_bytes((self._count - rest) >> 3)
            self._bits, self._count = self._bits & ((1 << rest) - 1), rest

    def raw(self, octets: bytes) -> None:
        """Append octets, wherever they begin."""
        self.bits(int.from_bytes(octets), 8 * len(octets))

    def unsigned(self, value: int) -> None:
        """Append an unsigned integer."""
        while value > 0x7F:
            self.bits(value & 0x7F | 0x80, 8)
            value >>= 7
        self.bits(value, 8)

    def integer(self, value: int) -> None:
        """Append a sign and an unsigned integer."""
        self.bits(value < 0, 1)
        self.unsigned(-value - 1 if value < 0 else value)

    def characters(self, text: str) -> None:
        """Append each character's code point."""
        if text.isascii():
            self.raw(text.encode())
        else:
            for character in text:
                self.unsigned(ord(character))

    def mark(self) -> tuple[int, int, int]:
        """Where writing stands."""
        return len(self._done), self._bits, self._count

    def back_to(self, mark: tuple[int, int, int]) -> None:
        """Forget what was written since."""
        self._bits, self._count = mark[1:]
        del self._done[mark[0] :]

    def octets(self) -> bytes:
        """All that was written."""
        fill = -self._count % 8
        return bytes(self._done) + (self._bits << fill).to_bytes((self._count + fill) >> 3)
