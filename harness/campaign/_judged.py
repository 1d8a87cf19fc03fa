"""From a trace to verdicts.json, whatever a judge does: a campaign always ends in something that can be sealed."""

from __future__ import annotations

from pathlib import Path

from harness.campaign._files import write_json
from harness.captures import CAPTURE, capture_of
from harness.decision import decide
from harness.evidence import dut_record, is_private, load_judges, share
from harness.judge import CampaignResult, Reason, Verdict, evaluate
from harness.plan import Plan
from harness.trace import Event, Trace


def to_judge(evidence: Path, recorded: list[Event]) -> Trace:
    """What is judged: the trace that is sealed, made here from the private journal where there is one.

    So is the capture of what the car and the charger said.
    """
    if not is_private(evidence):
        return Trace(recorded)
    trace = share(evidence)
    if capture := capture_of(trace):
        (evidence / CAPTURE).parent.mkdir(exist_ok=True)
        (evidence / CAPTURE).write_bytes(capture)
    return trace


def judge_folder(evidence: Path, plan: Plan, trace: Trace) -> CampaignResult:
    """Judge a trace by its plan and write verdicts.json and dut.json."""
    load_judges()
    try:
        result = decide(plan, trace, evaluate(trace, plan.limits, plan.overdue))
    except Exception as error:  # our own fault, and no reason to lose what was recorded
        result = _undecided(plan, trace, f"{type(error).__name__}: {error}")
    write_json(evidence / "verdicts.json", result)
    write_json(evidence / "dut.json", dut_record(plan, trace))
    return result


def _undecided(plan: Plan, trace: Trace, detail: str) -> CampaignResult:
    words = f"chargeproof could not judge what it recorded: {detail}"
    return CampaignResult(
        decision="HOLD",
        reasons=(
            Reason(
                criterion="",
                verdict=Verdict.ERROR,
                why=words,
                who="chargeproof",
                what="report this; the evidence can be judged again by a corrected version",
            ),
        ),
        continuing=(),
        requirements=(),
        counts={},
        depth=plan.depth,
        beyond=plan.beyond,
        narrowed=plan.narrowed,
        emulated=plan.dut.emulated,
        partial=bool(plan.narrowed),
        interrupted=not any(event.kind == "campaign.ended" for event in trace),
        evaluation_date=plan.evaluation_date,
        harness_errors=(words,),
    )
