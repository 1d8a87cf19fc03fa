"""From what rules saw in the whole trace to their outcomes, with waivers; no rule is silent about itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from harness.decision._next import next_step
from harness.decision._purposes import Settled
from harness.decision._table import Row, always, ruling
from harness.decision._waivers import waived
from harness.decision.identity._declared import DeviceModel
from harness.decision.runs._runs import case_runs
from harness.judge import SLOW_S, Conditions, RuleOutcome, RulePlace, Verdict, doubts_of
from harness.judge.rules import Tally, tallies_of, together, weight, worst_first
from harness.plan import Plan, PlannedRule
from harness.trace import Trace
from requirement_catalog import Conformance, evaluate

_BRING_ABOUT = ("test engineer", "see to it that what sets the rule off comes about, and run that case again")


@dataclass(frozen=True)
class Watched:
    """A rule under the version that was spoken, with how it fared.

    `counts` is how often it was violated outside of runs that a person explained away. `ran` names the purposes that
    are there to bring it about and that ran to their end. `told` is the device model's word on what nobody declared.
    """

    planned: PlannedRule
    tally: Tally
    counts: int
    ran: tuple[str, ...] = ()
    declared: str = "yes"
    told: tuple[str, str] | None = None
    doubts: tuple[str, ...] = ()


def _violated(w: Watched) -> str:
    worst = worst_first(w.tally)
    seen = f"{worst[0].seen} (event {', '.join(str(at) for at in worst[0].at)})" if worst else ""
    more = f"; and {len(worst) - 1} other kinds of violation" if len(worst) > 1 else ""
    return f"violated {w.counts} of {w.tally.exercised} times: {seen}{more}"


def _excused(w: Watched) -> str:
    many = w.tally.violated - w.counts
    if not many:
        return ""
    bench = f" or while {w.doubts[0]}" if w.doubts else ""
    return f"; {many} violation(s) in a run that was cut, and explained,{bench} do not count"


RULED: tuple[Row[Watched], ...] = (
    Row(
        "declared unsupported",
        lambda w: w.declared == "no",
        Verdict.NOT_APPLICABLE,
        lambda w: f"declared unsupported: {w.planned.applies.replace('_', ' ')}",
    ),
    Row(
        "told unsupported",
        lambda w: w.told is not None and w.told[0] == "no",
        Verdict.NOT_APPLICABLE,
        lambda w: w.told[1] if w.told is not None else "",
    ),
    Row(
        "optional, declared by nobody, and violated",
        lambda w: (
            bool(w.counts)
            and w.planned.conformance is Conformance.OPTIONAL
            and w.declared == "undeclared"
            and w.told is None
        ),
        Verdict.INCONCLUSIVE,
        lambda w: f"the standard leaves it optional and nobody declared it: declare yes or no; {_violated(w)}",
    ),
    Row(
        "violated",
        lambda w: bool(w.counts),
        Verdict.FAIL,
        _violated,
    ),
    Row(
        "it raised",
        lambda w: bool(w.tally.errors),
        Verdict.ERROR,
        lambda w: f"the rule itself failed: {w.tally.errors[0]}",
    ),
    Row(
        "held",
        lambda w: w.tally.exercised > w.tally.violated,
        Verdict.PASS,
        lambda w: f"held {w.tally.exercised - w.tally.violated} times{_excused(w)}",
    ),
    Row(
        "a purpose of its own ran",
        lambda w: bool(w.ran) and w.planned.set_off == "surely",
        Verdict.INCONCLUSIVE,
        lambda w: f"nothing set it off, although {w.ran[0]} ran, which is there to bring it about",
    ),
    Row(
        "not exercised",
        always,
        Verdict.NOT_APPLICABLE,
        lambda w: "not exercised: nothing set it off, so that nothing is known of it",
    ),
)


def ruled(plan: Plan, trace: Trace, settled: Sequence[Settled], model: DeviceModel) -> tuple[RuleOutcome, ...]:
    """The outcome of every rule of the plan in every version that it was tried in, in the plan's order."""
    tallies: dict[str, dict[str, list[Tally]]] = defaultdict(lambda: defaultdict(list))
    for each in tallies_of(trace, plan.rules) if plan.rules else ():
        tallies[each.rule][each.version.removeprefix("ocpp")].append(each)
    ran, excused = _ran(settled), Excused(trace)
    declared: dict[str, str] = {f.name: f.declared for f in plan.features}
    found: list[RuleOutcome] = []
    for rule in plan.rules:
        mine = {version: together(of_it) for version, of_it in tallies[rule.id].items()}
        own = [(name, version) for name in rule.own for version in ran.get(name, ())]
        answers = evaluate(rule.applies, declared).answer, model.of_expression(plan, rule.applies)
        outcomes = [
            _outcome(rule, version, Watched(rule, tally, excused.of(tally), names, *answers, excused.doubts))
            for version, tally, names in _tried(rule, mine, own, deep=plan.depth.includes(rule.depth))
        ]
        found += _with_waivers(plan, rule, outcomes)
    return tuple(found)


def _tried(
    rule: PlannedRule, tallies: Mapping[str, Tally], own: Sequence[tuple[str, str]], *, deep: bool
) -> Iterator[tuple[str, Tally, tuple[str, ...]]]:
    """Each version in which it was set off, or should have been: with its tally, and the purposes that ran for it."""
    wanted: dict[str, list[str]] = defaultdict(list)
    for name, version in own if deep else ():
        if not version and not any(tally.exercised for tally in tallies.values()):
            wanted[next(iter(tallies), "")].append(name)
        elif version in rule.versions:
            wanted[version].append(name)
    versions = list(dict.fromkeys((*tallies, *wanted))) or [""]
    for version in versions:
        yield version, tallies.get(version) or Tally(rule.id, ""), tuple(dict.fromkeys(wanted[version]))


def _ran(settled: Iterable[Settled]) -> dict[str, set[str]]:
    """By purpose the versions ("": it does not matter) under which its case ran to its end on what was meant."""
    ran: dict[str, set[str]] = defaultdict(set)
    for due in (due for each in settled for due in each.runs):
        attempts = [told.attempt for told in due.history.told]
        if any(a.run.outcome == "completed" and not a.foreign for a in attempts):
            ran[due.run.purpose].add(due.run.conditions.version)
    return ran


class Excused:
    """Runs that were cut, and that a person has said why, signed and dated: nor does what is violated there count.

    Nor what was seen while the bench's own clock, load or a second charger came in between.

    One that came to its end is none of them: no reason excuses what was seen whole.
    """

    def __init__(self, trace: Trace) -> None:
        every = (run for each in case_runs(trace).values() for run in each)
        runs = [run for run in every if run.explained is not None and run.outcome != "completed"]
        self._runs = sorted((run.seq, run.until) for run in runs)
        self._trace = trace
        self._doubts = [each for each in doubts_of(trace) if not each.lost_s or each.lost_s >= SLOW_S]

    @property
    def doubts(self) -> tuple[str, ...]:
        """What the bench did to what was seen, in plain words."""
        return tuple(each.why for each in self._doubts)

    def of(self, tally: Tally) -> int:
        """How many of a tally's violations count."""
        return tally.violated - sum(1 for at in tally.violations if self._covers(at))

    def _covers(self, at: int) -> bool:
        if any(first <= at <= last for first, last in self._runs):
            return True
        at_ns = self._trace.by_seq(at).t_ns if self._doubts else 0
        return any(each.touches(at_ns, at_ns) for each in self._doubts)


def _outcome(rule: PlannedRule, version: str, watched: Watched) -> RuleOutcome:
    said, tally = ruling(RULED, watched), watched.tally
    who, what = next_step(said.verdict)
    if said.row == "a purpose of its own ran":
        who, what = _BRING_ABOUT
    return RuleOutcome(
        rule=rule.id,
        conditions=Conditions(version=version),
        statement=rule.statement,
        verdict=said.verdict,
        why=said.why,
        exercised=tally.exercised,
        violated=tally.violated,
        serves=_served(rule, version),
        decides=weight(rule.readings, rule.proven, rule.confidence.decides) == "decides",
        proven=rule.proven,
        readings=rule.readings,
        confidence=rule.confidence,
        conformance=rule.conformance,
        revision=rule.revision,
        next_who=who,
        next_what=what,
        places=tuple(RulePlace(seen=p.seen, events=p.at, times=p.times) for p in worst_first(tally)),
        errors=tuple(tally.errors),
        clauses=rule.answers_to,
        dispute=rule.dispute,
    )


def _served(rule: PlannedRule, version: str) -> tuple[str, ...]:
    """Where nobody told the version, what it serves under one version alone is left out."""
    return tuple(dict.fromkeys(each.criterion for each in rule.serves if each.when.get("version", version) == version))


def _with_waivers(plan: Plan, rule: PlannedRule, outcomes: Sequence[RuleOutcome]) -> Iterator[RuleOutcome]:
    everywhere = {each.verdict for each in outcomes} - {Verdict.NOT_APPLICABLE}
    for each in outcomes:
        found = waived(plan, rule.id, each.verdict, revision=rule.revision, needless=everywhere <= {Verdict.PASS})
        yield each if found.text is None else msgspec.structs.replace(each, waived=found.excused, waiver=found.text)
