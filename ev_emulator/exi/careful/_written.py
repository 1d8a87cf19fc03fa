"""What a message may hold that no schema has: chosen bits, and content in an order of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ev_emulator.exi._errors import ExiError
from ev_emulator.exi._model import ComplexType, SimpleType

QName = tuple[str, str]


@dataclass(frozen=True)
class Bits:
    """Chosen bits ("0110") in place of a value: the event codes around it are written as usual."""

    bits: str

    def __post_init__(self) -> None:
        if self.bits.strip("01"):
            raise ExiError(f"bits are 0 and 1, not {self.bits!r}")


@dataclass(frozen=True)
class Content(Bits):
    """Chosen bits in place of all that stands between an element's start and what follows the element."""


@dataclass(frozen=True)
class Ordered:
    """An element's content as pairs of name and value, written in this order, as often as a name is there."""

    pairs: tuple[tuple[str, Any], ...]


@dataclass
class Node:
    """An element to write. `text` is its value when no type writes it; `kind` None is an element of no schema."""

    qname: QName
    kind: SimpleType | ComplexType | None
    value: Any = None
    attributes: list[tuple[QName, Any]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)
    text: str | None = None
    ordered: bool = False


def tree(qname: QName, kind: SimpleType | ComplexType | None, value: Any) -> Node:
    """The element that a JSON value means. Raises ExiError when no element can be made of it."""
    node = Node(qname, kind, value)
    if isinstance(value, Content) or isinstance(kind, SimpleType):
        return node
    if kind is not None and not isinstance(value, dict | Ordered):
        if kind.simple is None:
            raise ExiError(f"{qname[1]}: {type(value).__name__} where elements are asked for")
        return node
    if not isinstance(value, dict | Ordered):
        node.text = str(value) if value is not None else ""
        return node
    pairs = value.pairs if isinstance(value, Ordered) else tuple(value.items())
    node.ordered, node.value = isinstance(value, Ordered), None
    for name, content in pairs:
        _add(node, kind, name, content)
    return node


def _add(node: Node, kind: ComplexType | None, name: str, content: Any) -> None:
    if content is None:
        return
    attribute = next((each for each in kind.attributes if each.name == name), None) if kind else None
    if attribute is not None:
        node.attributes.append(((attribute.uri, name), content))
        return
    if name == "value" and kind is not None and kind.simple is not None:
        node.value = content
        return
    declared = kind.children.get(name) if kind else None
    if name == "content" and declared is None and isinstance(content, list):
        node.text = "".join(str(each) for each in content)
        return
    qname = (declared.uri, name) if declared else (node.qname[0], name)
    for each in content if isinstance(content, list | tuple) else [content]:
        node.children.append(tree(qname, declared.type if declared else None, each))
