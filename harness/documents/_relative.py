"""Dates of sample papers that move with the day of the review, so that a demonstration stays green in later years."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from harness.documents._dates import add_months
from requirement_catalog import CatalogueError, Located, Problem

_RELATIVE = re.compile(r"(\d{1,4}) (day|month|year)s? (before|after) the review")


def with_dates(located: Located, as_of: datetime.date | None) -> Located:
    """The same record with each "30 days before the review" as the day that this is, counted from `as_of`.

    Only a record that says `emulated: true` may hold such dates: a real paper was issued on a day. Raises
    CatalogueError with file and line.
    """
    problems: list[Problem] = []
    emulated = any(_says_emulated(part) for part in (located.data, *_groups(located.data)))
    data = _dated(located, located.data, "", as_of if emulated else None, emulated, problems)
    if problems:
        raise CatalogueError(problems)
    return replace(located, data=data)


def _groups(data: Any) -> Iterator[Any]:
    if isinstance(data, dict):
        yield from data.values()


def _says_emulated(part: Any) -> bool:
    return isinstance(part, dict) and part.get("emulated") is True


def _dated(
    located: Located, value: Any, path: str, as_of: datetime.date | None, emulated: bool, problems: list[Problem]
) -> Any:
    if isinstance(value, dict):
        return {
            key: _dated(located, each, f"{path}.{key}" if path else key, as_of, emulated, problems)
            for key, each in value.items()
        }
    if isinstance(value, list):
        return [_dated(located, each, f"{path}[{i}]", as_of, emulated, problems) for i, each in enumerate(value)]
    found = _RELATIVE.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        return value
    if not emulated:
        wrong = f"{value!r} is no date of a real paper"
        problems.append(located.problem(path, wrong, "write the day that stands on the paper: 2026-11-22"))
    elif as_of is None:
        problems.append(located.problem(path, f"{value!r} needs a day of review", "write a date: 2026-11-22"))
    else:
        return _day(as_of, int(found[1]), found[2], found[3]).isoformat()
    return value


def _day(as_of: datetime.date, count: int, unit: str, side: str) -> datetime.date:
    sign = 1 if side == "after" else -1
    if unit == "day":
        return as_of + datetime.timedelta(days=sign * count)
    return add_months(as_of, sign * count * (12 if unit == "year" else 1))
