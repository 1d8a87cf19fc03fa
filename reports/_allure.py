"""Allure results: one result file a criterion, with its findings as steps and its evidence attached."""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime
from pathlib import Path

from allure_commons.logger import AllureFileLogger
from allure_commons.model2 import Attachment, Label, Parameter, Status, StatusDetails, TestResult, TestStepResult

from harness.judge import CriterionResult, FindingResult, Measurement, RequirementResult, Verdict
from reports._evidence_line import describe
from reports._junit import outcome_of
from reports._text import WallClock, number, visible
from reports._view import EvidenceView
from reports._words import VERDICTS, family
from requirement_catalog import Obligation

SEVERITY = {Obligation.MANDATORY: "critical", Obligation.WISH: "minor", Obligation.INFORMATION: "trivial"}
_STATUS = {"": Status.PASSED, "skipped": Status.SKIPPED, "errors": Status.BROKEN, "failures": Status.FAILED}
ATTACHED_EVENTS = 50


def render_allure(view: EvidenceView, directory: Path) -> None:
    """Write Allure results into `directory` (made when missing; files of other runs in it are left alone).

    Only a pass is `passed`; fail is `failed`; error is `broken`; inconclusive and pending are `unknown` where they
    gate; what does not gate, is waived or does not apply is `skipped`. `historyId` follows the criterion of one
    charger (by serial number) over campaigns.
    """
    logger = AllureFileLogger(directory)
    clock = WallClock(view.trace)
    for requirement in view.result.requirements:
        for criterion in requirement.criteria:
            logger.report_result(_result(view, clock, logger, requirement, criterion))
    _properties(view, directory)
    (directory / "categories.json").write_text(json.dumps(_CATEGORIES, indent=1), "utf-8")


_CATEGORIES = [
    {"name": "Not met by the charger", "matchedStatuses": [Status.FAILED]},
    {"name": "Not proven either way, or waiting", "matchedStatuses": [Status.UNKNOWN]},
    {"name": "Test equipment at fault, not the charger", "matchedStatuses": [Status.BROKEN]},
    {"name": "Does not apply, waived, or shown in operation", "matchedStatuses": [Status.SKIPPED]},
]


def _result(
    view: EvidenceView,
    clock: WallClock,
    logger: AllureFileLogger,
    requirement: RequirementResult,
    criterion: CriterionResult,
) -> TestResult:
    outcome, message = outcome_of(criterion)
    status = _STATUS[outcome]
    if outcome == "failures" and criterion.verdict is not Verdict.FAIL:
        status = Status.UNKNOWN
    dut = view.plan.dut
    whose = "\n".join((dut.manufacturer, dut.model, dut.serial, criterion.id))
    identity = hashlib.sha256(whose.encode()).hexdigest()
    labels = {
        "parentSuite": family(requirement.id),
        "suite": f"{requirement.id} {requirement.title}",
        "epic": family(requirement.id),
        "feature": requirement.id,
        "severity": SEVERITY[criterion.obligation],
        "framework": "chargeproof",
        "host": f"{dut.manufacturer} {dut.model} {dut.serial}",
    }
    tags = [str(criterion.verdict), str(criterion.phase), *(["emulated"] if view.emulated else [])]
    times = [_ms(clock, ns) for f in criterion.findings for ns in _moments(view, f)]
    known = sorted(t for t in times if t is not None)
    result = TestResult(
        uuid=str(uuid.uuid5(uuid.NAMESPACE_URL, f"{view.trace_head}/{criterion.id}")),
        historyId=identity,
        testCaseId=identity,
        fullName=criterion.id,
        name=_safe(f"{criterion.id} {criterion.statement}"),
        status=status,
        statusDetails=StatusDetails(message=_safe(message or criterion.why), trace=_safe(criterion.next_what)),
        stage="finished",
        description=_safe(criterion.why),
        start=known[0] if known else None,
        stop=known[-1] if known else None,
        labels=[Label(name=n, value=_safe(v)) for n, v in labels.items()]
        + [Label(name="tag", value=tag) for tag in tags],
        parameters=[Parameter(name="verdict", value=VERDICTS[criterion.verdict].word)],
        steps=[_step(view, clock, logger, f) for f in criterion.findings],
    )
    result.file_pattern = f"{result.uuid}-result.json"  # written again, it replaces itself
    return result


def _step(view: EvidenceView, clock: WallClock, logger: AllureFileLogger, found: FindingResult) -> TestStepResult:
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
        attachments=[_evidence(view, logger, found)] if finding.events else [],
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
    dut = view.plan.dut
    facts = {
        "decision": view.result.decision,
        "emulated": str(view.emulated).lower(),
        "manufacturer": dut.manufacturer,
        "model": dut.model,
        "serial": dut.serial,
        "firmware": dut.firmware,
        "tender": view.plan.tender,
        "bundle_sha256": view.bundle_sha256 or "not sealed",
    }
    lines = [f"{name}={' '.join(_safe(value).split())}" for name, value in facts.items()]
    (directory / "environment.properties").write_text("\n".join(lines) + "\n", "utf-8")


def _safe(text: str) -> str:
    return str(visible(text)).encode("utf-8", "replace").decode()
