"""Judging again: the same trace, plan and judges must give the verdicts that were sealed."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import msgspec

from harness.decision import decide
from harness.evidence._facts import load_judges
from harness.judge import claims_in, evaluate, judge_names
from harness.plan import Plan
from harness.trace import Trace

_MOST = 50
_VERSIONS = "judge_versions"


@dataclass(frozen=True)
class Rejudged:
    """`differences` between sealed and recomputed verdicts; `impossible` says why there is no comparison."""

    differences: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    impossible: str = ""


def rejudge(plan: Plan, trace: Trace, sealed: dict[str, Any]) -> Rejudged:
    """Recompute verdicts.json and compare it field by field with what was sealed."""
    load_judges()
    unknown = sorted({claim.judge for claim in claims_in(trace)} - set(judge_names()))
    if unknown:
        return Rejudged(
            impossible=f"this chargeproof has no judge called {', '.join(unknown)}; "
            "re-judge with the version named in environment.json"
        )
    result = decide(plan, trace, evaluate(trace, plan.limits, plan.overdue))
    again = msgspec.json.decode(msgspec.json.encode(result))
    then, now = sealed.get(_VERSIONS, {}), again.get(_VERSIONS, {})
    notes = tuple(
        f"{'the rules have' if name == 'rules' else f'the judge {name} has'} changed since the campaign"
        for name in sorted(now)
        if then.get(name, now[name]) != now[name]
    )
    found = compare({**sealed, _VERSIONS: {}}, {**again, _VERSIONS: {}})
    if len(found) > _MOST:
        found = [*found[:_MOST], f"and {len(found) - _MOST} further differences"]
    return Rejudged(differences=tuple(found), notes=notes)


def compare(sealed: Any, again: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, as "path: sealed …, recomputed …". Numbers may differ in their last digits."""
    if isinstance(sealed, dict) and isinstance(again, dict):
        found = []
        for key in [*sealed, *(k for k in again if k not in sealed)]:
            inner = f"{path}.{key}" if path else key
            if key not in again:
                found.append(f"{inner}: sealed {_short(sealed[key])}, recomputed nothing")
            elif key not in sealed:
                found.append(f"{inner}: sealed nothing, recomputed {_short(again[key])}")
            else:
                found += compare(sealed[key], again[key], inner)
        return found
    if isinstance(sealed, list) and isinstance(again, list):
        found = []
        if len(sealed) != len(again):
            found.append(f"{path}: sealed {len(sealed)} entries, recomputed {len(again)}")
        for index, (a, b) in enumerate(zip(sealed, again, strict=False)):
            found += compare(a, b, f"{path}[{_label(a, index)}]")
        return found
    if _same(sealed, again):
        return []
    return [f"{path}: sealed {_short(sealed)}, recomputed {_short(again)}"]


def _same(sealed: Any, again: Any) -> bool:
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (sealed, again))
    if numbers:
        return math.isclose(sealed, again, rel_tol=1e-9, abs_tol=1e-12)
    return type(sealed) is type(again) and bool(sealed == again)


def _label(entry: Any, index: int) -> str:
    if isinstance(entry, dict):
        for key in ("id", "criterion"):
            if isinstance(entry.get(key), str) and entry[key]:
                return str(entry[key])
    return str(index)


def _short(value: Any) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= 120 else f"{text[:117]}…"
