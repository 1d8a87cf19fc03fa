"""What every check of a bundle looks at, and the words in which it says what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from harness.evidence.bundle._problem import Problem
from harness.evidence.verification._stated import Stated
from harness.judge import CampaignResult
from harness.plan import Plan
from harness.trace import Trace

MOST = 8  # named of one kind


@dataclass(frozen=True)
class Facts:
    """A bundle that could be read: `documents` holds each JSON file's value by name, `files` the names of all."""

    plan: Plan
    verdicts: CampaignResult
    trace: Trace
    stated: Stated
    documents: Mapping[str, Any]
    files: Mapping[str, bytes | memoryview]


def short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"


def named(where: str, what: str, names: Any) -> Iterator[Problem]:
    found = sorted(names)
    for name in found[:MOST]:
        yield wrong(where, what.format(name))
    if len(found) > MOST:
        yield wrong(where, f"and {len(found) - MOST} more: " + what.format("…"))


def wrong(where: str, what: str) -> Problem:
    return Problem(where=where, what=what)
