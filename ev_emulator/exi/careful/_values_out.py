"""What the writer of a stream keeps, and values and attributes: typed, as text, as chosen bits."""

from __future__ import annotations

from typing import Any

from ev_emulator.exi._bits import BitWriter
from ev_emulator.exi._errors import ExiError
from ev_emulator.exi._model import BINARIES, INTEGERS, SimpleType
from ev_emulator.exi._names_table import NamesTable
from ev_emulator.exi._values import (
    NOT_XML,
    Unfit,
    beside_facets,
    integer_of,
    text_of,
    write_value,
)
from ev_emulator.exi.careful._written import Bits, QName
from ev_emulator.exi.grammar._grammars import Grammars
from ev_emulator.exi.grammar._states import Event, State


class ValueWriter:
    """One stream, written so far. `strict` refuses what the schema does not allow; else it is written all the same."""

    def __init__(self, grammars: Grammars, *, strict: bool, fragment: bool = False) -> None:
        self.grammars, self.bits, self.names = grammars, BitWriter(), NamesTable(grammars.names)
        self._strict, self._fragment = strict, fragment
        self._path: list[str] = []

    def _attribute(self, state: State, qname: QName, value: Any) -> State:
        for event in state.events:
            attribute = event.attribute
            if attribute is not None and (attribute.uri, attribute.name) == qname:
                self._path.append(qname[1])
                self._facets(attribute.type, value)
                self._code(state, event)
                self._typed(attribute.type, value)
                self._path.pop()
                assert event.then is not None
                return event.then
        self._refuse(f"the attribute {qname[1]} is not foreseen here")
        self._unforeseen(state, "attribute")
        self.names.write(self.bits, *qname)
        self.string(self._as_text(value, None))
        return state

    def _value(self, state: State, kind: SimpleType, value: Any, qname: QName) -> State:
        event = next(each for each in state.events if each.kind == "value")
        assert event.then is not None
        if isinstance(value, Bits):
            self._refuse("chosen bits are no value of the schema")
            self._code(state, event)
            self._raw(value)
            return event.then
        self._facets(kind, value)
        kept = self.bits.mark()
        try:
            self._code(state, event)
            write_value(self.bits, kind, value)
        except Unfit as error:
            self._refuse(str(error))
            self.bits.back_to(kept)
            self._unforeseen(state, "text")
            self.string(self._as_text(value, kind))
            return state.behind  # where the typed value is still foreseen
        return event.then

    def _facets(self, kind: SimpleType, value: Any) -> None:
        if not self._strict:
            return
        try:
            if kind.kind == "string":
                value = text_of(value)
                if NOT_XML.search(value):
                    self._refuse("a character that XML does not know")
            wrong = beside_facets(integer_of(value) if kind.kind in INTEGERS else value, kind)
        except Unfit as error:
            wrong = str(error)
        if wrong:
            self._refuse(wrong)

    def _typed(self, kind: SimpleType, value: Any) -> None:
        try:
            write_value(self.bits, kind, value)
        except Unfit as error:
            raise ExiError(f"{'/'.join(self._path)}: {error}") from None

    def _as_text(self, value: Any, kind: SimpleType | None) -> str:
        try:
            text = text_of(value, kind)
        except Unfit as error:
            raise ExiError(f"{'/'.join(self._path)}: {error}") from None
        return text.upper() if kind is not None and kind.kind == BINARIES[0] else text

    def string(self, text: str) -> None:
        """A string, spelled out."""
        self.bits.unsigned(len(text) + 2)
        self.bits.characters(text)

    def _code(self, state: State, event: Event) -> None:
        self.bits.bits(state.events.index(event), state.width)

    def _unforeseen(self, state: State, what: str) -> None:
        self.bits.bits(len(state.events), state.width)
        self.bits.bits(state.unforeseen.index(what), (len(state.unforeseen) - 1).bit_length())

    def _raw(self, chosen: Bits) -> None:
        if chosen.bits:
            self.bits.bits(int(chosen.bits, 2), len(chosen.bits))

    def _refuse(self, text: str) -> None:
        if self._strict:
            raise ExiError(f"{'/'.join(self._path)}: {text}")
