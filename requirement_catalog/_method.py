"""Numbers of our own method (method.yaml), asked for by name: what decides, samples or bounds and no standard gives."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path

import msgspec

from requirement_catalog._limit_rules import senseless, within
from requirement_catalog._model import Confidence
from requirement_catalog.reading._check import nearest, read_record
from requirement_catalog.reading._yaml import CatalogueError, Located, Problem

METHOD = "method.yaml"


class Kind(StrEnum):
    """What a number does: another verdict on its other side, how much is looked at, or how much is kept or shown."""

    DECIDES = "decides"
    SAMPLES = "samples"
    BOUNDS = "bounds"


class OwnNumber(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One number; `reason` says why this one. No tender changes it: whoever does changes the suite."""

    name: str
    kind: Kind
    value: int | float
    unit: str
    range: tuple[float, float]
    meaning: str
    reason: str
    source: str = "ours: no standard and no contract gives it"
    confidence: Confidence = Confidence.CONTRACT_DEFAULT


class MethodFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """method.yaml."""

    title: str
    numbers: tuple[OwnNumber, ...]


def own_number(name: str) -> float:
    """The number of this name, in its own unit. Raises KeyError with the nearest known name."""
    return float(_known(name).value)


def own_count(name: str) -> int:
    """The same of a whole number. Raises KeyError, and ValueError for one that is not whole."""
    value = _known(name).value
    if value != int(value):
        raise ValueError(f"{name} is {value}, which is no whole number")
    return int(value)


def own_ns(name: str) -> int:
    """The same of a time in s, in whole nanoseconds. Raises KeyError, and ValueError for what is no time in s."""
    number = _known(name)
    if number.unit != "s":
        raise ValueError(f"{name} is in {number.unit}, and no time in s")
    return round(number.value * 1e9)


def broken_method(numbers: Sequence[OwnNumber], located: Located) -> Iterator[Problem]:
    """Twins, numbers outside their range, and what decides although nobody is sure of it."""
    seen: set[str] = set()
    for i, each in enumerate(numbers):
        at, (low, high) = f"numbers[{i}]", each.range
        if each.name in seen:
            yield located.problem(f"{at}.name", f"{each.name!r} stands here twice", "keep one")
        seen.add(each.name)
        if not low <= each.value <= high:
            yield located.problem(f"{at}.value", senseless(each.value, each.unit), within(each.range, each.unit))
        if each.kind is Kind.DECIDES and not each.confidence.decides:
            wrong = f"decides, and is only {each.confidence.value}"
            yield located.problem(f"{at}.confidence", wrong, "find out, or let it decide nothing")


def _known(name: str) -> OwnNumber:
    numbers = _shipped()
    if name not in numbers:
        raise KeyError(f"no number of our method is called {name!r}; {nearest(name, numbers)}")
    return numbers[name]


@functools.cache
def _shipped() -> dict[str, OwnNumber]:
    file, located = read_record(Path(__file__).parent / METHOD, MethodFile, METHOD)
    if problems := list(broken_method(file.numbers, located)):
        raise CatalogueError(problems)
    return {each.name: each for each in file.numbers}
