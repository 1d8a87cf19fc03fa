"""One campaign from plan to seal: `run_campaign` is what the command line calls."""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from harness.campaign._absent import claim_of_the_absent, what_came_instead
from harness.campaign._campaign import Campaign
from harness.campaign._cases import CampaignRunner, cases_folder, collect_cases, run_pytest
from harness.campaign._faces import Claims
from harness.campaign._files import redaction, without_secrets, write_json
from harness.campaign._leftovers import Leftovers
from harness.campaign._open import opened
from harness.campaign._papers import review_papers
from harness.campaign._reach import DutAbsent
from harness.decision import decide
from harness.evidence import dut_record, environment, load_judges
from harness.judge import CampaignResult, evaluate
from harness.judge.connected_share import at_least_98_percent
from harness.plan import Plan, PlanError, make_plan
from harness.profile import Profile
from harness.trace import Recorder, Trace, read_trace
from requirement_catalog import load_catalogue, load_tender, nearest
from requirement_catalog.export import export_json

LOG_CASE = "log analysis"


@dataclass(frozen=True)
class Outcome:
    """What a campaign left behind. `folder` holds evidence/, bundle.zip and the reports."""

    result: CampaignResult
    plan: Plan
    folder: Path


@dataclass(frozen=True)
class Request:
    """What to run. `out` is the folder under which the campaign gets its own."""

    profile: Profile
    profile_path: Path
    out: Path
    overlay: Path | None = None
    selection: tuple[str, ...] = ()
    with_disruptive: bool = True
    interface: str | None = None
    evaluation_date: str | None = None
    folder: Path | None = None  # the campaign's own, as `new_folder` made it; None: made when it starts


Watch = Callable[[Plan, Recorder], Callable[[], None]]


def plan_for(request: Request) -> Plan:
    """The plan alone, without touching anything."""
    catalogue = load_catalogue()
    tender = load_tender(catalogue, request.overlay)
    date = request.evaluation_date or (
        tender.evaluation_date.isoformat() if tender.evaluation_date else datetime.date.today().isoformat()
    )
    return make_plan(
        catalogue,
        tender,
        request.profile,
        collect_cases(),
        evaluation_date=date,
        selection=request.selection,
        with_disruptive=request.with_disruptive,
    )


def run_campaign(request: Request, *, say: Callable[[str], None], watch: Watch) -> Outcome:
    """Run, judge and write the evidence folder; sealing and reports are the caller's next steps.

    Raises BenchError, EmulatorError or OSError when a PCO does not open; the trace so far is kept.
    """
    plan = plan_for(request)
    folder = request.folder or new_folder(request)
    evidence = folder / "evidence"
    evidence.mkdir()
    write_json(evidence / "plan.json", plan)
    (evidence / "profile.yaml").write_text(without_secrets(request.profile_path.read_text()))
    write_json(evidence / "environment.json", environment())
    catalogue = load_catalogue()
    (evidence / "catalogue.json").write_text(export_json(catalogue, load_tender(catalogue, request.overlay)))
    recorder = Recorder(evidence / "trace.jsonl", redact=redaction(request.profile))
    recorder.record("campaign.started", "harness", {"id": folder.name, "dut": msgspec.to_builtins(plan.dut)})
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    with _watched(plan, recorder, watch):
        campaign = Campaign(plan, request.profile, request.profile_path, recorder, evidence, request.overlay)
        with opened(campaign, request.profile_path, say, interface=request.interface):
            review_papers(campaign, request.profile_path)
            _run_cases(campaign, [case.id for case in plan.cases if case.run], say)
            _look_back(campaign)
    result = judge_folder(evidence, plan, Trace(recorder.events))
    return Outcome(result, plan, folder)


def rerun_cases(
    request: Request, folder: Path, cases: Sequence[str], *, say: Callable[[str], None], watch: Watch
) -> Outcome:
    """Run cases of a finished campaign again; the trace keeps both logs, and the plan stays as it was.

    Raises PlanError for a case the plan does not hold, FileNotFoundError when the folder is no campaign.
    """
    evidence = folder / "evidence"
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    known = {case.id for case in plan.cases}
    for case in cases:
        if case not in known:
            raise PlanError(f"the campaign's plan has no case {case!r}; {nearest(case, known)}")
    read_trace(evidence / "trace.jsonl")
    recorder = Recorder.append_to(evidence / "trace.jsonl", redact=redaction(request.profile))
    recorder.record("campaign.rerun", "harness", {"cases": list(cases)})
    with _watched(plan, recorder, watch):
        campaign = Campaign(plan, request.profile, request.profile_path, recorder, evidence, request.overlay)
        with opened(campaign, request.profile_path, say, interface=request.interface):
            _run_cases(campaign, [case.id for case in plan.cases if case.id in cases], say)
    result = judge_folder(evidence, plan, Trace(recorder.events))
    return Outcome(result, plan, folder)


@contextmanager
def _watched(plan: Plan, recorder: Recorder, watch: Watch) -> Iterator[None]:
    """Mark the campaign's end in the trace, or how it broke, and close the trace either way."""
    unwatch = watch(plan, recorder)
    try:
        yield
        recorder.record("campaign.ended", "harness", {})
    except BaseException as error:
        recorder.record("campaign.broken", "harness", {"detail": f"{type(error).__name__}: {error}"})
        raise
    finally:
        unwatch()
        recorder.close()


def judge_folder(evidence: Path, plan: Plan, trace: Trace) -> CampaignResult:
    """Judge a trace by its plan and write verdicts.json and dut.json."""
    load_judges()
    result = decide(plan, trace, evaluate(trace, plan.limits))
    write_json(evidence / "verdicts.json", result)
    write_json(evidence / "dut.json", dut_record(plan, trace))
    return result


def _run_cases(campaign: Campaign, order: list[str], say: Callable[[str], None]) -> None:
    if not order:
        return
    if campaign.csms is not None:
        try:
            say(f"waiting for {campaign.profile.pixit.identity} to connect")
            campaign.loop.run(campaign.connected_station(within_s=campaign.profile.pixit.boot_s))
        except DutAbsent as absent:
            error = _explained(campaign, absent, say)
            campaign.recorder.record("dut.absent", "dut", {"detail": str(error)})
            for case in order:
                campaign.start_case(case)
                campaign.fail_setup(case, error)
                claim_of_the_absent(campaign)
                campaign.end_case(case, restore=False)
            return
        with _leftovers_aside(campaign, say):
            _run_pytest(campaign, order)
    else:
        _run_pytest(campaign, order)


@contextmanager
def _leftovers_aside(campaign: Campaign, say: Callable[[str], None]) -> Iterator[None]:
    """Without the charging profiles that others have put into the charger; they come back whatever happens."""
    leftovers = Leftovers(campaign, say)
    try:
        campaign.loop.run(leftovers.set_aside())
        yield
    finally:
        campaign.loop.run(leftovers.put_back())


def _run_pytest(campaign: Campaign, order: list[str]) -> None:
    gc.freeze()  # what is loaded by now stays: looking through it again took up to 0.1 s in the middle of a case
    before = len(campaign.recorder.events)
    code, words = run_pytest([str(cases_folder())], [CampaignRunner(campaign, order)])
    ran = {e.case for e in campaign.recorder.events[before:] if e.kind == "case.ended"}
    if code == pytest.ExitCode.INTERRUPTED:  # pytest has caught the person's Ctrl-C
        raise KeyboardInterrupt
    if code not in (0, 1) or set(order) - ran:
        detail = f"pytest ended with {code}; not run: {', '.join(sorted(set(order) - ran)) or 'none'}\n{words[-2000:]}"
        campaign.recorder.record("harness.error", "harness", {"detail": detail})


def _explained(campaign: Campaign, absent: DutAbsent, say: Callable[[str], None]) -> DutAbsent:
    """The charger's absence with what came instead of it, for the verdicts' reasons; what to do goes to the person."""
    say(f"the charger never connected: {absent}")
    came = what_came_instead(campaign)
    for advice in came:
        say(f"  {advice.see} {advice.means}\n  -> {advice.do}")
    pixit = campaign.profile.pixit
    seen = " ".join(advice.see for advice in came)
    return DutAbsent(f"{pixit.identity} was not connected within {pixit.boot_s:g} s. {seen}".strip())


def _look_back(campaign: Campaign) -> None:
    """Claims about the whole campaign rather than one case (log analysis)."""
    if campaign.csms is None:
        return
    for planned in campaign.plan.criteria:
        if planned.id == "SC-05.3" and planned.applies:
            campaign.recorder.case = LOG_CASE
            claims = Claims(campaign.recorder, lambda: ("SC-05.3",))
            claims(at_least_98_percent)
            campaign.recorder.case = None


def new_folder(request: Request) -> Path:
    """Make a campaign's folder under `request.out`. Raises OSError when it cannot be written to."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    name = "".join(c if c.isalnum() or c in "-." else "-" for c in request.profile.product.serial)
    folder = request.out / f"{stamp}-{name}"
    number = 2
    while folder.exists():
        folder = request.out / f"{stamp}-{name}-{number}"
        number += 1
    folder.mkdir(parents=True)
    return folder
