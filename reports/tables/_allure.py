"""Allure results: a result file a criterion and a purpose under its conditions, with findings as steps."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from pathlib import Path

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestResult, TestStepResult

from harness.judge import (
    Conditions,
    CriterionResult,
    FindingResult,
    Measurement,
    PurposeResult,
    RequirementResult,
    Verdict,
)
from reports._evidence_line import describe
from reports._results import hung
from reports._text import WallClock, number, visible
from reports._view import EvidenceView
from reports._words import VERDICTS, family
from reports.tables._outcomes import of_criterion, of_purpose
from requirement_catalog import Obligation

SEVERITY = {Obligation.MANDATORY: "critical", Obligation.WISH: "minor", Obligation.INFORMATION: "trivial"}
_STATUS = {"": Status.PASSED, "skipped": Status.SKIPPED, "errors": Status.BROKEN, "failures": Status.FAILED}
ATTACHED_EVENTS = 50
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

    def _write(
        self,
        each: CriterionResult | PurposeResult,
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
        times = [_ms(self._clock, ns) for f in each.findings for ns in _moments(self._view, f)]
        known = sorted(t for t in times if t is not None)
        attach = self._attach_all or each.verdict is not Verdict.PASS
        result = TestResult(
            uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._view.trace_head}/{identity}")),
            historyId=history,
            testCaseId=history,
            fullName=_safe(identity),
            name=_safe(name),
            status=status,
            statusDetails=StatusDetails(message=_safe(message or each.why), trace=_safe(each.next_what)),
            stage="finished",
            description=_safe(each.why),
            start=known[0] if known else None,
            stop=known[-1] if known else None,
            labels=[Label(name=n, value=_safe(v)) for n, v in labels.items()]
            + [Label(name="tag", value=tag) for tag in tags],
            parameters=_parameters(each),
            steps=[_step(self._view, self._clock, self._logger if attach else None, f) for f in each.findings],
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


def _parameters(each: CriterionResult | PurposeResult) -> list[Parameter]:
    under = each.conditions if isinstance(each, PurposeResult) else Conditions()
    told = {
        "version": under.version,
        "evse": str(under.evse or ""),
        "service": under.service,
        "direction": under.direction,
        "verdict": VERDICTS[each.verdict].word,
    }
    return [Parameter(name=name, value=_safe(value)) for name, value in told.items() if value]


def _step(
    view: EvidenceView, clock: WallClock, logger: AllureFileLogger | None, found: FindingResult
) -> TestStepResult:
    finding = found.finding
    statuses = {Verdict.PASS: Status.PASSED, Verdict.FAIL: Status.FAILED, Verdict.ERROR: Status.BROKEN}
    times = [t for t in (_ms(clock, ns) for ns in _moments(view, found)) if t is not None]
    control = "Positive control: " if found.claim.control else ""
    return TestStepResult(
        name=_safe(f"{control}{finding.seen}"),
        status=statuses.get(finding.verdict, Status.UNKNOWN),
        statusDetails=StatusDetails(message=_safe(f"Expected: {finding.expected}")),
        stage="finished",
        start=min(times) if times else None,
        stop=max(times) if times else None,
        parameters=[Parameter(name=_safe(m.name), value=_safe(_measured(m))) for m in finding.measurements],
        attachments=[_evidence(view, logger, found)] if finding.events and logger is not None else [],
    )


def _evidence(view: EvidenceView, logger: AllureFileLogger, found: FindingResult) -> Attachment:
    """The events a finding rests on, as a text file."""
    lines = []
    for seq in found.finding.events[:ATTACHED_EVENTS]:
        try:
            event = view.trace.by_seq(seq)
        except KeyError:
            lines.append(f"#{seq} is not in the trace")
            continue
        what, raw = describe(event)
        lines += [f"#{seq} {event.utc} {event.who}: {what}", *([raw] if raw else [])]
    rest = len(found.finding.events) - ATTACHED_EVENTS
    lines += [f"… and {rest} more events in the trace"] if rest > 0 else []
    name = f"{uuid.uuid5(uuid.NAMESPACE_URL, f'{view.trace_head}/claim/{found.claim.seq}')}-attachment.txt"
    logger.report_attached_data(_safe("\n".join(lines)), name)
    return Attachment(name=f"Events of claim #{found.claim.seq}", source=name, type="text/plain")


def _measured(m: Measurement) -> str:
    spread = f" ± {number(m.uncertainty, like=m.uncertainty)}" if m.uncertainty else ""
    limit = f" ({str(m.sense or 'limit').replace('_', ' ')} {number(m.limit)} {m.unit})" if m.limit is not None else ""
    return f"{number(m.value, like=m.uncertainty)}{spread} {m.unit}{limit}"


def _moments(view: EvidenceView, found: FindingResult) -> list[int]:
    """When the events of a finding happened, and when it was claimed (t_ns)."""
    moments = [found.finding.at_ns] if found.finding.at_ns is not None else []
    for seq in (*found.finding.events[:1], *found.finding.events[-1:], found.claim.seq):
        try:
            moments.append(view.trace.by_seq(seq).t_ns)
        except KeyError:
            continue
    return moments


def _ms(clock: WallClock, t_ns: int) -> int | None:
    moment: datetime | None = clock.at(t_ns)
    return None if moment is None else int(moment.timestamp() * 1000)


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
    lines = [f"{name}={' '.join(_safe(value).split())}" for name, value in facts.items()]
    (directory / "environment.properties").write_text("\n".join(lines) + "\n", "utf-8")


def _safe(text: str) -> str:
    return str(visible(text)).encode("utf-8", "replace").decode()
