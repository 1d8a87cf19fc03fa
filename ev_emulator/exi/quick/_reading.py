"""Makes the function that reads one type: `x` is the stream as one number, `r` the bits of it that are still to come.

Event codes of which only one is possible are zeros; they wait (`zeros`) and are looked at with the value that follows.
"""

from __future__ import annotations

from collections.abc import Callable

from ev_emulator.exi._model import ComplexType, SimpleType
from ev_emulator.exi.quick._flat import Row
from ev_emulator.exi.quick._lines import Lines


class ReadingMaker:
    """One type's function; `child` names the function of a type inside."""

    def __init__(self, kind: ComplexType, lines: Lines, child: Callable[[ComplexType], str]) -> None:
        self._kind, self._row, self._lines, self._child = kind, Row(kind), lines, child
        self._zeros = 0

    def make(self, name: str) -> str:
        """The function's text."""
        lines, row = self._lines, self._row
        lines.add("o = {}")
        known = False  # whether `t`, the number of the next event, was read
        for place, item in enumerate(row.items):
            first = row.base[place]
            if not known and item.events == 1 and row.foreseen(place) == 1:
                self._zeros += 1
                self._item(place, known_only=True)
                known = self._after(place)
                continue
            if not known:
                self._code(place)
            if item.least:
                self._item(place, known_only=False)
                known = self._after(place)
                continue
            lines.begin(f"if t < {first + item.events}:")
            self._item(place, known_only=False)
            if not self._after(place):
                self._code(place + 1)
            lines.end()
            known = True
        if not known:
            self._zeros += 1
        self._flush()
        lines.add("return o, r")
        return lines.function(name, "x, r")

    def _after(self, place: int) -> bool:
        """Whether the number of the next event is known behind this item: behind a list it is."""
        return self._row.items[place].most > 1

    def _code(self, place: int) -> None:
        """Read the event code in the state before an item (or before the end)."""
        if self._row.foreseen(place) == 1:
            self._zeros += 1
            self._flush()
            self._lines.add(f"t = {self._row.base[place]}")
            return
        width = self._zeros + self._row.width(place)
        self._take("t", width)
        self._lines.add(f"if t >= {self._row.foreseen(place)}: raise S", f"t += {self._row.base[place]}")

    def _take(self, name: str, width: int) -> None:
        self._zeros = 0
        self._lines.add(f"r -= {width}", f"{name} = x >> r & {(1 << width) - 1}")

    def _flush(self) -> None:
        if self._zeros:
            self._lines.add(f"r -= {self._zeros}", f"if x >> r & {(1 << self._zeros) - 1}: raise S")
            self._zeros = 0

    def _item(self, place: int, *, known_only: bool) -> None:
        item, lines, first = self._row.items[place], self._lines, self._row.base[place]
        if item.attribute is not None:
            self._value(item.attribute.type, event=False)
            lines.add(f"o[{item.attribute.name!r}] = v")
        elif item.value is not None:
            self._value(item.value, event=False)
            lines.add("o['value'] = v")
        elif item.most > 1:
            self._list(place)
        elif len(item.elements) == 1:
            self._element(item.elements[0].type)
            lines.add(f"o[{item.elements[0].name!r}] = v")
        else:
            for number, element in enumerate(item.elements):
                lines.begin(f"{'elif' if number else 'if'} t == {first + number}:")
                self._element(element.type)
                lines.add(f"o[{element.name!r}] = v")
                self._flush()
                lines.end()

    def _list(self, place: int) -> None:
        item, lines, row = self._row.items[place], self._lines, self._row
        element, behind = item.elements[0], row.foreseen(place + 1)
        self._flush()
        lines.add(f"l = o[{element.name!r}] = []")
        lines.begin("while True:")
        self._element(element.type)
        lines.add("l.append(v)")
        self._flush()
        if item.least > 1:
            lines.add(f"if len(l) < {item.least}:", "    r -= 1", "    if x >> r & 1: raise S", "    continue")
        lines.begin(f"if len(l) == {item.most}:")
        self._code(place + 1)
        lines.add("break")
        lines.end()
        self._take("t", (1 + behind).bit_length())
        lines.add(f"if t > {behind}: raise S", f"if t: t += {row.base[place]}; break")
        lines.end()

    def _element(self, kind: SimpleType | ComplexType) -> None:
        """An element's content and end into `v`; its end waits."""
        if isinstance(kind, ComplexType):
            self._flush()
            self._lines.add(f"v, r = {self._child(kind)}(x, r)")
        else:
            self._value(kind, event=True)
            self._zeros += 1

    def _value(self, kind: SimpleType, *, event: bool) -> None:
        """A value into `v`; `event`: behind the code that announces it."""
        self._zeros += event
        if kind.kind in ("bool", "nbit", "enum"):
            self._fixed(kind)
        elif kind.kind in ("uint", "int"):
            self._integer(kind)
        else:
            self._octets(kind)

    def _fixed(self, kind: SimpleType) -> None:
        lines, bits = self._lines, 1 if kind.kind == "bool" else kind.bits
        zeros, width = self._zeros, self._zeros + bits
        if width:
            self._take("v", width)
        else:
            lines.add("v = 0")
        if kind.kind == "enum":
            lines.add(f"v = {lines.constant(kind.values)}[v]")  # beyond its end, zeros that are none included
            return
        high = 1 if kind.kind == "bool" else (kind.high or 0) - (kind.low or 0)
        if zeros or high + 1 != 1 << bits:
            lines.add(f"if v > {high}: raise S")
        if kind.kind == "bool":
            lines.add("v = v == 1")
        elif kind.low:
            lines.add(f"v += {kind.low}")

    def _first(self, name: str, more: int) -> None:
        """The first septet of an unsigned integer behind `more` bits, and the rest of it."""
        self._take(name, self._zeros + more + 8)
        limit = (1 << (more + 8)) - 1
        self._lines.add(f"if {name} > {limit}: raise S")

    def _integer(self, kind: SimpleType) -> None:
        lines = self._lines
        if kind.kind == "int":
            self._first("v", 1)
            lines.add("g = v > 255", "if g: v -= 256", "if v > 127: v, r = U(x, r, v - 128)", "if g: v = -v - 1")
        else:
            self._first("v", 0)
            lines.add("if v > 127: v, r = U(x, r, v - 128)")
        if kind.low is not None and (kind.kind == "int" or kind.low > 0):
            lines.add(f"if v < {kind.low}: raise S")
        if kind.high is not None:
            lines.add(f"if v > {kind.high}: raise S")

    def _octets(self, kind: SimpleType) -> None:
        lines = self._lines
        if kind.kind not in ("string", "hex", "base64"):
            lines.add("raise S")
            return
        self._first("n", 0)
        lines.add("if n > 127: n, r = U(x, r, n - 128)")
        if kind.kind == "string":
            lines.add("n -= 2")
        lines.add(f"if n < {kind.shortest}: raise S")
        if kind.longest is not None:
            lines.add(f"if n > {kind.longest}: raise S")
        lines.add("r -= 8 * n", "v = (x >> r & (1 << 8 * n) - 1).to_bytes(n)")
        if kind.kind == "string":
            lines.add("if not v.isascii(): raise S", "v = v.decode()", "if not v.isprintable(): raise S")
        else:
            lines.add("v = v.hex().upper()" if kind.kind == "hex" else "v = B64(v, newline=False).decode()")
