"""What a charger declares of its variables in a report, and values that by its own word are none of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.csms import Collected

ATTRIBUTE_TYPES = ("Target", "MinSet", "MaxSet")
_NUMBERS, _LISTS = ("integer", "decimal"), ("OptionList", "MemberList", "SequenceList")


@dataclass(frozen=True)
class Declared:
    """One variable as a NotifyReport declares it; `low` and `high` are its limits, None where it names none."""

    component: str
    variable: str
    kind: str
    value: str
    mutability: str
    attributes: frozenset[str]
    low: float | None = None
    high: float | None = None
    choices: str = ""

    @property
    def name(self) -> tuple[str, str]:
        """As `get_variables` and `set_variables` take it."""
        return self.component, self.variable

    @property
    def other(self) -> str:
        """A value as fit as its own: one more or less of a number, else the same."""
        if self.kind != "integer" or not self.value.lstrip("-").isdecimal():
            return self.value
        more = int(self.value) + 1
        return str(more if self.high is None or more <= self.high else more - 2)

    @property
    def unfit(self) -> str | None:
        """A value that it cannot have by what it declares (B05.FR.07, B05.FR.08); None where it declares too little."""
        if self.kind in _NUMBERS:
            beyond = self.low - 1 if self.low is not None else None
            beyond = self.high + 1 if self.high is not None else beyond
            return None if beyond is None else f"{beyond:g}"
        if self.kind == "boolean":
            return "perhaps"
        return "NoSuchChoice" if self.kind in _LISTS and self.choices else None

    def is_called(self, name: tuple[str, str]) -> bool:
        """Whether this is its name; names are identifierStrings, which have no case."""
        return tuple(part.casefold() for part in self.name) == tuple(part.casefold() for part in name)


def declared_in(report: Collected) -> list[Declared]:
    """The variables of a report that stand for the whole station, in its order."""
    return [each for entry in report.entries("reportData") for each in _declared(entry)]


def numbers_in(listed: str) -> set[int]:
    """The numbers in a list like "1,2"."""
    return {int(each) for each in listed.split(",") if each.strip().isdecimal()}


def one_of_each_kind(variables: list[Declared], most: int = 6) -> list[Declared]:
    """At most so many of them, of each data type one before any second one."""
    seen: dict[str, int] = {}
    ranked = []
    for each in variables:
        seen[each.kind] = seen.get(each.kind, 0) + 1
        ranked.append((seen[each.kind], each))
    return [each for _, each in sorted(ranked, key=lambda pair: pair[0])][:most]


def _declared(entry: Mapping[str, Any]) -> Iterator[Declared]:
    component, variable = entry.get("component") or {}, entry.get("variable") or {}
    attributes = [each for each in entry.get("variableAttribute") or [] if isinstance(each, dict)]
    actual = next((each for each in attributes if each.get("type", "Actual") == "Actual"), None)
    if actual is None or "evse" in component:
        return
    about = entry.get("variableCharacteristics") or {}
    yield Declared(
        component=_with_instance(component),
        variable=_with_instance(variable),
        kind=str(about.get("dataType", "")),
        value=str(actual.get("value", "")),
        mutability=str(actual.get("mutability", "ReadWrite")),
        attributes=frozenset(str(each.get("type", "Actual")) for each in attributes),
        low=about.get("minLimit"),
        high=about.get("maxLimit"),
        choices=str(about.get("valuesList", "")),
    )


def _with_instance(name: Mapping[str, str]) -> str:
    return f"{name.get('name')}[{name['instance']}]" if "instance" in name else str(name.get("name"))
