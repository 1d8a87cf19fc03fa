"""Writing EXI event by event: by the schema, or, as written, whatever is asked for."""

from __future__ import annotations

from typing import Any

from ev_emulator.exi._errors import ExiError
from ev_emulator.exi._model import ANY_TYPE, XS_URI, ComplexType, SimpleType
from ev_emulator.exi._names_table import XSI
from ev_emulator.exi.careful._untyped import write_start
from ev_emulator.exi.careful._values_out import ValueWriter
from ev_emulator.exi.careful._written import Content, Node, tree
from ev_emulator.exi.grammar._states import State


class Writer(ValueWriter):
    """Writes one message."""

    def run(self, message: dict[str, Any]) -> bytes:
        """The octets of a message. Raises ExiError."""
        if not isinstance(message, dict) or len(message) != 1:
            raise ExiError("a message is a dict with one key, its name")
        name, content = next(iter(message.items()))
        self.bits.bits(0x80, 8)
        roots = self.grammars.fragments if self._fragment else self.grammars.roots
        codes = len(roots) + (2 if self._fragment else 1)
        code = self._root(name)
        self._path.append(name)
        if code is None:
            self._refuse(f"no element of {self.grammars.namespace} has this name")
            node = tree((self.grammars.namespace, name), None, content)
            self.bits.bits(len(roots), (codes - 1).bit_length())
            self.names.write(self.bits, *node.qname)
            self._stranger(node)
        else:
            node = tree((roots[code].uri, name), roots[code].type, content)
            self.bits.bits(code, (codes - 1).bit_length())
            self.element(node, roots[code].type)
        if self._fragment:
            self.bits.bits(codes - 1, (codes - 1).bit_length())
        return self.bits.octets()

    def _root(self, name: str) -> int | None:
        """The root's code; the namespace's own element goes before another's of that name."""
        roots = self.grammars.fragments if self._fragment else self.grammars.roots
        found = [code for code, element in enumerate(roots) if element.name == name]
        own = [code for code in found if roots[code].uri == self.grammars.namespace]
        return (own or found or [None])[0]  # type: ignore[list-item]

    def element(self, node: Node, kind: SimpleType | ComplexType) -> None:
        """An element's content and its end, by its type."""
        if isinstance(node.value, Content):
            self._refuse("chosen bits are no content of the schema")
            self._raw(node.value)
            return
        state: State | None = self.grammars.of(kind).first
        for qname, value in sorted(node.attributes, key=lambda each: (each[0][1], each[0][0])):
            assert state is not None
            state = self._attribute(state, qname, value)
        simple = kind if isinstance(kind, SimpleType) else kind.simple
        assert state is not None
        if simple is not None:
            if node.value is not None:
                state = self._value(state, simple, node.value, node.qname)
            elif self._strict:
                self._refuse("has no value")
        self._children(state, node, kind)

    def _children(self, state: State, node: Node, kind: SimpleType | ComplexType) -> None:
        waiting = list(node.children)
        if not node.ordered and isinstance(kind, ComplexType):
            place = {name: number for number, name in enumerate(kind.children)}
            waiting.sort(key=lambda each: place.get(each.qname[1], len(place)))
        if node.text:
            text = next((event for event in state.events if event.kind == "text"), None)
            if text is None:
                self._refuse("text stands where none is foreseen")
                self._unforeseen(state, "text")
            else:
                self._code(state, text)
            self.string(node.text)
        while waiting:
            chosen = self._next(state, waiting, ordered=node.ordered)
            code, child = chosen if chosen is not None else (None, waiting[0])
            waiting.remove(child)
            state = self._child(state, code, child)
        self._finish(state)

    def _next(self, state: State, waiting: list[Node], *, ordered: bool) -> tuple[int, Node] | None:
        """The first element that is foreseen here and waits; in a chosen order, the next one or none."""
        for child in waiting[:1] if ordered else waiting:
            code = state.elements.get(child.qname)
            if code is not None:
                return self._earliest(state, waiting, code, child) if not ordered else (code, child)
        for child in waiting[:1]:
            if child.kind is None:
                for code, event in enumerate(state.events):
                    if event.kind == "any" and (event.uris is None or child.qname[0] in event.uris):
                        return code, child
        return None

    def _earliest(self, state: State, waiting: list[Node], code: int, child: Node) -> tuple[int, Node]:
        """Of all that wait and are foreseen, what the schema puts first: a repeated group keeps its order."""
        for other in waiting:
            found = state.elements.get(other.qname)
            if found is not None and found < code:
                code, child = found, other
        return code, child

    def _child(self, state: State, code: int | None, child: Node) -> State:
        self._path.append(child.qname[1])
        if code is None:
            names = [event.element.name for event in state.events if event.element is not None]
            self._refuse(f"is not foreseen here; foreseen: {', '.join(names[:8]) or 'nothing more'}")
            self._unforeseen(state, "element")
            self.any_element(child)
            then: State | None = state.behind
        else:
            event = state.events[code]
            self.bits.bits(code, state.width)
            if event.element is not None:
                self.element(child, event.element.type)
            else:
                self.any_element(child)
            then = event.then
        self._path.pop()
        assert then is not None
        return then

    def any_element(self, node: Node) -> None:
        """An element whose name is spelled out: by its global declaration, or as of no schema."""
        self.names.write(self.bits, *node.qname)
        self._stranger(node)

    def _stranger(self, node: Node) -> None:
        known = self.grammars.by_name.get(node.qname)
        if known is not None:
            self.element(node, known.type)
            return
        if node.text is None and node.value is not None:
            simple = node.kind if isinstance(node.kind, SimpleType) else None
            node.text = self._as_text(node.value, simple)
        write_start(self.bits)
        self.names.write(self.bits, XSI, "type")
        self.names.write(self.bits, XS_URI, "anyType")
        self._of_any_type(node)

    def _of_any_type(self, node: Node) -> None:
        """The content of an element of no schema, by the type that it was just given."""
        state: State | None = self.grammars.of(ANY_TYPE).first
        for qname, value in node.attributes:
            state = self._any(state, "any attribute")
            self.names.write(self.bits, *qname)
            self.string(self._as_text(value, None))
        if node.text:
            state = self._any(state, "text")
            self.string(node.text)
        for child in node.children:
            state = self._any(state, "any")
            self.any_element(child)
        self._any(state, "end")

    def _any(self, state: State | None, kind: str) -> State | None:
        assert state is not None
        event = next(each for each in state.events if each.kind == kind)
        self._code(state, event)
        return event.then

    def _finish(self, state: State) -> None:
        if state.ends is not None:
            self.bits.bits(state.ends, state.width)
            return
        names = [event.element.name for event in state.events if event.element is not None]
        self._refuse(f"{' or '.join(names[:8]) or 'a value'} is missing")
        self._unforeseen(state, "end")
