"""What a judge is: a pure function from a trace and a claim to a finding, kept under a name to be run again."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

import msgspec

from harness.trace import Trace
from requirement_catalog import Confidence, DecisionRule, Sense


class Verdict(StrEnum):
    """ISO/IEC 9646's verdicts, and the three an acceptance needs beside them (design, *Words*)."""

    PASS = "pass"
    FAIL = "fail"
    INCONCLUSIVE = "inconclusive"
    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"
    ERROR = "error"


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """A number that was measured, and the limit it was held against, all in `unit`."""

    name: str
    value: float
    unit: str
    uncertainty: float = 0.0
    limit: float | None = None
    tolerance: float = 0.0
    sense: Sense | None = None
    limit_source: str = ""
    limit_confidence: Confidence | None = None
    at_ns: int | None = None


class Conditions(msgspec.Struct, frozen=True, kw_only=True, order=True):
    """Under what a purpose was run; empty and 0: it does not matter. Results are kept apart by them.

    `version` of OCPP ("2.0.1"), `evse` under test, `service` ("DC_BPT/Dynamic"), `direction` ("charge", "export").
    """

    version: str = ""
    evse: int = 0
    service: str = ""
    direction: str = ""

    def __str__(self) -> str:
        parts = [f"OCPP {self.version}" if self.version else "", f"EVSE {self.evse}" if self.evse else ""]
        return ", ".join(part for part in (*parts, self.service, self.direction) if part)


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """What a test case asserts of the trace; evaluated after the run, and again by `verify --rejudge`.

    It is about a test `purpose` under `conditions`, or about a `criterion` itself (papers, logs; `purpose` is then
    empty). `control` marks a positive control: when it does not pass, every other claim of the same `group` is void.
    `seq` is the claim event's own number; a judge sees what was recorded up to it, unless it looks over the whole.
    `intended`: the event by which a case said that it would make it, and never did; `seq` is then where it was cut off.
    """

    judge: str
    params: dict[str, Any]
    case: str
    seq: int
    purpose: str = ""
    criterion: str = ""
    conditions: Conditions = Conditions()
    control: bool = False
    group: str = ""
    run: int = 1  # a case that was run again has claims of its second run too
    intended: int | None = None

    @property
    def cut(self) -> bool:
        """Whether it was to be made and never was."""
        return self.intended is not None

    @property
    def about(self) -> str:
        """The id that gives its limits: the purpose's, or else the criterion's."""
        return self.purpose or self.criterion


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What one judge found: expected (with clause), seen (with the frames), when, and who acted."""

    verdict: Verdict
    expected: str
    seen: str
    clause: str = ""
    acted: str = ""
    at_ns: int | None = None
    events: tuple[int, ...] = ()
    measurements: tuple[Measurement, ...] = ()


class ResolvedLimit(msgspec.Struct, frozen=True, kw_only=True):
    """A limit with its contract parameters filled in; what the plan froze for this campaign."""

    name: str  # where the number stands: the contract parameter's or reference number's name, else "SC-04.6 response"
    value: float
    unit: str
    sense: Sense = Sense.AT_MOST
    tolerance: float = 0.0
    source: str = ""
    confidence: Confidence = Confidence.CONTRACT_DEFAULT
    decision_rule: DecisionRule = DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY
    most_uncertain: float = 0.0  # share of limit and tolerance: less sure, an instrument accepts and rejects nothing


class Limits:
    """The limits of one purpose or criterion by role, and nothing else.

    It remembers which ones it gave out, so that their confidence can be applied.
    """

    def __init__(self, by_role: Mapping[str, ResolvedLimit]) -> None:
        self._by_role = dict(by_role)
        self.used: list[ResolvedLimit] = []

    def __getitem__(self, role: str) -> ResolvedLimit:
        """The limit in a role ("response"). Raises KeyError with the roles there are."""
        if role not in self._by_role:
            raise KeyError(f"no limit has the role {role!r}; there are {', '.join(sorted(self._by_role)) or 'none'}")
        found = self._by_role[role]
        if found not in self.used:
            self.used.append(found)
        return found

    def __contains__(self, role: str) -> bool:
        return role in self._by_role


JudgeFunction = Callable[[Trace, Claim, Limits], Finding]
_registry: dict[str, JudgeFunction] = {}


def judge(
    name: str, *, whole: bool = False, fail_stands: bool = False, reads: tuple[str, ...] = ()
) -> Callable[[JudgeFunction], JudgeFunction]:
    """Register a judge under `name` ("setpoints.limit_holds"); the name stands in traces for good.

    It is given what was recorded up to its claim; with `whole` also what came later (a fault that holds at any time).
    With `fail_stands` its fail is a deed of the charger's that no missing control excuses: only its pass is then void.
    `reads` names the instruments whose readings it takes for true ("meter").
    """

    def register(function: JudgeFunction) -> JudgeFunction:
        if name in _registry and _registry[name].__qualname__ != function.__qualname__:
            raise ValueError(f"two judges are called {name!r}")
        _registry[name] = function
        function.judge_name = name  # type: ignore[attr-defined]
        function.whole_trace = whole  # type: ignore[attr-defined]
        function.fail_stands = fail_stands  # type: ignore[attr-defined]
        function.reads = reads  # type: ignore[attr-defined]
        return function

    return register


def judge_named(name: str) -> JudgeFunction:
    """The judge registered under `name`. Raises KeyError with the names there are."""
    if name not in _registry:
        raise KeyError(f"no judge is called {name!r}; there are: {', '.join(sorted(_registry))}")
    return _registry[name]


def judge_names() -> tuple[str, ...]:
    """All registered names, sorted."""
    return tuple(sorted(_registry))


_WITHIN = {
    DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY: Verdict.INCONCLUSIVE,
    DecisionRule.ACCEPT_WITHIN_UNCERTAINTY: Verdict.PASS,
    DecisionRule.REJECT_WITHIN_UNCERTAINTY: Verdict.FAIL,
}


def held_against(
    name: str, value: float, limit: ResolvedLimit, *, uncertainty: float = 0.0, at_ns: int | None = None
) -> tuple[Verdict, Measurement]:
    """Hold one measured value against one limit (honesty rules 3 and 4).

    `value`, `uncertainty` in `limit.unit`. Within its uncertainty of limit + tolerance the tender's
    decision rule speaks (inconclusive, unless it states another).
    A value exactly on the border, with no uncertainty, passes. What is no number decides nothing.
    """
    border = limit.value + limit.tolerance if limit.sense is Sense.AT_MOST else limit.value - limit.tolerance
    excess = value - border if limit.sense is Sense.AT_MOST else border - value
    if abs(excess) <= 1e-9 * max(1.0, abs(border)):
        excess = 0.0  # 16.1 - 16 is not exactly 0.1 to a computer
    if not (math.isfinite(value) and math.isfinite(uncertainty) and uncertainty >= 0):
        verdict = Verdict.INCONCLUSIVE
    elif abs(excess) < uncertainty or (excess == uncertainty > 0):
        sure = uncertainty <= limit.most_uncertain * (abs(limit.value) + limit.tolerance)
        verdict = _WITHIN[limit.decision_rule] if sure else Verdict.INCONCLUSIVE
    else:
        verdict = Verdict.FAIL if excess > 0 else Verdict.PASS
    return verdict, Measurement(
        name=name,
        value=value,
        unit=limit.unit,
        uncertainty=uncertainty,
        limit=limit.value,
        tolerance=limit.tolerance,
        sense=limit.sense,
        limit_source=limit.source,
        limit_confidence=limit.confidence,
        at_ns=at_ns,
    )


_WORST_FIRST = (
    Verdict.FAIL,
    Verdict.ERROR,
    Verdict.INCONCLUSIVE,
    Verdict.PENDING,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)


def worst(verdicts: list[Verdict]) -> Verdict:
    """The verdict of several parts; of none it is inconclusive, because unset is not pass (honesty rule 1)."""
    for verdict in _WORST_FIRST:
        if verdict in verdicts:
            return verdict
    return Verdict.INCONCLUSIVE
