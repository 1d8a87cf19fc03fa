"""Elements that no schema foresees: EXI's built-in grammar, which learns (EXI 1.0, 8.4.3)."""

from __future__ import annotations

from typing import Any, Protocol

from ev_emulator.exi._bits import BitReader, BitWriter
from ev_emulator.exi._model import ComplexType, SimpleType
from ev_emulator.exi._names_table import XSI, NamesTable
from ev_emulator.exi._values import from_text

Learnt = tuple[str, tuple[str, str] | None]
_START = ("end", "attribute", "element", "text")
_CONTENT = ("element", "text")


class Host(Protocol):
    """What a grammar that learns needs of the reader of a stream."""

    @property
    def bits(self) -> BitReader:
        """Where reading stands."""

    @property
    def names(self) -> NamesTable:
        """The names that both sides know."""

    def count(self) -> None:
        """One event more."""

    def string(self, qname: tuple[str, str]) -> str:
        """A string."""

    def by_its_own_type(self, qname: tuple[str, str]) -> Any:
        """The content of an element that names its type."""

    def nested(self, name: tuple[str, str], found: dict[str, Any]) -> None:
        """An element inside, into `found`."""


class BuiltIn:
    """The grammar of one name; shared by all elements of that name in a stream. Newest events have the lowest codes."""

    def __init__(self) -> None:
        self._start: list[Learnt] = []
        self._content: list[Learnt] = [("end", None)]

    def read(self, reader: Host, qname: tuple[str, str]) -> Any:
        """The content: its text when that is all, else a dict with a list for each name."""
        found: dict[str, Any] = {}
        text: list[str] = []
        opened = True
        while True:
            reader.count()
            what, name = self._read_event(reader, opened)
            if what == "end":
                break
            if what == "text":
                text.append(reader.string(qname))
                opened = False
            elif what == "attribute" and name == (XSI, "type"):
                return reader.by_its_own_type(qname)
            elif what == "attribute" and name is not None:
                found[name[1]] = reader.string(name)
            elif name is not None:
                opened = False
                reader.nested(name, found)
        if found and text:
            found["content"] = text
        return found or "".join(text)

    def _read_event(self, reader: Host, opened: bool) -> Learnt:
        learnt = self._start if opened else self._content
        beyond = _START if opened else _CONTENT
        code = reader.bits.bits(len(learnt).bit_length())
        if code < len(learnt):
            return learnt[code]
        if code > len(learnt):
            raise ValueError(f"event {code}, where {len(learnt)} are known")
        what = beyond[reader.bits.bits((len(beyond) - 1).bit_length())]
        name = reader.names.read(reader.bits) if what in ("element", "attribute") else None
        if name != (XSI, "type"):
            self._learn(learnt, what, name)
        return what, name

    def _learn(self, learnt: list[Learnt], what: str, name: tuple[str, str] | None) -> None:
        if (what, name) not in learnt or what in ("element", "attribute"):
            learnt.insert(0, (what, name))


def write_start(bits: BitWriter) -> None:
    """The event that an attribute follows, in an element of no schema.

    The attribute is its type, anyType: so nobody has to learn a grammar, which ISO 15118's profile of EXI rules out.
    """
    bits.bits(_START.index("attribute"), (len(_START) - 1).bit_length())


def typed(content: Any, kind: SimpleType | ComplexType) -> Any:
    """Text of an element whose type is known after all, in the JSON form of that type. Raises ValueError."""
    if isinstance(kind, SimpleType):
        return from_text(content if isinstance(content, str) else "", kind)
    if not isinstance(content, dict):
        return {"value": typed(content, kind.simple)} if kind.simple is not None else {}
    return {name: _typed_child(value, name, kind) for name, value in content.items()}


def _typed_child(value: Any, name: str, kind: ComplexType) -> Any:
    attribute = next((each for each in kind.attributes if each.name == name), None)
    if attribute is not None:
        return typed(value, attribute.type)
    child = kind.children.get(name)
    if child is None:
        return value
    if name in kind.many:
        return [typed(each, child.type) for each in (value if isinstance(value, list) else [value])]
    return typed(value, child.type)
