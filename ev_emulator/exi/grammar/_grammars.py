"""One schema's grammars, found by name; each is made when it is first asked for."""

from __future__ import annotations

from functools import cached_property

from ev_emulator.exi._model import ANY_TYPE, XS_URI, ComplexType, Element, Schema, SimpleType, walk
from ev_emulator.exi._names_table import known_names
from ev_emulator.exi.grammar._states import Grammar
from ev_emulator.exi.quick._quick import Quick
from ev_emulator.exi.xsd._files import SchemaError
from ev_emulator.exi.xsd._simple import built_in

QName = tuple[str, str]


class Grammars:
    """All grammars of one namespace."""

    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.namespace = schema.namespace
        self.roots = tuple(schema.elements)
        self._made: dict[SimpleType | ComplexType, Grammar] = {}

    def of(self, kind: SimpleType | ComplexType) -> Grammar:
        """The grammar of a type."""
        found = self._made.get(kind)
        if found is None:
            found = self._made[kind] = Grammar(kind)
        return found

    @cached_property
    def quick(self) -> Quick:
        """The quick way through whole messages."""
        return Quick(self.roots, self.namespace)

    @cached_property
    def quick_fragment(self) -> Quick:
        """The quick way through elements that are signed."""
        return Quick(self.fragments, self.namespace, fragment=True)

    @cached_property
    def names(self) -> dict[str, tuple[str, ...]]:
        """The names that both sides know beforehand."""
        return known_names(self.schema)

    @cached_property
    def by_name(self) -> dict[QName, Element]:
        """Global elements."""
        return {(element.uri, element.name): element for element in self.schema.elements}

    @cached_property
    def by_type(self) -> dict[QName, ComplexType]:
        """Named complex types."""
        return {(kind.uri, kind.name): kind for kind in self.schema.types if kind.name is not None}

    def type_named(self, qname: QName) -> SimpleType | ComplexType | None:
        """A type that an element names itself: one of the schema's, or XML Schema's own."""
        if qname[0] != XS_URI:
            return self.by_type.get(qname)
        if qname[1] == ANY_TYPE.name:
            return ANY_TYPE
        try:
            return built_in(qname[1])
        except SchemaError:
            return None

    @cached_property
    def fragments(self) -> tuple[Element, ...]:
        """Every name of an element that the schema declares anywhere, sorted (EXI 1.0, 8.5.2).

        Elements that share a name and not a type are left to the first of them: no signed element is among them.
        """
        found: dict[QName, Element] = {}
        for element in self.schema.elements:
            found.setdefault((element.uri, element.name), element)
        for kind in self.schema.types:
            for particle in walk(kind.content):
                for element in particle.elements:
                    found.setdefault((element.uri, element.name), element)
        return tuple(found[qname] for qname in sorted(found, key=lambda each: (each[1], each[0])))

    @staticmethod
    def child(kind: ComplexType | None, name: str) -> Element | None:
        """The declaration of a child of this name."""
        return None if kind is None else kind.children.get(name)
