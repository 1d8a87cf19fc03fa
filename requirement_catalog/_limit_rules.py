"""What must hold for limits: one source for each number, known names, one unit, and a range in which it makes sense."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from requirement_catalog._model import Confidence, ContractParameter, Limit, ReferenceNumber
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem

# contract parameters that bind every reading of an instrument, whatever the criterion
OF_EVERY_READING = ("instrument.most_uncertain", "instrument.calibration_grace")
_ROLE = re.compile(r"[a-z][a-z0-9_]*")


def broken_limits(
    limits: Mapping[str, Limit],
    located: Located,
    at: str,
    parameters: Mapping[str, ContractParameter],
    numbers: Mapping[str, ReferenceNumber],
    *,
    gates: bool,
) -> Iterator[Problem]:
    """What is wrong with the limits of a criterion, or of a purpose that serves none, by role.

    `gates`: whether it takes part in the decision. Then none of its numbers may be one that decides nothing.
    """
    for role, limit in limits.items():
        here = f"{at}.{role}"
        if not _ROLE.fullmatch(role):
            yield located.problem(here, f"{role!r} is no role", "write it in small letters: response, zero_current")
        yield from _source(limit, located, here)
        yield from _names(limit, located, here, parameters, numbers)
        yield from _own(limit, located, here)
        if gates and not (weakest := _confidence(limit, parameters, numbers)).decides:
            wrong = f"is mandatory before go-live, but this limit is only {weakest.value}: it could never pass"
            yield located.problem(here, wrong, "use a contract parameter, or make the criterion `information`")


def number_in_range(item: ContractParameter | ReferenceNumber, located: Located, at: str) -> Iterator[Problem]:
    """A named number must lie in its own range, and the range must be one."""
    low, high = item.range
    if low > high:
        yield located.problem(f"{at}.range", "ends below its beginning", "write it as [least, most]")
    elif not low <= item.value <= high:
        yield located.problem(f"{at}.value", senseless(item.value, item.unit), within(item.range, item.unit))


def senseless(value: float, unit: str) -> str:
    """What is wrong with a number outside its range."""
    return f"{value:g} {unit} makes no sense here"


def within(range_: tuple[float, float], unit: str) -> str:
    """What would be right instead."""
    low, high = range_
    return f"write {low:g} {unit}" if low == high else f"write a number from {low:g} to {high:g} {unit}"


def _source(limit: Limit, located: Located, at: str) -> Iterator[Problem]:
    given = [key for key in ("value", "contract", "reference") if getattr(limit, key) is not None]
    if len(given) != 1:
        what = f"has {' and '.join(given)}" if given else "has no number"
        yield located.problem(at, what, "give exactly one of `value`, `contract` and `reference`")


def _names(
    limit: Limit,
    located: Located,
    at: str,
    parameters: Mapping[str, ContractParameter],
    numbers: Mapping[str, ReferenceNumber],
) -> Iterator[Problem]:
    kinds: tuple[tuple[str, str, Mapping[str, ContractParameter] | Mapping[str, ReferenceNumber]], ...] = (
        ("contract", "contract parameter", parameters),
        ("tolerance_contract", "contract parameter", parameters),
        ("reference", "reference number", numbers),
    )
    units: dict[str, str] = {} if limit.unit is None else {"the limit": limit.unit}
    for key, kind, known in kinds:
        name = getattr(limit, key)
        if name is None:
            continue
        if name not in known:
            yield located.problem(f"{at}.{key}", f"no {kind} is called {name!r}", nearest(name, known))
        else:
            units[name] = known[name].unit
    if len(set(units.values())) > 1:
        (one, unit), *_, (other, another) = units.items()
        yield located.problem(f"{at}.unit", f"{other} is in {another}, {one} in {unit}", "use one unit")
    if limit.tolerance and limit.tolerance_contract:
        yield located.problem(at, "has two tolerances", "give `tolerance` or `tolerance_contract`")
    if limit.tolerance < 0:
        yield located.problem(f"{at}.tolerance", "is negative", "write a number of at least 0")


def _own(limit: Limit, located: Located, at: str) -> Iterator[Problem]:
    """A value of its own says all that a named number would say."""
    if limit.value is None:
        if limit.range is not None:
            yield located.problem(f"{at}.range", "belongs to a number that stands elsewhere", "give it there")
        return
    for key in ("unit", "sense", "range"):
        if getattr(limit, key) is None:
            yield located.problem(at, f"has a value of its own and no `{key}`", f"add `{key}:`")
    if not limit.source:
        yield located.problem(at, "has a value without a source", "add `source:`")
    if limit.confidence is Confidence.CORROBORATED and not limit.second_source:
        yield located.problem(at, "is corroborated by one source only", "name the other one as `second_source:`")
    if limit.range is not None and not limit.range[0] <= limit.value <= limit.range[1]:
        unit = limit.unit or ""
        yield located.problem(f"{at}.value", senseless(limit.value, unit), within(limit.range, unit))


def _confidence(
    limit: Limit, parameters: Mapping[str, ContractParameter], numbers: Mapping[str, ReferenceNumber]
) -> Confidence:
    """How sure its number is; what is not there is answered for elsewhere."""
    named = parameters.get(limit.contract or "") or numbers.get(limit.reference or "")
    if named is not None:
        return named.confidence
    return limit.confidence if limit.value is not None else Confidence.CONTRACT_DEFAULT
