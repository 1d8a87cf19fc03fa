"""Every reason for HOLD, the weightiest first, each with whose move it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from harness.decision._waivers import NEEDLESS
from harness.judge import CriterionResult, PurposeResult, Reason, RuleOutcome, Tested, Verdict
from harness.plan import Plan


def reasons_of(
    plan: Plan,
    results: Sequence[CriterionResult],
    purposes: Sequence[PurposeResult],
    rules: Sequence[RuleOutcome],
    who: Tested,
    interrupted: bool,
) -> tuple[Reason, ...]:
    """All reasons. Where another charger was tested, that is the one reason for every criterion."""
    gating = [r for r in results if r.gates]
    found: list[Reason] = []
    if who.differs:
        found.append(
            _campaign(another_charger(who), "test engineer", "test the charger that was declared, in a new campaign")
        )
    else:
        found += [reason for r in sorted(gating, key=_weight) for reason in _of_criterion(r)]
        served = {r.id for r in gating if r.verdict is not Verdict.NOT_APPLICABLE}
        found += _needless(((p.purpose, p) for p in purposes), served)
        found += _needless(((r.rule, r) for r in rules), served)
    if interrupted:
        found.append(
            _campaign(
                "the campaign was interrupted before its end",
                "test engineer",
                "run the campaign again, or its missing cases with --rerun",
            )
        )
    if all(r.verdict is Verdict.NOT_APPLICABLE for r in gating):
        found.append(
            _campaign(
                "no mandatory acceptance criterion applies to this product and selection, so nothing is proven",
                "client",
                "check the product's kind in the profile and the selected requirements",
            )
        )
    asked = [r for r in gating if r.verdict is not Verdict.NOT_APPLICABLE]
    if plan.dut.role == "station" and not (asked and all(r.waived for r in asked)):
        found += _unseen(plan, purposes, who, {r.id for r in asked})
    return tuple(found)


def _unseen(plan: Plan, purposes: Sequence[PurposeResult], who: Tested, asked: set[str]) -> Iterator[Reason]:
    """A GO is for a charger that was there, and that something was seen of."""
    if not who.differs and not (who.serial or who.model or who.certificate):
        yield _campaign(
            "no charger told who it is, so nobody knows what was tested: neither its start nor a certificate was seen",
            "test engineer",
            "let the charger connect and start under its own identity, in a new campaign",
        )
    if not plan.narrowed and not any(p.findings and asked & set(p.serves) for p in purposes):
        yield _campaign(
            "no test of this charger ran, so nothing was seen of it: papers alone prove no charger",
            "client",
            "ask for tests: see what the tender leaves out, and what the bench lacks",
        )


def another_charger(who: Tested) -> str:
    """The sentence that stands at the top, and with every criterion."""
    return f"the charger that was tested is not the one that was declared: {'; '.join(who.differs)}."


def _campaign(why: str, who: str, what: str) -> Reason:
    return Reason(criterion="", verdict=Verdict.INCONCLUSIVE, why=why, who=who, what=what)


def _weight(result: CriterionResult) -> int:
    """What was seen to be wrong comes first, then what was not shown, then papers; within each as the tender has it."""
    if result.verdict is Verdict.FAIL:
        return 0
    return 1 if result.purposes or result.rules else 2


def _of_criterion(result: CriterionResult) -> Iterator[Reason]:
    if result.verdict is Verdict.PASS and result.waiver is not None and result.waiver.startswith(NEEDLESS):
        yield _needless_waiver(result.id, result.waiver)
    elif result.verdict not in (Verdict.PASS, Verdict.NOT_APPLICABLE) and not result.waived:
        yield Reason(
            criterion=result.id,
            verdict=result.verdict,
            why=result.why,
            who=result.next_who,
            what=result.next_what,
            purposes=result.purposes,
            rules=result.rules,
        )


def _needless(items: Iterable[tuple[str, PurposeResult | RuleOutcome]], gating: set[str]) -> Iterator[Reason]:
    """A purpose or rule that passes and is waived, once for each by its id."""
    seen: set[str] = set()
    for id, each in items:
        named = sorted(gating & set(each.serves))
        if each.waiver is not None and each.waiver.startswith(NEEDLESS) and named and id not in seen:
            seen.add(id)
            yield _needless_waiver(named[0], f"{id}, {each.waiver}")


def _needless_waiver(criterion: str, text: str) -> Reason:
    return Reason(
        criterion=criterion,
        verdict=Verdict.PASS,
        why=f"it passes, but it is waived: {text}",
        who="client",
        what="remove the waiver from the tender overlay",
    )
