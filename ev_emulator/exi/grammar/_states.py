"""States of an element's grammar with the codes of their events (EXI 1.0, 8.5.4.3 and 8.5.4.4.1), made when needed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ev_emulator.exi._model import Attribute, ComplexType, Element, SimpleType
from ev_emulator.exi.grammar import _particles
from ev_emulator.exi.grammar._particles import Rest

Type = SimpleType | ComplexType


@dataclass(frozen=True, eq=False)
class Event:
    """One event that a state foresees.

    `kind`: "attribute", "any attribute", "element", "any" (an element of `uris`), "end", "value", "text". "value" is
    typed, "text" is the characters between the elements of mixed content.
    """

    kind: str
    then: State | None
    attribute: Attribute | None = None
    element: Element | None = None
    uris: tuple[str, ...] | None = None
    type: SimpleType | None = None


class State:
    """Where a reader or writer of one element stands.

    `start` tells what may come that the schema does not foresee: "first" (nothing came yet: xsi:type, xsi:nil and
    attributes), "start" (attributes), "content" (neither). A code of `width` bits names the event; the first code
    beyond `events` leads to those that are not foreseen.
    """

    def __init__(self, grammar: Grammar, start: str, passed: int, rest: Rest, after_value: bool = False) -> None:
        self._grammar, self.start, self._passed, self._rest = grammar, start, passed, rest
        self._after_value = after_value

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """In the order of their codes."""
        return self._grammar.events_of(self.start != "content", self._passed, self._rest, self._after_value)

    @cached_property
    def width(self) -> int:
        """Bits of an event code."""
        return len(self.events).bit_length()

    @cached_property
    def ends(self) -> int | None:
        """The code of the element's end, None when it is not foreseen here."""
        return next((code for code, event in enumerate(self.events) if event.kind == "end"), None)

    @cached_property
    def unforeseen(self) -> tuple[str, ...]:
        """Second-level events in the order of their codes (EXI 1.0, 8.5.4.4.1)."""
        end = () if self.ends is not None else ("end",)
        first = ("xsi:type", "xsi:nil") if self.start == "first" else ()
        attributes = ("attribute", "untyped attribute") if self.start != "content" else ()
        return (*end, *first, *attributes, "element", "text")

    @cached_property
    def elements(self) -> dict[tuple[str, str], int]:
        """Codes of the elements that may come."""
        return {
            (event.element.uri, event.element.name): code
            for code, event in reversed(list(enumerate(self.events)))
            if event.element is not None
        }

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """All attributes of the type."""
        return self._grammar.attributes

    @property
    def nil(self) -> State:
        """Behind xsi:nil="true"."""
        return self._grammar.nil

    @cached_property
    def behind(self) -> State:
        """Where an unforeseen element or text leads: here, with no more attributes."""
        return self if self.start == "content" else self._grammar.state("content", 0, self._rest, self._after_value)


class Grammar:
    """All states of one type."""

    def __init__(self, type_: Type) -> None:
        self.type = type_
        self._attributes = type_.attributes if isinstance(type_, ComplexType) else ()
        self._simple = type_ if isinstance(type_, SimpleType) else type_.simple
        self._content = type_.content if isinstance(type_, ComplexType) else None
        self._any_attribute = isinstance(type_, ComplexType) and type_.any_attribute
        self._mixed = isinstance(type_, ComplexType) and type_.mixed
        self._states: dict[tuple[object, ...], State] = {}

    @property
    def attributes(self) -> tuple[Attribute, ...]:
        """The type's attributes, sorted."""
        return self._attributes

    @cached_property
    def first(self) -> State:
        """Before anything came."""
        return self.state("first", 0, _particles.begin(self._content))

    @cached_property
    def nil(self) -> State:
        """Behind xsi:nil="true": attributes, then the end."""
        return self.state("start", 0, None, after_value=True)

    def state(self, start: str, passed: int, rest: Rest, after_value: bool = False) -> State:
        """The state, always the same object for the same place."""
        key = start, passed, rest, after_value
        if key not in self._states:
            self._states[key] = State(self, start, passed, rest, after_value)
        return self._states[key]

    def events_of(self, tag_open: bool, passed: int, rest: Rest, after_value: bool) -> tuple[Event, ...]:
        """What may come: attributes, elements, wildcards, the end, characters, in the order of their codes."""
        found: list[Event] = []
        if tag_open:
            for place in range(passed, len(self._attributes)):
                then = self.state("start", place + 1, rest, after_value)
                found.append(Event("attribute", then, attribute=self._attributes[place]))
                if self._attributes[place].required:
                    return tuple(found)
        if tag_open and self._any_attribute:
            found.append(Event("any attribute", self.state("start", passed, rest, after_value)))
        if self._simple is not None and not after_value:
            return (*found, Event("value", self.state("content", 0, None, after_value=True), type=self._simple))
        following, ends = _particles.following(rest)
        wild: dict[tuple[str, ...] | None, Event] = {}
        seen: set[tuple[str, str]] = set()
        for what, behind in following:
            then = self.state("content", 0, behind)
            if isinstance(what, Element):
                if (what.uri, what.name) not in seen:
                    seen.add((what.uri, what.name))
                    found.append(Event("element", then, element=what))
            else:
                wild.setdefault(what, Event("any", then, uris=what))
        for uris in sorted(each for each in wild if each is not None):
            found += [Event("any", wild[uris].then, uris=(uri,)) for uri in uris]
        found += [wild[None]] if None in wild else []
        found += [Event("end", None)] if ends else []
        if self._mixed and not after_value:
            found.append(Event("text", self.state("content", 0, rest)))
        return tuple(found)
