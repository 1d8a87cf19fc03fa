"""What a schema says that EXI needs: types, particles, elements; names and structure, nothing else of the standard."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

UNBOUNDED = 1 << 30
XS_URI = "http://www.w3.org/2001/XMLSchema"
INTEGERS = ("uint", "int", "nbit")
BINARIES = ("hex", "base64")


@dataclass(frozen=True)
class SimpleType:
    """How a value is written. `kind`: string, bool, uint, int, nbit, enum, hex, base64, decimal, float.

    `low` and `high` bound integers (None: no bound), `shortest` and `longest` the length in characters or octets.
    `bits` is the width of nbit and enum.
    """

    kind: str
    values: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    shortest: int = 0
    longest: int | None = None
    bits: int = 0
    name: str | None = None

    @cached_property
    def codes(self) -> dict[str, int]:
        """The code of each value of an enum."""
        return {value: code for code, value in enumerate(self.values)}


@dataclass(frozen=True)
class Attribute:
    """One attribute of a type."""

    uri: str
    name: str
    required: bool
    type: SimpleType


@dataclass(frozen=True, eq=False)
class Element:
    """An element where it is declared; two with one name are the same only when they are this same object."""

    uri: str
    name: str
    type: SimpleType | ComplexType


@dataclass(frozen=True, eq=False)
class Particle:
    """`of` is "element" (any one of `elements`, sorted), "sequence", "choice" (of `parts`) or "any" (of `uris`)."""

    of: str
    least: int
    most: int
    elements: tuple[Element, ...] = ()
    parts: tuple[Particle, ...] = ()
    uris: tuple[str, ...] | None = None


@dataclass(eq=False)
class ComplexType:
    """Attributes, sorted as EXI sorts them, and either particles (`content`) or a value (`simple`)."""

    name: str | None
    uri: str
    attributes: tuple[Attribute, ...] = ()
    content: Particle | None = None
    simple: SimpleType | None = None
    mixed: bool = False
    any_attribute: bool = False

    @cached_property
    def children(self) -> dict[str, Element]:
        """The children that are declared, by name, in the order of the schema."""
        found: dict[str, Element] = {}
        for each in walk(self.content):
            for element in each.elements:
                found.setdefault(element.name, element)
        return found

    @cached_property
    def many(self) -> frozenset[str]:
        """Names of the children that may stand more than once: lists in the JSON form."""
        seen: dict[str, int] = {}
        _count(self.content, 1, seen)
        return frozenset(name for name, most in seen.items() if most > 1)


# What an element of no schema is: any attributes, any elements, any text.
ANY_TYPE = ComplexType("anyType", XS_URI, content=Particle("any", 0, UNBOUNDED), mixed=True, any_attribute=True)


@dataclass
class Schema:
    """All that one namespace's grammar is made from."""

    namespace: str
    elements: list[Element]
    types: list[ComplexType]
    simple_names: list[tuple[str, str]] = field(default_factory=list)
    digests: dict[str, str] = field(default_factory=dict)


def walk(particle: Particle | None) -> list[Particle]:
    """The particle and all inside it, in the order of the schema."""
    if particle is None:
        return []
    return [particle] + [inner for part in particle.parts for inner in walk(part)]


def _count(particle: Particle | None, times: int, seen: dict[str, int]) -> None:
    if particle is None:
        return
    times = min(times * particle.most, UNBOUNDED)
    for element in particle.elements:
        seen[element.name] = seen.get(element.name, 0) + times
    for part in particle.parts:
        if particle.of == "choice":
            branch: dict[str, int] = {}
            _count(part, times, branch)
            for name, most in branch.items():
                seen[name] = max(seen.get(name, 0), most)
        else:
            _count(part, times, seen)
