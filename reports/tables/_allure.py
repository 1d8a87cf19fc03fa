"""Allure results: a file a criterion, a purpose and a rule under its conditions, with what was found as steps."""

from __future__ import annotations

import hashlib
import json
import uuid
from pathlib import Path

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Label, Parameter, Status, StatusDetails, TestResult

from harness.judge import (
    Conditions,
    CriterionResult,
    PurposeResult,
    RequirementResult,
    RuleOutcome,
    Verdict,
)
from reports._results import criteria_of, hung, rule_rank, settled
from reports._text import WallClock
from reports._view import EvidenceView
from reports._words import VERDICTS, family
from reports.tables._allure_steps import moments_of, safe, step_of, steps_of_rule, times_ms, times_of_rule
from reports.tables._outcomes import of_criterion, of_purpose, of_rule
from requirement_catalog import Obligation

SEVERITY = {Obligation.MANDATORY: "critical", Obligation.WISH: "minor", Obligation.INFORMATION: "trivial"}
_STATUS = {"": Status.PASSED, "skipped": Status.SKIPPED, "errors": Status.BROKEN, "failures": Status.FAILED}
ATTACH_ALL = 500  # results; with more, only what did not pass has its events attached


def render_allure(view: EvidenceView, directory: Path) -> None:
    """Write Allure results into `directory` (made when missing; files of other runs in it are left alone).

    Only a pass is `passed`; fail is `failed`; error is `broken`; what is not proven is `unknown` where it holds the
    decision up; what does not gate, is waived or does not apply is `skipped`. `historyId` follows the criterion, or
    the purpose under its conditions, of one charger (by serial number) over campaigns. In a large campaign the events
    of what passed are not attached. Where somebody found that the evidence does not hold, nothing is `passed`.
    """
    writer = _Writer(view, AllureFileLogger(directory), WallClock(view.trace))
    hang = hung(view.result)
    for requirement in view.result.requirements:
        for criterion in requirement.criteria:
            writer.criterion(requirement, criterion)
            for each in hang.under.get(criterion.id, ()):
                if hang.home[each.label] == criterion.id:
                    writer.purpose(requirement, criterion, each, each.label in hang.holding_up)
    for each in (*hang.along, *hang.beyond):
        writer.purpose(None, None, each, False)
    missed = {label for c in criteria_of(view.result) if c.gates and not settled(c) for label in c.rules}
    for rule in sorted(view.result.rules, key=rule_rank):
        writer.rule(rule, rule.label in missed)
    _properties(view, directory)
    (directory / "categories.json").write_text(json.dumps(_CATEGORIES, indent=1), "utf-8")


_CATEGORIES = [
    {"name": "Not met by the charger", "matchedStatuses": [Status.FAILED]},
    {"name": "Not proven either way, or waiting", "matchedStatuses": [Status.UNKNOWN]},
    {"name": "Test equipment at fault, not the charger", "matchedStatuses": [Status.BROKEN]},
    {"name": "Does not apply, waived, or shown in operation", "matchedStatuses": [Status.SKIPPED]},
]


class _Writer:
    """Writes the results of one campaign."""

    def __init__(self, view: EvidenceView, logger: AllureFileLogger, clock: WallClock) -> None:
        self._view, self._logger, self._clock = view, logger, clock
        self._attach_all = len(view.result.purposes) <= ATTACH_ALL

    def criterion(self, requirement: RequirementResult, criterion: CriterionResult) -> None:
        """One criterion: the conjunction of its purposes, and its papers and logs."""
        labels = _labels(requirement) | {"severity": SEVERITY[criterion.obligation]}
        tags = [str(criterion.verdict), str(criterion.phase)]
        name = f"{criterion.id} {criterion.statement}"
        self._write(criterion, criterion.id, name, of_criterion(criterion), labels, tags)

    def purpose(
        self,
        requirement: RequirementResult | None,
        criterion: CriterionResult | None,
        result: PurposeResult,
        holding_up: bool,
    ) -> None:
        """One purpose under its conditions; without a criterion it lies beyond the tender, or was run along."""
        labels = _labels(requirement, "Run along" if result.brought_for else "Beyond the tender")
        labels |= {"severity": SEVERITY[criterion.obligation] if criterion else "trivial"}
        if criterion is not None:
            labels["story"] = criterion.id
        tags = [str(result.verdict), *(["cut"] if result.cut else []), *([] if result.proven else ["unproven"])]
        name = f"{result.label} {result.statement}"
        self._write(result, result.label, name, of_purpose(result, holding_up), labels, tags)

    def rule(self, outcome: RuleOutcome, holding_up: bool) -> None:
        """One rule that watched the whole campaign: each kind of place at which it did not hold is a step."""
        labels = _labels(None, "Rules that watched everything")
        labels |= {"severity": "critical" if outcome.decides and outcome.serves else "trivial"}
        tags = [str(outcome.verdict), "rule", *([] if outcome.decides else ["advisory"])]
        name = f"{outcome.label} {outcome.statement}"
        self._write(outcome, outcome.label, name, of_rule(outcome, holding_up), labels, tags)

    def _write(
        self,
        each: CriterionResult | PurposeResult | RuleOutcome,
        identity: str,
        name: str,
        outcome: tuple[str, str, str],
        labels: dict[str, str],
        tags: list[str],
    ) -> None:
        where, kind, message = outcome
        status = Status.UNKNOWN if where == "failures" and kind != "fail" else _STATUS[where]
        if self._view.unsound and status == Status.PASSED:
            status, message = Status.UNKNOWN, self._view.unsound[0]
        told = self._view.result.tested
        dut = self._view.plan.dut
        whose = (told.manufacturer or dut.manufacturer, told.model or dut.model, told.serial or dut.serial)
        history = hashlib.sha256("\n".join((*whose, identity)).encode()).hexdigest()
        labels |= {"framework": "chargeproof", "host": " ".join(whose)}
        tags += ["emulated"] if self._view.emulated else []
        attach = self._attach_all or each.verdict is not Verdict.PASS
        logger = self._logger if attach else None
        if isinstance(each, RuleOutcome):
            known = times_of_rule(self._view, self._clock, each)
            steps = steps_of_rule(self._view, self._clock, logger, each)
        else:
            known = times_ms(self._clock, (ns for f in each.findings for ns in moments_of(self._view, f)))
            steps = [step_of(self._view, self._clock, logger, f) for f in each.findings]
        result = TestResult(
            uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._view.trace_head}/{identity}")),
            historyId=history,
            testCaseId=history,
            fullName=safe(identity),
            name=safe(name),
            status=status,
            statusDetails=StatusDetails(message=safe(message or each.why), trace=safe(each.next_what)),
            stage="finished",
            description=safe(each.why),
            start=known[0] if known else None,
            stop=known[-1] if known else None,
            labels=[Label(name=n, value=safe(v)) for n, v in labels.items()]
            + [Label(name="tag", value=tag) for tag in tags],
            parameters=_parameters(each),
            steps=steps,
        )
        result.file_pattern = f"{result.uuid}-result.json"  # written again, it replaces itself
        self._logger.report_result(result)


def _labels(requirement: RequirementResult | None, apart: str = "Beyond the tender") -> dict[str, str]:
    if requirement is None:
        return {"parentSuite": apart, "suite": apart, "epic": apart}
    return {
        "parentSuite": family(requirement.id),
        "suite": f"{requirement.id} {requirement.title}",
        "epic": family(requirement.id),
        "feature": requirement.id,
    }


def _parameters(each: CriterionResult | PurposeResult | RuleOutcome) -> list[Parameter]:
    under = Conditions() if isinstance(each, CriterionResult) else each.conditions
    told = {
        "version": under.version,
        "evse": str(under.evse or ""),
        "service": under.service,
        "direction": under.direction,
        "verdict": VERDICTS[each.verdict].word,
    }
    return [Parameter(name=name, value=safe(value)) for name, value in told.items() if value]


def _properties(view: EvidenceView, directory: Path) -> None:
    told, dut = view.result.tested, view.plan.dut
    facts = {
        "decision": view.result.decision,
        "emulated": str(view.emulated).lower(),
        "manufacturer": told.manufacturer or f"{dut.manufacturer} (declared only)",
        "model": told.model or f"{dut.model} (declared only)",
        "serial": told.serial or f"{dut.serial} (declared only)",
        "firmware": told.firmware or f"{dut.firmware} (declared only)",
        "tender": view.plan.tender,
        "depth": str(view.result.depth),
        "bundle_sha256": view.bundle_sha256 or "not sealed",
        "evidence": view.unsound[0] if view.unsound else "nothing is known against it",
    }
    lines = [f"{name}={' '.join(safe(value).split())}" for name, value in facts.items()]
    (directory / "environment.properties").write_text("\n".join(lines) + "\n", "utf-8")
