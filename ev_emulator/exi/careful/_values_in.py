"""What the reader of a stream keeps, and values: typed, and strings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ev_emulator.exi._bits import BitReader
from ev_emulator.exi._errors import Deviation
from ev_emulator.exi._model import ComplexType, SimpleType
from ev_emulator.exi._names_table import NamesTable
from ev_emulator.exi._values import NOT_XML, Unfit, beside_facets, read_string, read_value
from ev_emulator.exi.careful._untyped import BuiltIn
from ev_emulator.exi.grammar._grammars import Grammars

MOST_EVENTS = 200_000  # of one stream: the longest real message, a certificate installation, has some hundreds
MOST_DEVIATIONS = 64
QName = tuple[str, str]


@dataclass(frozen=True)
class Reading:
    """What octets say: `message` is None when not even its root could be read."""

    message: dict[str, Any] | None
    deviations: tuple[Deviation, ...] = ()

    @property
    def unreadable(self) -> Deviation | None:
        """The first deviation that makes the message untrustworthy; None when it can be relied on."""
        return next((each for each in self.deviations if each.unreadable), None)


class Stop(Exception):
    """Nothing that follows can be read."""


@dataclass
class ValueReader:
    """One stream, read up to `bits.position`. `fragment` is for elements that are signed."""

    grammars: Grammars
    data: bytes
    fragment: bool = False
    found: dict[str, Any] = field(default_factory=dict)
    deviations: list[Deviation] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bits = BitReader(self.data)
        self.names = NamesTable(self.grammars.names)
        self.built_in: dict[tuple[str, str], BuiltIn] = {}
        self.path: list[str] = []
        self._events = 0
        self._strings: dict[tuple[str, str], list[str]] = {}
        self._all_strings: list[str] = []

    def note(self, kind: str, text: str, unreadable: bool = False, at: int | None = None) -> None:
        """Write a deviation down; `at` is its bit in the stream, by itself where reading stands."""
        if len(self.deviations) >= MOST_DEVIATIONS and not unreadable:
            return
        bit = self.bits.position if at is None else at
        self.deviations.append(Deviation(kind, "/".join(self.path), bit >> 3, bit & 7, text, unreadable))
        if len(self.deviations) >= 2 * MOST_DEVIATIONS:
            raise Stop

    # --- values ---

    def value(self, kind: SimpleType, qname: QName) -> Any:
        """A typed value; what is beside its facets is noted."""
        at = self.bits.position
        if kind.kind == "string":
            found: Any = self.string(qname)
        else:
            try:
                found = read_value(self.bits, kind)
            except Unfit as error:
                self.note("value", str(error), True, at)
                return None
        if wrong := beside_facets(found, kind):
            self.note("value", wrong, at=at)
        return found

    def string(self, qname: QName) -> str:
        """A string; one that is told as "the same as before" is found too, though ISO 15118 rules that out."""
        at, length = self.bits.position, self.bits.unsigned()
        if length < 2:
            values = self._strings.get(qname, []) if length == 0 else self._all_strings
            place = self.bits.bits((len(values) - 1).bit_length() if values else 0)
            if place >= len(values):
                self.note("form", "a string is told to be as one before, and there is none", True, at)
                raise Stop
            self.note("options", "a string is told as one that came before; ISO 15118 spells each out", at=at)
            return values[place]
        found = read_string(self.bits, length - 2)
        if NOT_XML.search(found):
            self.note("value", "a string has a character that XML does not know", True, at)
        if found:
            self._strings.setdefault(qname, []).append(found)
            self._all_strings.append(found)
        return found

    def count(self) -> None:
        """One event more; there is a bound."""
        self._events += 1
        if self._events > MOST_EVENTS:
            self.note("form", f"more than {MOST_EVENTS} events", True)
            raise Stop

    def put(self, holder: dict[str, Any], key: str, value: Any) -> None:
        """Keep a value under its name; a second one makes a list."""
        there = holder.get(key)
        if isinstance(there, list):
            there.append(value)
        elif key in holder and holder is not self.found:
            holder[key] = [there, value]
        else:
            holder[key] = value

    def _characters(self, here: dict[str, Any], kind: ComplexType | None) -> None:
        here.setdefault("content", []).append(self.string(("", "")))
