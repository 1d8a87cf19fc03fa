"""Messages made by hypothesis from what the schemas allow: every element, choice, substitute, length and bound."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import strategies as st

from ev_emulator.exi import NAMESPACES, Codec
from ev_emulator.exi._model import INTEGERS, ComplexType, Element, Particle, SimpleType

CODEC = Codec()
# Elements that only stand for others; the schemas give them abstract types.
HEADS = frozenset(
    {"BodyElement", "EVSEChargeParameter", "EVChargeParameter", "EVPowerDeliveryParameter", "EVSEStatus", "EVStatus"}
    | {"Entry", "TimeInterval", "SASchedules", "CLReqControlMode", "CLResControlMode"}
)
# What ISO 15118 has no use for, beside its signatures.
_UNUSED = frozenset({"KeyInfo", "Object", "XPath", "HMACOutputLength"})
DEEPEST = 9


@dataclass(frozen=True)
class Kind:
    """A message type: its namespace, its name, and its content's type; in -2 and DIN it stands in a V2G_Message."""

    namespace: str
    name: str
    type: SimpleType | ComplexType
    header: SimpleType | ComplexType | None = None

    def __str__(self) -> str:
        return f"{self.namespace.rpartition(':')[2]}-{self.name}"


@cache
def kinds() -> tuple[Kind, ...]:
    """Every message type of every schema that has a table."""
    found: list[Kind] = []
    for namespace in NAMESPACES:
        for root in CODEC.grammars(namespace).roots:
            if root.name == "V2G_Message":
                assert isinstance(root.type, ComplexType)
                body, header = root.type.children["Body"].type, root.type.children["Header"].type
                assert isinstance(body, ComplexType)
                each = [element for name, element in body.children.items() if name not in HEADS]
                found += [Kind(namespace, element.name, element.type, header) for element in each]
            elif root.name.endswith(("Req", "Res")) and root.uri == namespace and "V2G" not in root.name:
                found.append(Kind(namespace, root.name, root.type))
    return tuple(found)


def messages(kind: Kind, *, full: bool = False, signed: bool = True) -> st.SearchStrategy[dict[str, Any]]:
    """Messages of this type. `full`: no optional number or truth value is left out (the Java codec invents them)."""
    return _messages(kind, full, signed)


@st.composite
def _messages(draw: st.DrawFn, kind: Kind, full: bool, signed: bool) -> dict[str, Any]:
    maker = _Maker(draw, full, signed)
    body = maker.content(kind.type, 0)
    if kind.header is None:
        return {kind.name: body}
    return {"V2G_Message": {"Header": maker.content(kind.header, 0), "Body": {kind.name: body}}}


class _Maker:
    def __init__(self, draw: st.DrawFn, full: bool, signed: bool) -> None:
        self._draw, self._full, self._signed = draw, full, signed

    def content(self, kind: SimpleType | ComplexType, depth: int) -> Any:
        if isinstance(kind, SimpleType):
            return self.value(kind)
        found: dict[str, Any] = {}
        for attribute in kind.attributes:
            if attribute.required or self._draw(st.booleans()):
                found[attribute.name] = self.value(attribute.type)
        if kind.simple is not None:
            found["value"] = self.value(kind.simple)
        elif kind.content is not None:
            self._particle(kind.content, found, kind, depth)
        return found

    def _particle(self, particle: Particle, found: dict[str, Any], kind: ComplexType, depth: int) -> None:
        least = particle.least
        first = particle.elements[0].type if particle.elements else None
        if self._full and isinstance(first, SimpleType) and first.kind in (*INTEGERS, "bool"):
            least = max(least, 1)
        most = least if depth >= DEEPEST else min(particle.most, least + 2)
        for _ in range(self._draw(st.integers(least, max(least, most)))):
            if particle.of == "element":
                self._element(particle.elements, found, kind, depth)
            elif particle.of == "choice" and particle.parts:
                self._particle(self._draw(st.sampled_from(particle.parts)), found, kind, depth)
            else:
                for part in particle.parts:
                    self._particle(part, found, kind, depth)

    def _element(self, elements: tuple[Element, ...], found: dict[str, Any], kind: ComplexType, depth: int) -> None:
        usable = [each for each in elements if each.name not in HEADS] or list(elements)
        chosen = self._draw(st.sampled_from(usable)) if len(usable) > 1 else usable[0]
        if chosen.name in _UNUSED or (chosen.name == "Signature" and not (self._signed and depth < DEEPEST)):
            return
        content = self.content(chosen.type, depth + 1)
        if chosen.name in kind.many:
            found.setdefault(chosen.name, []).append(content)
        else:
            found[chosen.name] = content

    def value(self, kind: SimpleType) -> Any:
        """A value inside the facets."""
        if kind.kind == "bool":
            return self._draw(st.booleans())
        if kind.kind == "enum":
            return self._draw(st.sampled_from(kind.values))
        if kind.kind in INTEGERS:
            low = -(1 << 80) if kind.low is None else kind.low
            return self._draw(st.integers(low, (1 << 80) if kind.high is None else kind.high))
        longest = min(kind.longest if kind.longest is not None else 40, max(40, kind.shortest))
        shortest = max(1, kind.shortest)
        if kind.kind == "string":
            return self._draw(_sized(shortest, longest))
        octets = self._draw(st.binary(min_size=shortest, max_size=longest))
        return octets.hex().upper() if kind.kind == "hex" else base64.b64encode(octets).decode()


def _sized(shortest: int, longest: int) -> st.SearchStrategy[str]:
    return st.text(st.sampled_from("abzAZ059-_:*/#.é€😀"), min_size=shortest, max_size=longest)


def least(kind: SimpleType | ComplexType) -> Any:
    """The least content of a type, the same each time: nothing optional, the first of each choice."""
    if isinstance(kind, SimpleType):
        return _least_value(kind)
    found: dict[str, Any] = {each.name: least(each.type) for each in kind.attributes if each.required}
    if kind.simple is not None:
        found["value"] = least(kind.simple)
    elif kind.content is not None:
        _least_of(kind.content, found, kind)
    return found


def _least_value(kind: SimpleType) -> Any:
    if kind.kind in INTEGERS:
        return max(kind.low or 0, 0)
    if kind.kind in ("bool", "enum"):
        return kind.values[0] if kind.values else False
    length = max(1, kind.shortest)
    if kind.kind == "string":
        return "a" * length
    return "0A" * length if kind.kind == "hex" else base64.b64encode(bytes(length)).decode()


def _least_of(particle: Particle, found: dict[str, Any], kind: ComplexType) -> None:
    for _ in range(particle.least):
        if particle.of == "element":
            chosen = next((each for each in particle.elements if each.name not in HEADS), particle.elements[0])
            content = least(chosen.type)
            if chosen.name in kind.many:
                found.setdefault(chosen.name, []).append(content)
            else:
                found[chosen.name] = content
        for part in particle.parts[:1] if particle.of == "choice" else particle.parts:
            _least_of(part, found, kind)
