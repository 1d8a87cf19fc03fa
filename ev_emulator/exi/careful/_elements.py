"""Reading elements, foreseen or not."""

from __future__ import annotations

from typing import Any

from ev_emulator.exi._model import ANY_TYPE, ComplexType, Element, SimpleType
from ev_emulator.exi._values import from_text
from ev_emulator.exi.careful._untyped import BuiltIn, typed
from ev_emulator.exi.careful._values_in import Stop, ValueReader
from ev_emulator.exi.grammar._states import Event, State

DEEPEST = 48
QName = tuple[str, str]


class ElementReader(ValueReader):
    """Reads elements into dicts; what differs is noted with its place."""

    def element(
        self, state: State, kind: SimpleType | ComplexType, holder: Any, key: str, qname: QName | None = None
    ) -> None:
        """Read an element's content into `holder[key]`, or onto the list that stands there."""
        self.no_deeper()
        if isinstance(kind, SimpleType):
            self._simple_element(state, kind, holder, key, qname)
            return
        here: dict[str, Any] = {}
        self.put(holder, key, here)
        if kind.simple is not None:
            self._content(state, kind, here, qname)
        else:
            self._content(state, kind, here, None)

    def _simple_element(
        self, state: State | None, kind: SimpleType, holder: Any, key: str, qname: QName | None
    ) -> None:
        here: dict[str, Any] = {}
        while state is not None:
            state = self._step(state, here, None, qname)
        if "value" not in here:
            self.note("structure", "no value", kind.kind != "string")
            here["value"] = "" if kind.kind == "string" else None
        self.put(holder, key, here["value"])

    def _content(self, state: State | None, kind: ComplexType, here: dict[str, Any], qname: QName | None) -> None:
        while state is not None:
            state = self._step(state, here, kind, qname)

    def _step(self, state: State, here: dict[str, Any], kind: ComplexType | None, qname: QName | None) -> State | None:
        """One event; the state behind it, None behind the end."""
        self.count()
        at, code = self.bits.position, self.bits.bits(state.width)
        if code < len(state.events):
            return self._foreseen(state.events[code], here, kind, qname)
        if code > len(state.events):
            self.note("form", f"event {code}, where {len(state.events)} are foreseen", True, at)
            raise Stop
        return self._unforeseen(state, here, kind, qname, at)

    def _foreseen(
        self, event: Event, here: dict[str, Any], kind: ComplexType | None, qname: QName | None
    ) -> State | None:
        if event.element is not None:
            self.child(event.element, here, kind)
        elif event.attribute is not None:
            here[event.attribute.name] = self.value(event.attribute.type, ("", event.attribute.name))
        elif event.type is not None:
            here["value"] = self.value(event.type, qname or ("", ""))
        elif event.kind == "text":
            self._characters(here, kind)
        elif event.kind == "any attribute":
            uri, name = self.names.read(self.bits)
            here.setdefault(name, self.string((uri, name)))
        elif event.kind == "any":
            self._stranger(here, kind, foreseen=True)
        return event.then

    def child(self, element: Element, here: dict[str, Any], kind: ComplexType | None) -> None:
        """A child whose start was read."""
        self.path.append(element.name)
        many = kind is not None and element.name in kind.many
        if many:
            self.path[-1] = f"{element.name}[{len(here.setdefault(element.name, []))}]"
        elif element.name in here:
            self.note("structure", "stands there a second time", True)
        self.element(
            self.grammars.of(element.type).first, element.type, here, element.name, (element.uri, element.name)
        )
        self.path.pop()

    def _unforeseen(
        self, state: State, here: dict[str, Any], kind: ComplexType | None, qname: QName | None, at: int
    ) -> State | None:
        codes = state.unforeseen
        code = self.bits.bits((len(codes) - 1).bit_length())
        if code >= len(codes):
            self.note("form", f"second-level event {code}, where there are {len(codes)}", True, at)
            raise Stop
        what = codes[code]
        if what == "end":
            wanted = [event.element.name for event in state.events if event.element is not None]
            value = any(event.type is not None for event in state.events)
            if value and "value" in here:  # it came as text, behind which the typed one is still foreseen
                return None
            asked = "a value" if value else " or ".join(wanted[:6]) or "an attribute"
            self.note("structure", f"ends where {asked} is asked for", at=at)
            return None
        if what == "element":
            self._stranger(here, kind, foreseen=False, at=at)
            return state.behind
        if what == "text":
            self._untyped_value(state, here, kind, qname, at)
            return state.behind
        if what == "xsi:type":
            self._of_another_type(here, qname, at)
            return None
        if what == "xsi:nil":
            nil = self.bits.bits(1)
            self.note("structure", f"has xsi:nil={'true' if nil else 'false'}", bool(nil), at)
            return state.nil if nil else state
        self._stray_attribute(state, here, what, at)
        return state

    def _of_another_type(self, here: dict[str, Any], qname: QName | None, at: int) -> None:
        """An element that names its type (`xsi:type`), and its content by that type."""
        name = self.names.read(self.bits)
        given = self.grammars.type_named(name)
        self.note("structure", f"names its type itself: {name[1]}", given is None, at)
        if given is None:
            raise Stop
        self.no_deeper()
        self.path.append(f"({name[1]})")
        state: State | None = self.grammars.of(given).first
        while state is not None:
            state = self._step(state, here, given if isinstance(given, ComplexType) else None, qname)
        self.path.pop()

    def _stray_attribute(self, state: State, here: dict[str, Any], what: str, at: int) -> None:
        if what == "attribute":
            uri, name = self.names.read(self.bits)
        else:
            own = state.attributes
            code = self.bits.bits(len(own).bit_length())
            uri, name = (own[code].uri, own[code].name) if code < len(own) else self.names.read(self.bits)
        text = self.string((uri, name))
        here.setdefault(name, text)
        self.note("structure", f"the attribute {name} is not foreseen here", True, at)

    def _stranger(
        self, here: dict[str, Any], kind: ComplexType | None, *, foreseen: bool, at: int | None = None
    ) -> None:
        """An element with its name spelled out."""
        uri, name = self.names.read(self.bits)
        declared = self.grammars.child(kind, name)
        self.path.append(name)
        known = self.grammars.by_name.get((uri, name))
        if not foreseen:
            self.note("structure", "is out of place here" if declared else "is not known here", declared is None, at)
        if known is not None:
            self.element(self.grammars.of(known.type).first, known.type, here, name, (uri, name))
        else:
            holder: dict[str, Any] = {}
            try:
                holder[name] = self.unknown((uri, name))
            finally:
                self._take_over(holder, here, name, declared, kind)
        self.path.pop()

    def _take_over(
        self,
        holder: dict[str, Any],
        here: dict[str, Any],
        name: str,
        declared: Element | None,
        kind: ComplexType | None,
    ) -> None:
        content = holder.get(name)
        if declared is not None and name in holder:
            try:
                content = typed(content, declared.type)
            except ValueError:
                self.note("value", "holds text that its type does not have", True)
        if kind is not None and name in kind.many:
            here.setdefault(name, []).append(content)
        else:
            self.put(here, name, content)

    def no_deeper(self) -> None:
        """There is a deepest: what stands deeper is not read."""
        if len(self.path) > DEEPEST:
            self.note("form", f"elements stand {DEEPEST} deep in each other", True)
            raise Stop

    def by_its_own_type(self, qname: QName) -> Any:
        """The content of an element of no schema that names its type (`xsi:type`), when the type is known."""
        given = self.grammars.type_named(self.names.read(self.bits))
        if given is None:
            raise ValueError("an element of no schema names a type that no schema has")
        holder: dict[str, Any] = {}
        self.element(self.grammars.of(given).first, given, holder, "it", qname)
        found = holder["it"]
        if given is ANY_TYPE and set(found) <= {"content"}:
            return "".join(found.get("content", ()))
        return found

    def nested(self, name: QName, found: dict[str, Any]) -> None:
        """An element inside one of no schema, whose name was just read, into `found`."""
        self.path.append(name[1])
        known = self.grammars.by_name.get(name)
        if known is not None:
            self.element(self.grammars.of(known.type).first, known.type, found, name[1], name)
        else:
            self.put(found, name[1], self.unknown(name))
        self.path.pop()

    def unknown(self, qname: QName) -> Any:
        """The content of an element of no schema: text, or a dict of lists."""
        self.no_deeper()
        return self.built_in.setdefault(qname, BuiltIn()).read(self, qname)

    def _untyped_value(
        self, state: State, here: dict[str, Any], kind: ComplexType | None, qname: QName | None, at: int
    ) -> None:
        text = self.string(qname or ("", ""))
        simple = next((event.type for event in state.events if event.type is not None), None)
        if simple is None:
            self.note("structure", "text where none is foreseen", bool(text.strip()), at)
            return
        try:
            here["value"] = from_text(text, simple)
            self.note("value", "is written as text", at=at)
        except ValueError:
            here["value"] = text
            self.note("value", "is written as text that its type does not have", True, at)
