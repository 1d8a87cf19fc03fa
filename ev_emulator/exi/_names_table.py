"""The table of names that both sides know from the schema, for elements that the schema does not foresee (7.3)."""

from __future__ import annotations

from ev_emulator.exi._bits import BitReader, BitWriter
from ev_emulator.exi._model import Schema, walk

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_XSD_NAMES = (
    "ENTITIES ENTITY ID IDREF IDREFS NCName NMTOKEN NMTOKENS NOTATION Name QName anySimpleType anyType anyURI "
    "base64Binary boolean byte date dateTime decimal double duration float gDay gMonth gMonthDay gYear gYearMonth "
    "hexBinary int integer language long negativeInteger nonNegativeInteger nonPositiveInteger normalizedString "
    "positiveInteger short string time token unsignedByte unsignedInt unsignedLong unsignedShort"
)
LONGEST_NAME = 4096


class NamesTable:
    """Namespaces and local names of one stream; grows with each new name. `known` is not changed."""

    def __init__(self, known: dict[str, tuple[str, ...]]) -> None:
        self._uris = list(known)
        self._locals: dict[str, list[str]] = {}
        self._known = known

    def read(self, bits: BitReader) -> tuple[str, str]:
        """A qualified name. Raises OutOfBits, ValueError."""
        code = bits.bits(len(self._uris).bit_length())
        if code == 0:
            self._uris.append(_characters(bits, bits.unsigned()))
            code = len(self._uris)
        elif code > len(self._uris):
            raise ValueError(f"namespace {code - 1} of {len(self._uris)}")
        uri = self._uris[code - 1]
        names = self._of(uri)
        length = bits.unsigned()
        if length:
            names.append(_characters(bits, length - 1))
            return uri, names[-1]
        place = bits.bits((len(names) - 1).bit_length() if names else 0)
        if place >= len(names):
            raise ValueError(f"name {place} of {len(names)}")
        return uri, names[place]

    def write(self, bits: BitWriter, uri: str, name: str) -> None:
        """A qualified name."""
        width = len(self._uris).bit_length()
        if uri in self._uris:
            bits.bits(self._uris.index(uri) + 1, width)
        else:
            bits.bits(0, width)
            bits.unsigned(len(uri))
            bits.characters(uri)
            self._uris.append(uri)
        names = self._of(uri)
        if name in names:
            bits.unsigned(0)
            bits.bits(names.index(name), (len(names) - 1).bit_length())
        else:
            bits.unsigned(len(name) + 1)
            bits.characters(name)
            names.append(name)

    def _of(self, uri: str) -> list[str]:
        return self._locals.setdefault(uri, list(self._known.get(uri, ())))


def known_names(schema: Schema) -> dict[str, tuple[str, ...]]:
    """What the schema declares, by namespace, in the order of EXI's tables (7.3.1, appendix D)."""
    found: dict[str, set[str]] = {"": set()}
    for element in schema.elements:
        found.setdefault(element.uri, set()).add(element.name)
    for uri, name in schema.simple_names:
        found.setdefault(uri, set()).add(name)
    for each in schema.types:
        if each.name:
            found.setdefault(each.uri, set()).add(each.name)
        for attribute in each.attributes:
            found.setdefault(attribute.uri, set()).add(attribute.name)
        for particle in walk(each.content):
            for element in particle.elements:
                found.setdefault(element.uri, set()).add(element.name)
    fixed = {
        "": tuple(sorted(found.pop(""))),
        "http://www.w3.org/XML/1998/namespace": ("base", "id", "lang", "space"),
        XSI: ("nil", "type"),
        "http://www.w3.org/2001/XMLSchema": tuple(_XSD_NAMES.split()),
    }
    return fixed | {uri: tuple(sorted(found[uri])) for uri in sorted(found)}


def _characters(bits: BitReader, length: int) -> str:
    if length > LONGEST_NAME:
        raise ValueError(f"a name of {length} characters")
    return "".join(chr(bits.unsigned()) for _ in range(length))
