"""Makes the function that writes one type: `d` is the content, `a` the stream so far as one number.

Bits that are the same each time wait, and go out with the value that follows. Where it depends on the content which
element came last, `b` is the number of the first event that is foreseen, and `w` the width of its code.
"""

from __future__ import annotations

from collections.abc import Callable

from ev_emulator.exi._model import UNBOUNDED, ComplexType, SimpleType
from ev_emulator.exi.quick._flat import Item, Row
from ev_emulator.exi.quick._lines import Lines


class WritingMaker:
    """One type's function; `child` names the function of a type inside."""

    def __init__(self, kind: ComplexType, lines: Lines, child: Callable[[ComplexType], str]) -> None:
        self._row, self._lines, self._child = Row(kind), lines, child
        self._waiting, self._count = 0, 0
        self._place: int | None = 0  # the state's place; None: `b` and `w` tell it

    def make(self, name: str) -> str:
        """The function's text."""
        lines, row = self._lines, self._row
        lines.add("k = 0")
        for place, item in enumerate(row.items):
            self._item(place, item)
        self._code(row.base[-1])
        self._flush()
        lines.add("if k != len(d): raise S", "return a")
        return lines.function(name, "d, a")

    def _item(self, place: int, item: Item) -> None:
        lines, names = self._lines, self._names(item)
        if item.least and len(names) == 1:
            lines.add(f"v = d[{names[0][0]!r}]", "k += 1")
            self._one(place, item, 0, names[0][1])
            if item.most == 1:
                self._place = place + 1
            return
        self._unsettled()
        for number, (name, kind) in enumerate(names):
            lines.begin(f"{'elif' if number else 'if'} {name!r} in d:")
            lines.add(f"v = d[{name!r}]", "k += 1")
            self._one(place, item, number, kind)
            self._flush()
            if item.most == 1:
                lines.add(f"b = {self._row.base[place + 1]}", f"w = {self._row.width(place + 1)}")
            self._place = None
            lines.end()
        if item.least:
            lines.add("else: raise S")
            self._place = place + 1

    @staticmethod
    def _names(item: Item) -> list[tuple[str, SimpleType | ComplexType]]:
        if item.attribute is not None:
            return [(item.attribute.name, item.attribute.type)]
        if item.value is not None:
            return [("value", item.value)]
        return [(element.name, element.type) for element in item.elements]

    def _unsettled(self) -> None:
        """From here on which state it is depends on the content."""
        self._flush()
        if self._place is not None:
            self._lines.add(f"b = {self._row.base[self._place]}", f"w = {self._row.width(self._place)}")
            self._place = None

    def _code(self, number: int) -> None:
        """The code of an event, by its number in the row."""
        if self._place is None:
            self._flush()
            self._lines.add(f"a = a << w | {number} - b")
        else:
            self._fixed(number - self._row.base[self._place], self._row.width(self._place))

    def _fixed(self, bits: int, count: int) -> None:
        self._waiting, self._count = self._waiting << count | bits, self._count + count

    def _flush(self) -> None:
        if self._count:
            self._lines.add(f"a = a << {self._count} | {self._waiting}")
            self._waiting = self._count = 0

    def _put(self, value: str, width: int) -> None:
        """What waits, and `width` bits of a value."""
        fixed = f" | {self._waiting << width}" if self._waiting else ""
        self._lines.add(f"a = a << {self._count + width}{fixed} | {value}")
        self._waiting = self._count = 0

    def _one(self, place: int, item: Item, number: int, kind: SimpleType | ComplexType) -> None:
        if item.most > 1:
            self._list(place, item, kind)
            return
        self._code(self._row.base[place] + number)
        if item.elements:
            self._element(kind)
        elif isinstance(kind, SimpleType):
            self._value(kind)

    def _list(self, place: int, item: Item, kind: SimpleType | ComplexType) -> None:
        lines, row = self._lines, self._row
        many = (1 + row.foreseen(place + 1)).bit_length()
        self._unsettled()
        lines.add(f"if type(v) is not list or not {max(item.least, 1)} <= len(v) <= {item.most}: raise S")
        lines.add("l = v", "j = 0")
        lines.begin("for v in l:")
        lines.add(f"a = a << w | {row.base[place]} - b", "j += 1")
        self._element(kind)
        self._flush()
        lines.add(f"b = {row.base[place]}")
        lines.add(f"w = {many}" if item.least <= 1 else f"w = {many} if j >= {item.least} else 1")
        lines.end()
        if item.most != UNBOUNDED:
            lines.add(f"if j == {item.most}: b = {row.base[place + 1]}; w = {row.width(place + 1)}")

    def _element(self, kind: SimpleType | ComplexType) -> None:
        if isinstance(kind, ComplexType):
            self._flush()
            self._lines.add("if type(v) is not dict: raise S", f"a = {self._child(kind)}(v, a)")
        else:
            self._fixed(0, 1)
            self._value(kind)
            self._fixed(0, 1)

    def _value(self, kind: SimpleType) -> None:
        lines = self._lines
        if kind.kind == "bool":
            lines.add("if v is not True and v is not False: raise S")
            self._put("v", 1)
        elif kind.kind == "enum":
            lines.add(f"v = {lines.constant(kind.codes)}[v]")
            self._put("v", kind.bits)
        elif kind.kind == "nbit":
            lines.add(f"if type(v) is not int or not {kind.low} <= v <= {kind.high}: raise S")
            self._put(f"v - {kind.low}" if kind.low else "v", kind.bits)
        elif kind.kind in ("uint", "int"):
            self._integer(kind)
        elif kind.kind in ("string", "hex", "base64"):
            self._octets(kind)
        else:
            lines.add("raise S")

    def _integer(self, kind: SimpleType) -> None:
        lines = self._lines
        low = "" if kind.low is None else f"{kind.low} <= "
        high = "" if kind.high is None else f" <= {kind.high}"
        lines.add("if type(v) is not int: raise S")
        if low or high:
            lines.add(f"if not {low}v{high}: raise S")
        if kind.kind == "int":
            lines.add("g = v < 0", "if g: v = -v - 1")
            self._put("g", 1)
        else:
            self._flush()
        lines.add("a = a << 8 | v if v < 128 else W(a, v)")

    def _octets(self, kind: SimpleType) -> None:
        lines = self._lines
        lines.add("if type(v) is not str: raise S")
        if kind.kind == "string":
            lines.add("if not v.isascii() or not v.isprintable(): raise S", "v = v.encode()")
        else:
            lines.add("v = HEX(v)" if kind.kind == "hex" else "v = A64(v, strict_mode=True)")
        lines.add("n = len(v)")
        if kind.shortest:
            lines.add(f"if n < {kind.shortest}: raise S")
        if kind.longest is not None:
            lines.add(f"if n > {kind.longest}: raise S")
        more = " + 2" if kind.kind == "string" else ""
        self._flush()
        lines.add(f"a = (a << 8 | n{more} if n < 126 else W(a, n{more})) << 8 * n | int.from_bytes(v)")
