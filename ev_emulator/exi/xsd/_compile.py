"""From XSD files to a Schema: names resolved, extensions unfolded, substitution groups spelled out."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from ev_emulator.exi._model import UNBOUNDED, Attribute, ComplexType, Element, Particle, Schema, SimpleType
from ev_emulator.exi.xsd import _simple
from ev_emulator.exi.xsd._files import XS, Document, SchemaError, gather

QName = tuple[str, str]
Node = ElementTree.Element
_XS_URI = XS[1:-1]
_GROUPS = {XS + "sequence": "sequence", XS + "choice": "choice"}


def compile_schema(root: Path) -> Schema:
    """The schema whose root file is `root`. Raises SchemaError."""
    files = gather(root)
    return _Compiler(files.documents).schema(files.documents[0].target, files.digests)


def exi_order(qname: QName) -> tuple[str, str]:
    """EXI sorts by local name, then by namespace."""
    return qname[1], qname[0]


class _Compiler:
    def __init__(self, documents: list[Document]) -> None:
        self._nodes: dict[tuple[str, QName], tuple[Document, Node]] = {}
        for document in documents:
            for node in document.root:
                if isinstance(node.tag, str) and node.get("name"):
                    kind = {XS + "simpleType": "type", XS + "complexType": "type"}.get(node.tag, node.tag)
                    self._nodes[kind, (document.target, node.get("name", ""))] = document, node
        self._types: dict[QName, SimpleType | ComplexType] = {}
        self._anonymous: list[ComplexType] = []
        self._elements: dict[QName, Element] = {}
        self._members: dict[QName, list[QName]] = {}
        for (kind, qname), (document, node) in self._nodes.items():
            head = node.get("substitutionGroup")
            if kind == XS + "element" and head:
                self._members.setdefault(document.resolve(head), []).append(qname)

    def schema(self, namespace: str, digests: dict[str, str]) -> Schema:
        """Everything that is declared, whether a message uses it or not: EXI counts it all."""
        names = [qname for kind, qname in self._nodes if kind == "type"]
        for qname in names:
            self._type(qname)
        elements = [qname for kind, qname in self._nodes if kind == XS + "element"]
        found = [self._element(qname) for qname in sorted(elements, key=exi_order)]
        named = [self._types[qname] for qname in names]
        return Schema(
            namespace,
            found,
            [each for each in named if isinstance(each, ComplexType)] + self._anonymous,
            [qname for qname in names if isinstance(self._types[qname], SimpleType)],
            digests,
        )

    def _type(self, qname: QName) -> SimpleType | ComplexType:
        if qname[0] == _XS_URI:
            return _simple.built_in(qname[1])
        if qname not in self._types:
            document, node = self._find("type", qname)
            if node.tag == XS + "simpleType":
                self._types[qname] = self._simple(document, node, qname[1])
            else:
                made = self._types[qname] = ComplexType(qname[1], qname[0])  # before its content, which may name it
                self._fill(made, document, node)
        return self._types[qname]

    def _element(self, qname: QName) -> Element:
        if qname not in self._elements:
            document, node = self._find(XS + "element", qname)
            self._elements[qname] = Element(*qname, self._type_of(document, node))
        return self._elements[qname]

    def _find(self, kind: str, qname: QName) -> tuple[Document, Node]:
        try:
            return self._nodes[kind, qname]
        except KeyError:
            raise SchemaError(f"{{{qname[0]}}}{qname[1]} is used and nowhere declared") from None

    def _type_of(self, document: Document, node: Node) -> SimpleType | ComplexType:
        if name := node.get("type"):
            return self._type(document.resolve(name))
        inner = node.find(XS + "simpleType")
        if inner is not None:
            return self._simple(document, inner, None)
        made = ComplexType(None, document.target)
        self._anonymous.append(made)
        inner = node.find(XS + "complexType")
        if inner is not None:
            self._fill(made, document, inner)
        return made

    def _simple(self, document: Document, node: Node, name: str | None) -> SimpleType:
        restriction = node.find(XS + "restriction")
        if restriction is None:
            raise SchemaError(f"{document.path}: {name} is a list or a union, which this codec does not know")
        return self._restricted(document, restriction, name)

    def _restricted(self, document: Document, node: Node, name: str | None) -> SimpleType:
        base = self._type(document.resolve(node.get("base", "")))
        simple = base.simple if isinstance(base, ComplexType) else base
        if simple is None:
            raise SchemaError(f"{document.path}: {name} restricts {node.get('base')}, which holds no value")
        return _simple.restrict(simple, [(each.tag.removeprefix(XS), each.get("value", "")) for each in node], name)

    def _fill(self, made: ComplexType, document: Document, node: Node) -> None:
        made.mixed = node.get("mixed") == "true"
        inner, attributes, parts = node, dict[QName, Attribute](), list[Particle]()
        for wrap in ("simpleContent", "complexContent"):
            outer = node.find(XS + wrap)
            if outer is None:
                continue
            made.mixed = made.mixed or outer.get("mixed") == "true"
            inner = next(each for each in outer if each.tag in (XS + "extension", XS + "restriction"))
            extends = inner.tag == XS + "extension"
            base = self._type(document.resolve(inner.get("base", "")))
            if isinstance(base, SimpleType):
                made.simple = base
            else:
                attributes = {(each.uri, each.name): each for each in base.attributes}
                made.simple, made.mixed = base.simple, made.mixed or (extends and base.mixed)
                parts = [base.content] if extends and base.content is not None else []
            if wrap == "simpleContent" and not extends:
                made.simple = self._restricted(document, inner, made.name)
        parts += [self._particle(document, each) for each in inner if each.tag in _GROUPS]
        made.content = (
            parts[0] if len(parts) == 1 else Particle("sequence", 1, 1, parts=tuple(parts)) if parts else None
        )
        for each in inner.findall(XS + "attribute"):
            attribute = self._attribute(document, each)
            attributes[attribute.uri, attribute.name] = attribute
        made.attributes = tuple(attributes[qname] for qname in sorted(attributes, key=exi_order))

    def _attribute(self, document: Document, node: Node) -> Attribute:
        form = node.get("form", document.root.get("attributeFormDefault", "unqualified"))
        found = self._type_of(document, node) if node.get("type") or len(node) else SimpleType("string")
        if not isinstance(found, SimpleType) or not node.get("name"):
            raise SchemaError(
                f"{document.path}: the attribute {node.get('name') or node.get('ref')} has no simple type"
            )
        uri = document.target if form == "qualified" else ""
        return Attribute(uri, node.get("name", ""), node.get("use") == "required", found)

    def _particle(self, document: Document, node: Node) -> Particle:
        most = node.get("maxOccurs", "1")
        times = int(node.get("minOccurs", "1")), UNBOUNDED if most == "unbounded" else int(most)
        if node.tag in _GROUPS:
            parts = tuple(self._particle(document, each) for each in node if _is_particle(each))
            return Particle(_GROUPS[node.tag], *times, parts=parts)
        if node.tag == XS + "any":
            namespace = node.get("namespace", "##any")
            uris = None
            if namespace not in ("##any", "##other"):
                known = {"##targetNamespace": document.target, "##local": ""}
                uris = tuple(known.get(each, each) for each in namespace.split())
            return Particle("any", *times, uris=uris)
        if node.tag != XS + "element":
            raise SchemaError(f"{document.path}: {node.tag.removeprefix(XS)} is nothing that this codec knows")
        if ref := node.get("ref"):
            return Particle("element", *times, elements=self._substitutes(document.resolve(ref)))
        form = node.get("form", document.root.get("elementFormDefault", "unqualified"))
        uri = document.target if form == "qualified" else ""
        return Particle(
            "element", *times, elements=(Element(uri, node.get("name", ""), self._type_of(document, node)),)
        )

    def _substitutes(self, head: QName) -> tuple[Element, ...]:
        """The element itself, abstract or not, and all that may stand for it."""
        found, waiting = set[QName](), [head]
        while waiting:
            qname = waiting.pop()
            if qname not in found:
                found.add(qname)
                waiting += self._members.get(qname, [])
        return tuple(self._element(qname) for qname in sorted(found, key=exi_order))


def _is_particle(node: Node) -> bool:
    return isinstance(node.tag, str) and node.tag != XS + "annotation"
