"""The committed tables: what the schemas declare, as names and structure, with the digests of their XSDs."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from ev_emulator.exi._model import Attribute, ComplexType, Element, Particle, Schema, SimpleType

FOLDER = Path(__file__).parent / "tables"
# The file of each namespace's table, and of the XSD that it is made from in the iso15118 package.
TABLES = {
    "urn:iso:15118:2:2010:AppProtocol": ("sap", "V2G_CI_AppProtocol.xsd"),
    "urn:din:70121:2012:MsgDef": ("din", "din_spec/V2G_CI_MsgDef.xsd"),
    "urn:iso:15118:2:2013:MsgDef": ("iso_2", "iso15118_2/V2G_CI_MsgDef.xsd"),
    "urn:iso:std:iso:15118:-20:CommonMessages": ("iso_20_common", "iso15118_20/V2G_CI_CommonMessages.xsd"),
    "urn:iso:std:iso:15118:-20:AC": ("iso_20_ac", "iso15118_20/V2G_CI_AC.xsd"),
    "urn:iso:std:iso:15118:-20:DC": ("iso_20_dc", "iso15118_20/V2G_CI_DC.xsd"),
    "urn:iso:std:iso:15118:-20:WPT": ("iso_20_wpt", "iso15118_20/V2G_CI_WPT.xsd"),
    "urn:iso:std:iso:15118:-20:ACDP": ("iso_20_acdp", "iso15118_20/V2G_CI_ACDP.xsd"),
    "http://www.w3.org/2000/09/xmldsig#": ("xmldsig", "xmldsig-core-schema.xsd"),
}
_GROUPS = {"s": "sequence", "c": "choice", "e": "element", "a": "any"}
_SHORT = {long: short for short, long in _GROUPS.items()}


@cache
def load(namespace: str) -> Schema:
    """The schema of a namespace that has a table. Raises KeyError."""
    name, _ = TABLES[namespace]
    return from_table(json.loads((FOLDER / f"{name}.json").read_bytes()))


def to_table(schema: Schema) -> dict[str, Any]:
    """A schema as JSON has it: types by number, those of values below zero, particles as lists."""
    return _Out(schema).table()


class _Out:
    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._simple: dict[SimpleType, int] = {}
        self._complex: dict[ComplexType, int] = {}
        self._uris: dict[str, int] = {}
        for kind in schema.types:
            self._complex[kind] = len(self._complex)

    def table(self) -> dict[str, Any]:
        elements = [self._element(each) for each in self._schema.elements]
        kinds = [self._kind(each) for each in self._schema.types]
        names = [[self._uri(uri), name] for uri, name in self._schema.simple_names]
        simple = [_simple_row(each) for each in self._simple]
        return {
            "namespace": self._schema.namespace,
            "made_from": self._schema.digests,
            "namespaces": list(self._uris),
            "elements": elements,
            "values": simple,
            "value_names": names,
            "types": kinds,
        }

    def _uri(self, uri: str) -> int:
        return self._uris.setdefault(uri, len(self._uris))

    def _type(self, kind: SimpleType | ComplexType) -> int:
        if isinstance(kind, SimpleType):
            return -1 - self._simple.setdefault(kind, len(self._simple))
        return self._complex[kind]

    def _element(self, element: Element) -> list[Any]:
        return [self._uri(element.uri), element.name, self._type(element.type)]

    def _kind(self, kind: ComplexType) -> dict[str, Any]:
        found: dict[str, Any] = {"name": kind.name, "namespace": self._uri(kind.uri)}
        if kind.attributes:
            found["attributes"] = [
                [self._uri(each.uri), each.name, each.required, self._type(each.type)] for each in kind.attributes
            ]
        if kind.content is not None:
            found["content"] = self._particle(kind.content)
        if kind.simple is not None:
            found["value"] = self._type(kind.simple)
        if kind.mixed:
            found["mixed"] = True
        return found

    def _particle(self, particle: Particle) -> list[Any]:
        inside: Any = None if particle.uris is None else list(particle.uris)
        if particle.of == "element":
            inside = [self._element(each) for each in particle.elements]
        elif particle.of != "any":
            inside = [self._particle(each) for each in particle.parts]
        return [_SHORT[particle.of], particle.least, particle.most, inside]


def _simple_row(kind: SimpleType) -> dict[str, Any]:
    row = {
        name: getattr(kind, name) for name in ("kind", "name", "values", "low", "high", "shortest", "longest", "bits")
    }
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in row.items() if value or value == 0
    }


def from_table(table: dict[str, Any]) -> Schema:
    """The schema that a table holds."""
    uris = table["namespaces"]
    simple = [SimpleType(**(row | {"values": tuple(row.get("values", ()))})) for row in table["values"]]
    kinds = [ComplexType(row["name"], uris[row["namespace"]]) for row in table["types"]]

    def type_of(number: int) -> SimpleType | ComplexType:
        return kinds[number] if number >= 0 else simple[-1 - number]

    def element(row: list[Any]) -> Element:
        return Element(uris[row[0]], row[1], type_of(row[2]))

    def particle(row: list[Any]) -> Particle:
        of, least, most, inside = _GROUPS[row[0]], row[1], row[2], row[3]
        if of == "element":
            return Particle(of, least, most, elements=tuple(element(each) for each in inside))
        if of == "any":
            return Particle(of, least, most, uris=None if inside is None else tuple(inside))
        return Particle(of, least, most, parts=tuple(particle(each) for each in inside))

    for kind, row in zip(kinds, table["types"], strict=True):
        kind.attributes = tuple(
            Attribute(uris[uri], name, required, simple[-1 - number])
            for uri, name, required, number in row.get("attributes", ())
        )
        kind.content = particle(row["content"]) if "content" in row else None
        kind.simple = simple[-1 - row["value"]] if "value" in row else None
        kind.mixed = row.get("mixed", False)
    names = [(uris[uri], name) for uri, name in table["value_names"]]
    return Schema(table["namespace"], [element(row) for row in table["elements"]], kinds, names, table["made_from"])
