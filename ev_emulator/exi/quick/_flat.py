"""Types as a row of items, one behind the other: what the quick way can be made for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ev_emulator.exi._model import Attribute, ComplexType, Element, Particle, SimpleType


class Unusual(Exception):
    """Not for the quick way."""


@dataclass(frozen=True)
class Item:
    """An attribute, an element that stands `least` to `most` times (any one of `elements`), or the type's value."""

    least: int
    most: int
    elements: tuple[Element, ...] = ()
    attribute: Attribute | None = None
    value: SimpleType | None = None

    @property
    def events(self) -> int:
        """Event codes that it takes."""
        return max(1, len(self.elements))


class Row:
    """The items of a type, each event numbered: the state before item `i` foresees the numbers from `base[i]` on."""

    def __init__(self, kind: ComplexType) -> None:
        attributes = [Item(int(each.required), 1, attribute=each) for each in kind.attributes]
        value = [Item(1, 1, value=kind.simple)] if kind.simple is not None else []
        self.items = [*attributes, *value, *_items(kind.content)]
        if kind.mixed or kind.any_attribute:
            raise Unusual
        names = [element.name for item in self.items for element in item.elements]
        if len(set(names)) != len(names):
            raise Unusual
        self.base = [0]
        for item in self.items:
            self.base.append(self.base[-1] + item.events)

    def foreseen(self, place: int) -> int:
        """How many events the state before item `place` foresees."""
        for number in range(place, len(self.items)):
            if self.items[number].least:
                return self.base[number + 1] - self.base[place]
        return self.base[-1] + 1 - self.base[place]  # and the end

    def width(self, place: int) -> int:
        """Bits of an event code there."""
        return self.foreseen(place).bit_length()


def _items(particle: Particle | None) -> Iterator[Item]:
    if particle is None:
        return
    if particle.of == "element":
        if particle.most > 1 and len(particle.elements) > 1:
            raise Unusual
        yield Item(particle.least, particle.most, particle.elements)
    elif particle.of == "sequence" and (particle.least, particle.most) == (1, 1):
        for part in particle.parts:
            yield from _items(part)
    elif particle.of == "choice" and particle.most == 1:
        if any(part.of != "element" or (part.least, part.most) != (1, 1) for part in particle.parts):
            raise Unusual
        yield Item(particle.least, 1, tuple(each for part in particle.parts for each in part.elements))
    else:
        raise Unusual
