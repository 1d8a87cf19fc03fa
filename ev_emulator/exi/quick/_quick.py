"""The quick way's face: reads and writes a whole message, or says that it is nothing for it."""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Callable
from functools import partial
from typing import Any

from ev_emulator.exi._model import ComplexType, Element
from ev_emulator.exi.quick._flat import Unusual
from ev_emulator.exi.quick._lines import Lines
from ev_emulator.exi.quick._reading import ReadingMaker
from ev_emulator.exi.quick._writing import WritingMaker

LONGEST_OCTETS = 4096  # as one number longer streams are slow to read
_LONGEST_SEPTETS = 490
_ANY = (Unusual, ValueError, KeyError, IndexError, TypeError, OverflowError, AttributeError, RecursionError)


def _more(x: int, r: int, found: int) -> tuple[int, int]:
    """The septets of an unsigned integer behind the first."""
    shift = 7
    while True:
        r -= 8
        octet = x >> r & 255
        if octet < 128:
            return found | octet << shift, r
        found |= (octet & 127) << shift
        shift += 7
        if shift > _LONGEST_SEPTETS:
            raise Unusual


def _write(a: int, value: int) -> int:
    """An unsigned integer behind `a`."""
    while value > 127:
        a = a << 8 | value & 127 | 128
        value >>= 7
    return a << 8 | value


class Quick:
    """The quick functions of one schema's types, made when they are first needed."""

    def __init__(self, roots: tuple[Element, ...], namespace: str, *, fragment: bool = False) -> None:
        self._roots, self._fragment = roots, fragment
        self._codes: dict[str, int] = {}
        for code, root in enumerate(roots):
            if root.name not in self._codes or root.uri == namespace:
                self._codes[root.name] = code
        self._width = (len(roots) + int(fragment)).bit_length()
        self._numbers: dict[ComplexType, int] = {}
        self._made: dict[str, Any] = {
            "S": Unusual,
            "U": _more,
            "W": _write,
            "B64": b2a_base64,
            "A64": a2b_base64,
            "HEX": bytes.fromhex,
        }

    def read(self, exi: bytes) -> dict[str, Any] | None:
        """The message; None when anything about it is unusual."""
        if not 3 <= len(exi) <= LONGEST_OCTETS or exi[0] != 0x80:
            return None
        try:
            x, r = int.from_bytes(exi), 8 * len(exi) - 8 - self._width
            root = self._roots[x >> r & (1 << self._width) - 1]
            content, r = self._function("r", root.type)(x, r)
            if self._fragment:
                r -= self._width
                if x >> r & (1 << self._width) - 1 != len(self._roots) + 1:
                    return None
            if r > 7 or x & (1 << r) - 1:
                return None
        except _ANY:
            return None
        return {root.name: content}

    def write(self, message: dict[str, Any]) -> bytes | None:
        """The octets; None when anything about the message is unusual."""
        try:
            ((name, content),) = message.items()
            code = self._codes[name]
            if type(content) is not dict:
                return None
            a = self._function("w", self._roots[code].type)(content, 0x80 << self._width | code)
        except _ANY:
            return None
        if self._fragment:
            a = a << self._width | len(self._roots) + 1
        fill = -a.bit_length() % 8
        written: int = a << fill
        return written.to_bytes((a.bit_length() + fill) >> 3)

    def _function(self, way: str, kind: Any) -> Callable[..., Any]:
        """The function of a type; until it is first called it stands for one that is still to be made."""
        if not isinstance(kind, ComplexType):
            raise Unusual
        name = self._name(way, kind)
        function: Callable[..., Any] = self._made[name]
        return function

    def _name(self, way: str, kind: ComplexType) -> str:
        name = f"{way}{self._numbers.setdefault(kind, len(self._numbers))}"
        if name not in self._made:
            self._made[name] = lambda *given: self._make(way, kind, name)(*given)
        return name

    def _make(self, way: str, kind: ComplexType, name: str) -> Callable[..., Any]:
        """Make a type's function. What several threads make at once is the same, and the last one stays."""
        maker = ReadingMaker if way == "r" else WritingMaker
        try:
            text = maker(kind, Lines(self._made), partial(self._name, way)).make(name)
        except Unusual:
            text = f"def {name}(*_):\n    raise S\n"
        exec(compile(text, f"<quick {name} {kind.name}>", "exec"), self._made)
        function: Callable[..., Any] = self._made[name]
        return function
