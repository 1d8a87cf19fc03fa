"""Cases: what pytest's collection tells of them, what they may not mix, and the order in which they run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from harness.judge import Conditions, ResolvedLimit
from harness.plan._choice import PlanError
from harness.plan._conditions import at_an_evse
from harness.plan._limits import ByRole
from harness.plan._model import PlannedCase, PlannedRun
from requirement_catalog import Hands, Needs, Purpose, nearest

_CARS = ("none", "any", "iso15118")
_IN_SECONDS = {"s": 1.0, "ms": 0.001, "min": 60.0, "h": 3600.0}


class CaseInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What pytest's collection tells of one test case: `function` is its id, `purposes` what it serves."""

    function: str
    title: str
    purposes: tuple[str, ...]
    file: str = ""
    line: int = 0

    @property
    def at(self) -> str:
        """ "test_cases/test_sc04.py:12", where the author has to look."""
        return f"{self.file}:{self.line}" if self.file else self.function


def check_cases(cases: Sequence[CaseInfo], purposes: Mapping[str, Purpose]) -> None:
    """Refuse what serves nothing, what nobody knows, and a case whose purposes disagree. Raises PlanError."""
    for case in cases:
        if not case.purposes:
            raise PlanError(f'{case.at}: the case serves no test purpose; write @serves("OCPP-K01.P002") above it')
        for each in case.purposes:
            _known(case, each, purposes)
        for what, of in _MUST_AGREE.items():
            _agree(case, what, {each: of(purposes[each]) for each in case.purposes})


def _known(case: CaseInfo, purpose: str, purposes: Mapping[str, Purpose]) -> None:
    if purpose not in purposes:
        raise PlanError(f"{case.at}: no test purpose is called {purpose!r}; {nearest(purpose, purposes)}")
    found = purposes[purpose]
    if found.retired:
        instead = f"serve {found.successor} instead" if found.successor else "delete the case"
        raise PlanError(f"{case.at}: {purpose} is retired; {instead}")


_MUST_AGREE: dict[str, Callable[[Purpose], str]] = {
    "versions": lambda p: ", ".join(p.versions) or "none",
    "services": lambda p: ", ".join(p.services) or "none",
    "directions": lambda p: ", ".join(p.directions) or "none",
    "needs.car": lambda p: p.needs.car,
    "a car or an instrument": lambda p: "needed" if at_an_evse(p) else "not needed",
}


def _agree(case: CaseInfo, what: str, said: Mapping[str, str]) -> None:
    first, wanted = next(iter(said.items()))
    for purpose, value in said.items():
        if value != wanted:
            raise PlanError(
                f"{case.at}: the purposes of one case must agree, and {first} has {what} {wanted} where {purpose} has "
                f"{value}; give {purpose} a case of its own, or the same {what} in its suite"
            )


def case_ids(function: str, conditions: Sequence[Conditions]) -> dict[Conditions, str]:
    """The id of each case of a function; the bare function when there is just one."""
    if len(conditions) == 1:
        return {conditions[0]: function}
    several = len({each.evse for each in conditions}) > 1
    ids = {}
    for each in conditions:
        evse = f"EVSE {each.evse}" if several and each.evse else ""
        parts = (each.version, evse, each.service.replace("/", "-"), each.direction)
        ids[each] = f"{function}@{'/'.join(part for part in parts if part)}"
    return ids


def planned_case(
    info: CaseInfo,
    number: str,
    runs: Sequence[PlannedRun],
    purposes: Mapping[str, Purpose],
    limits: Mapping[str, ByRole],
) -> PlannedCase:
    """One case under one of its conditions; `runs` are its purposes' runs there."""
    counted = [run for run in runs if run.run] or list(runs)
    mine = [purposes[run.purpose] for run in counted]
    estimate_s = sum(seconds_of(purpose, limits.get(purpose.id, {})) for purpose in mine)
    going = any(run.run for run in runs)
    return PlannedCase(
        id=number,
        title=info.title,
        function=info.function,
        purposes=tuple(run.purpose for run in counted),
        conditions=runs[0].conditions,
        needs=merged(mine),
        before=tuple(dict.fromkeys(state for purpose in mine for state in purpose.before)),
        hands=next((purpose.hands for purpose in mine if purpose.hands is not Hands.NONE), Hands.NONE),
        disruptive=next((purpose.disruptive for purpose in mine if purpose.disruptive), None),
        estimate_s=estimate_s,
        worst_s=worst_s(estimate_s, [limits.get(purpose.id, {}) for purpose in mine]),
        run=going,
        reason="" if going else runs[0].reason,
    )


def merged(purposes: Sequence[Purpose]) -> Needs:
    """What a case needs: everything that any of its purposes needs."""
    needs = [purpose.needs for purpose in purposes]
    return Needs(
        csms=any(each.csms for each in needs),
        car=max((each.car for each in needs), key=_CARS.index),
        bench=tuple(dict.fromkeys(role for each in needs for role in each.bench)),
        operator=any(each.operator for each in needs),
        evses=max(each.evses for each in needs),
        security_profile=max(each.security_profile for each in needs),
        firmware=any(each.firmware for each in needs),
    )


def seconds_of(purpose: Purpose, limits: ByRole) -> float:
    """About how long it runs on a correct device, in s: its own seconds, and the waits that the contract names."""
    waits = purpose.cost.waits.items()
    return purpose.cost.own_s + sum(times * _seconds(limits[role]) for role, times in waits if role in limits)


def worst_s(estimate_s: float, limits: Sequence[ByRole]) -> float:
    """When a case is given up though each of its waits has a bound of its own, in s.

    Later than any contract lets those waits take together: a slow charger must not be cut off by the harness.
    """
    longest_s = max((_seconds(limit) for by_role in limits for limit in by_role.values()), default=0.0)
    return 90.0 + 5 * estimate_s + 4 * longest_s


def _seconds(limit: ResolvedLimit) -> float:
    return limit.value * _IN_SECONDS.get(limit.unit, 0.0)


def in_order(cases: Sequence[PlannedCase]) -> list[PlannedCase]:
    """What may change the charger comes last, and new firmware after all.

    Before that, an older OCPP after the newer, so that the charger changes once; what needs our car's ISO 15118 side
    after what does not: it gets ready meanwhile; and one EVSE after the other.
    """
    versions = sorted({case.conditions.version for case in cases} - {""}, key=_number, reverse=True)

    def key(case: PlannedCase) -> tuple[bool, bool, int, bool, int]:
        version = case.conditions.version
        return (
            case.disruptive is not None,
            case.needs.firmware,
            versions.index(version) if version else 0,
            case.needs.car == "iso15118",
            case.conditions.evse,
        )

    return sorted(cases, key=key)


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
