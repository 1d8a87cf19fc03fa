"""Simple types: from built-in names and facets to how EXI writes a value (EXI 1.0, 7.1)."""

from __future__ import annotations

from dataclasses import replace

from ev_emulator.exi._model import INTEGERS, SimpleType
from ev_emulator.exi.xsd._files import SchemaError

SMALL_RANGE = 4096  # a bounded integer with no more values than this is written in as many bits as it needs

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, (1 << 64) - 1),
    "unsignedInt": (0, (1 << 32) - 1),
    "unsignedShort": (0, (1 << 16) - 1),
    "unsignedByte": (0, 255),
    "long": (-(1 << 63), (1 << 63) - 1),
    "int": (-(1 << 31), (1 << 31) - 1),
    "short": (-(1 << 15), (1 << 15) - 1),
    "byte": (-128, 127),
}
_STRINGS = ("string", "normalizedString", "token", "anyURI", "ID", "IDREF", "NCName", "NMTOKEN", "Name", "language")
_OTHERS = {
    "boolean": "bool",
    "hexBinary": "hex",
    "base64Binary": "base64",
    "decimal": "decimal",
    "float": "float",
    "double": "float",
}


def built_in(name: str) -> SimpleType:
    """The built-in type of this name. Raises SchemaError."""
    if name in _BOUNDS:
        return integer(*_BOUNDS[name])
    if name in _STRINGS or name == "anySimpleType":
        return SimpleType("string")
    if name in _OTHERS:
        return SimpleType(_OTHERS[name])
    raise SchemaError(f"the built-in type {name} is none that this codec knows")


def integer(low: int | None, high: int | None, name: str | None = None) -> SimpleType:
    """An integer between two bounds."""
    if low is not None and high is not None and high - low + 1 <= SMALL_RANGE:
        return SimpleType("nbit", low=low, high=high, bits=(high - low).bit_length(), name=name)
    return SimpleType("uint" if low is not None and low >= 0 else "int", low=low, high=high, name=name)


def restrict(base: SimpleType, facets: list[tuple[str, str]], name: str | None) -> SimpleType:
    """`base` under facets, each a pair of its name and value. Raises SchemaError."""
    values = tuple(value for facet, value in facets if facet == "enumeration")
    if values:
        return SimpleType("enum", values=values, bits=(len(values) - 1).bit_length(), name=name)
    found = replace(base, name=name)
    low, high = base.low, base.high
    for facet, value in facets:
        if facet in ("length", "minLength"):
            found = replace(found, shortest=int(value))
        if facet in ("length", "maxLength"):
            found = replace(found, longest=int(value))
        if facet in ("minInclusive", "minExclusive"):
            low = int(value) + (facet == "minExclusive")
        if facet in ("maxInclusive", "maxExclusive"):
            high = int(value) - (facet == "maxExclusive")
        if facet in ("pattern", "fractionDigits", "totalDigits"):  # a pattern changes how characters are written
            raise SchemaError(f"the type {name} has a {facet}, which this codec does not know")
    return integer(low, high, name) if base.kind in INTEGERS else found
