"""What must hold of suites beyond the shape of each file: ids, words and conditions make sense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from requirement_catalog.purposes._suite_model import Purpose, Rule, SuiteFile
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem

# prefix of the ids in each suite's folder (design, suite_example.yaml)
PREFIXES = {
    "ocpp": "OCPP",
    "iso15118_20": "I20",
    "iso15118_2": "I2",
    "din70121": "DIN",
    "v2g": "V2G",  # what every protocol between car and charger has in common
    "iec61851": "CP",
    "grid": "GRID",
    "site": "SITE",
    "private": "SITE",
    "light": "LIGHT",
    "backend": "BACKEND",
}
VERSIONS = ("2.0.1", "2.1")
DIRECTIONS = ("charge", "export")
STATES = ("booted", "no_limits", "free", "charging")
ROLES = ("station", "csms", "evse", "ems")
CARS = ("none", "any", "iso15118")
BENCH = ("meter", "pilot", "light", "ems", "grid_source", "network_switch", "supply")
SET_OFF = ("surely", "perhaps")
STATE_FROM = ("connection", "boot", "session")
CONDITIONS = ("version", "service", "direction")
_SERVICE = re.compile(r"[A-Z][A-Za-z0-9_]*(/(Dynamic|Scheduled))?")
_ID = re.compile(r"([A-Z0-9]+)-([A-Za-z0-9_]+)\.([PR])\d{3}")


@dataclass(frozen=True)
class Loaded:
    """One suite file and where its values stand."""

    file: SuiteFile
    located: Located

    def items(self) -> Iterator[tuple[Purpose | Rule, str]]:
        """Each purpose and rule with its YAML path."""
        yield from ((p, f"purposes[{i}]") for i, p in enumerate(self.file.purposes))
        yield from ((r, f"rules[{i}]") for i, r in enumerate(self.file.rules))


def broken_on_their_own(loaded: Sequence[Loaded], *, placed: bool) -> Iterator[Problem]:
    """What a file can be asked without the catalogue; `placed`: also whether each id stands in its own file."""
    seen: dict[str, str] = {}
    for each in loaded:
        for item, at in each.items():
            yield from _id(item, each, at, seen, placed=placed)
            yield from _words(item, each.located, at)
            if isinstance(item, Purpose):
                yield from _purpose(item, each.located, at)


def _id(item: Purpose | Rule, each: Loaded, at: str, seen: dict[str, str], *, placed: bool) -> Iterator[Problem]:
    located, letter = each.located, "P" if isinstance(item, Purpose) else "R"
    found = _ID.fullmatch(item.id)
    example = f"OCPP-{each.file.use_case}.{letter}001"
    if not found or found[3] != letter:
        yield located.problem(
            f"{at}.id", f"{item.id!r} is no {'purpose' if letter == 'P' else 'rule'}'s id", f'write it like "{example}"'
        )
    elif found[1] not in PREFIXES.values():
        wrong = f"{item.id!r} begins with {found[1]!r}, which no suite has"
        yield located.problem(f"{at}.id", wrong, nearest(found[1], PREFIXES.values()))
    elif placed:
        yield from _where(item.id, found[1], found[2], each, at)
    here = located.problem(f"{at}.id", f"{item.id!r} stands here a second time")
    if item.id in seen:
        wrong = f"{item.id!r} is already used ({seen[item.id]})"
        yield located.problem(f"{at}.id", wrong, "take the next free number; an id is given once, for ever")
    seen.setdefault(item.id, f"{here.file}:{here.line}")
    if item.revision < 1:
        yield located.problem(f"{at}.revision", f"is {item.revision}", "begin with 1 and count up")


def _where(id: str, prefix: str, block: str, each: Loaded, at: str) -> Iterator[Problem]:
    folder = each.located.file.split("/")[1] if "/" in each.located.file else ""
    if folder not in PREFIXES:
        yield each.located.problem("", f"stands in {folder!r}, which is no suite's folder", nearest(folder, PREFIXES))
    elif PREFIXES[folder] != prefix:
        wrong = f"{id!r} stands in suites/{folder}"
        yield each.located.problem(f"{at}.id", wrong, f"ids there begin with {PREFIXES[folder]}-")
    if block != each.file.use_case:
        wrong = f"{id!r} stands in the file of use case {each.file.use_case!r}"
        yield each.located.problem(f"{at}.id", wrong, f"move it to the file of {block!r}")


def _words(item: Purpose | Rule, located: Located, at: str) -> Iterator[Problem]:
    """Words that come from short lists: versions, roles, conditions."""
    yield from _all_of(item.versions, VERSIONS, "version of OCPP that we know", located, f"{at}.versions")
    yield from _one_of(item.role, ROLES, "role", located, f"{at}.role")
    for k, serves in enumerate(item.serves):
        for key, value in serves.when.items():
            where = f"{at}.serves[{k}].when.{key}"
            if key not in CONDITIONS:
                yield located.problem(where, f"{key!r} is no condition", nearest(key, CONDITIONS))
                continue
            given = getattr(item, f"{key}s", ())
            if value not in given:
                wrong = f"is {value!r}, which is not among its `{key}s`"
                yield located.problem(where, wrong, f"its {key}s are: {', '.join(given) or 'none'}")
    if isinstance(item, Rule):
        yield from _one_of(item.state_from, STATE_FROM, "state to begin from", located, f"{at}.state_from")
        yield from _one_of(item.set_off, SET_OFF, "way to be set off", located, f"{at}.set_off")
        yield from _limits(item, located, at)


def _limits(rule: Rule, located: Located, at: str) -> Iterator[Problem]:
    """Its numbers lie in their ranges, and what decides rests on none that decides nothing."""
    for name, limit in rule.limits.items():
        where, (low, high) = f"{at}.limits.{name}", limit.range
        if not low <= limit.value <= high:
            wrong = f"is {limit.value:g} {limit.unit}, outside its range of {low:g} to {high:g}"
            yield located.problem(f"{where}.value", wrong, "correct the number, or say why another range makes sense")
        if rule.readings > 1 and rule.confidence.decides and not limit.confidence.decides:
            wrong = f"is {limit.confidence} only, and its rule decides"
            yield located.problem(f"{where}.confidence", wrong, "write readings: 1 until the number is confirmed")


def _purpose(purpose: Purpose, located: Located, at: str) -> Iterator[Problem]:
    yield from _all_of(purpose.directions, DIRECTIONS, "direction", located, f"{at}.directions")
    yield from _all_of(purpose.before, STATES, "state that the stand can bring about", located, f"{at}.before")
    yield from _all_of(purpose.needs.bench, BENCH, "instrument's role", located, f"{at}.needs.bench")
    yield from _one_of(purpose.needs.car, CARS, "kind of car", located, f"{at}.needs.car")
    for k, service in enumerate(purpose.services):
        if not _SERVICE.fullmatch(service):
            wrong = f"{service!r} is no service"
            yield located.problem(f"{at}.services[{k}]", wrong, "write it like DC_BPT/Dynamic or AC_BPT/Scheduled")
    if not purpose.judges and not purpose.retired:
        yield located.problem(
            f"{at}.judges", "has no judge: nothing could ever be found", "name at least one as `judges:`"
        )
    if purpose.limits and purpose.serves:
        wrong = "has limits of its own although it serves a criterion"
        yield located.problem(f"{at}.limits", wrong, "take them out: the criterion's limits count")
    if "no_limits" in purpose.before and not purpose.needs.csms:
        yield located.problem(f"{at}.before", "'no_limits' needs the backend", "write `needs: {csms: true}`")
    if "charging" in purpose.before and purpose.needs.car == "none":
        yield located.problem(f"{at}.before", "'charging' needs a car", "write `needs: {car: any}`")
    if purpose.needs.evses < 1:
        yield located.problem(f"{at}.needs.evses", f"is {purpose.needs.evses}", "at least one is needed")
    if not 0 <= purpose.needs.security_profile <= 3:
        yield located.problem(f"{at}.needs.security_profile", "is no security profile", "write 0 (any), 1, 2 or 3")
    for role, count in purpose.cost.waits.items():
        if count < 1:
            yield located.problem(f"{at}.cost.waits.{role}", f"is {count}", "write how often it waits, or leave it out")
    if purpose.cost.own_s < 0:
        yield located.problem(f"{at}.cost.own_s", "is less than nothing", "write the seconds it takes by itself")


def _all_of(values: Sequence[str], allowed: Sequence[str], what: str, located: Located, at: str) -> Iterator[Problem]:
    for k, value in enumerate(values):
        if value not in allowed:
            yield located.problem(f"{at}[{k}]", f"{value!r} is no {what}", nearest(value, allowed))
        elif value in values[:k]:
            yield located.problem(f"{at}[{k}]", f"{value!r} stands here twice", "keep one of them")


def _one_of(value: str, allowed: Sequence[str], what: str, located: Located, at: str) -> Iterator[Problem]:
    if value not in allowed:
        yield located.problem(at, f"{value!r} is no {what}", nearest(value, allowed))
