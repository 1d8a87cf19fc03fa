"""Reading a whole stream, whatever it is: what can be read is, and what differs is told with its place."""

from __future__ import annotations

from ev_emulator.exi._bits import OutOfBits
from ev_emulator.exi.careful._elements import ElementReader
from ev_emulator.exi.careful._values_in import Reading, Stop

HEADER = 0x80


class Reader(ElementReader):
    """Reads one stream."""

    def run(self) -> Reading:
        """Read it all."""
        try:
            self._header()
            self._root()
            self._end()
        except Stop:
            pass
        except OutOfBits as error:
            self.note("form", f"ends inside a value: {error.wanted} bits more were wanted", True, at=error.at)
        except (OverflowError, ValueError, RecursionError) as error:
            self.note("form", str(error), True)
        return Reading(self.found or None, tuple(self.deviations))

    def _header(self) -> None:
        if self.data[:4] == b"$EXI":
            self.note("options", "begins with the EXI cookie, which ISO 15118 leaves out")
            self.bits.position = 32
        at, octet = self.bits.position, self.bits.bits(8)
        if octet != HEADER:
            self.note("form", f"the EXI header is {octet:#04x}, where 0x80 is asked for", True, at)
            raise Stop

    def _root(self) -> None:
        roots = self.grammars.fragments if self.fragment else self.grammars.roots
        codes = len(roots) + (2 if self.fragment else 1)
        at, code = self.bits.position, self.bits.bits((codes - 1).bit_length())
        if code < len(roots):
            name, grammar = roots[code].name, self.grammars.of(roots[code].type)
        elif code == len(roots):
            uri, name = self.names.read(self.bits)
            self.note("structure", f"the root {name!r} is written as one that the schema does not have", True, at)
            known = self.grammars.by_name.get((uri, name))
            if known is None:
                self.found[name] = None
                self.found[name] = self.unknown((uri, name))
                return
            grammar = self.grammars.of(known.type)
        else:
            self.note("form", f"root {code}, where {len(roots)} are declared", True, at)
            raise Stop
        self.path.append(name)
        self.element(
            grammar.first, grammar.type, self.found, name, (roots[code].uri, name) if code < len(roots) else None
        )
        self.path.pop()
        if self.fragment:
            at, code = self.bits.position, self.bits.bits((codes - 1).bit_length())
            if code != codes - 1:
                self.note("end", "the fragment does not end behind its element", at=at)

    def _end(self) -> None:
        left = self.bits.end - self.bits.position
        at, padding = self.bits.position, self.bits.bits(left & 7)
        if padding:
            self.note("end", "the bits that fill the last octet up are not zero", at=at)
        if left >= 8:
            self.note("end", f"{left >> 3} octets behind the end of the message")
