"""A person's word on a run that was cut: written into the trace, with name and day, never to be taken back."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.decision import CaseRun, case_runs, decide, explanation_fault
from harness.evidence._facts import load_judges
from harness.evidence._recover import recover
from harness.evidence.bundle import _model
from harness.evidence.bundle._zip import MAX_BUNDLE_BYTES
from harness.evidence.surrogates._private import is_private, journal_of
from harness.judge import CampaignResult, CutRun, evaluate
from harness.plan import Plan
from harness.trace import Recorder, TraceError, read_trace
from plain_files import octets_of
from requirement_catalog import nearest

_DAY = len("2026-11-22")


class NotExplained(ValueError):
    """The reason cannot be taken: which run, why, and what would help instead."""


@dataclass(frozen=True)
class Explained:
    """The campaign as it is judged with the reason in it. `runs` are those that it is about."""

    result: CampaignResult
    plan: Plan
    runs: tuple[CutRun, ...]


def standing(folder: Path) -> CampaignResult:
    """The campaign as it stands, judged from its journal; nothing is written.

    Raises NotExplained where the folder is no campaign's, or a bundle.
    """
    return _stands(folder)[1]


def explain(folder: Path, runs: Sequence[str], reason: str, by: str) -> Explained:
    """Write into the campaign's trace why these runs count for nothing, and judge it anew.

    `runs` are ids of cut runs ("sc04_remote_control::…#1"; without number where only one run of the case was cut).
    Raises NotExplained for any that a reason cannot excuse, before anything is written; SealError, BlockingIOError.
    """
    plan, result, every = _stands(folder)
    wanted = [_wanted(run, result, every) for run in dict.fromkeys(runs)]
    if fault := explanation_fault(reason, by):
        raise NotExplained(fault)
    evidence = _evidence(folder)
    bundles = evidence.absolute().parent.glob("*.zip")
    sealed = sorted(hashlib.sha256(octets_of(path, most=MAX_BUNDLE_BYTES + (4 << 20))).hexdigest() for path in bundles)
    recover(evidence)  # a run that was killed says so before anybody says why
    recorder = Recorder.append_to(journal_of(evidence))
    try:
        for cut in wanted:
            told = {"case": cut.case, "run": cut.run, "reason": reason.strip(), "signed_by": by.strip()}
            day = recorder.clock.utc()[:_DAY]
            recorder.record("run.explained", "operator", {**told, "dated": day, "sealed_before": sealed})
    finally:
        recorder.close()
    again = recover(evidence).result
    ids = {cut.id for cut in wanted}
    return Explained(again, plan, tuple(cut for cut in again.cut_runs if cut.id in ids))


def _evidence(folder: Path) -> Path:
    return folder / "evidence" if (folder / "evidence").is_dir() else folder


def _stands(folder: Path) -> tuple[Plan, CampaignResult, dict[str, list[CaseRun]]]:
    if folder.is_file():
        raise NotExplained(
            f"{folder} is a file: what was sealed is never changed; give the folder of the campaign at the bench where "
            "it was recorded, and seal anew"
        )
    evidence = _evidence(folder)
    try:
        plan = msgspec.json.decode(octets_of(evidence / _model.PLAN, most=MAX_BUNDLE_BYTES), type=Plan)
        trace = read_trace(journal_of(evidence), torn_tail=True)
    except FileNotFoundError as error:
        raise NotExplained(f"{folder} is no campaign's folder: {error.filename} is missing") from error
    except (msgspec.MsgspecError, TraceError) as error:
        raise NotExplained(f"{folder} cannot be read: {error}") from error
    if not (plan.dut.emulated or is_private(evidence)):
        raise NotExplained(f"{folder} holds no private journal: a run is explained where the campaign was recorded")
    load_judges()
    return plan, decide(plan, trace, evaluate(trace, plan.limits)), case_runs(trace)


def _wanted(run: str, result: CampaignResult, every: dict[str, list[CaseRun]]) -> CutRun:
    """The cut run of this id. Raises NotExplained with what may be done about any other."""
    case, _, number = run.rpartition("#")
    if not case or not number.isdigit():
        case, number = run, ""
    if case not in every:
        ids = [cut.id for cut in result.cut_runs] or list(every)
        raise NotExplained(f"no case {case!r} was run in this campaign; {nearest(run, ids)}")
    mine = [cut for cut in result.cut_runs if cut.case == case and number in ("", str(cut.run))]
    if len(mine) > 1:
        raise NotExplained(f"several runs of {case} were cut; say which: {', '.join(cut.id for cut in mine)}")
    if not mine:
        raise NotExplained(_why_not(run, case, number, every[case], result))
    if mine[0].reason:
        raise NotExplained(f"{mine[0].id} is explained already ({mine[0].explained}), and the first reason stands")
    return mine[0]


def _why_not(run: str, case: str, number: str, runs: Sequence[CaseRun], result: CampaignResult) -> str:
    if number and not 0 < int(number) <= len(runs):
        return f"{case} was run {len(runs)} time(s), and there is no run {number}"
    if not any(each.begun for each in runs if number in ("", str(each.number))):
        return f"{run} never began its stimulus, so that there is nothing to explain: run it again"
    about = {
        f.finding.verdict
        for p in result.purposes
        for f in p.findings
        if f.claim.case == case and number in ("", str(f.claim.run)) and not f.claim.control
    }
    if "fail" in about:
        return (
            f"{run} was judged and failed: no reason excuses that, only a waiver of the client's, or a new campaign "
            "with a corrected charger"
        )
    return f"{run} came to its own end, and nothing after it hangs on a reason: there is nothing to explain"
