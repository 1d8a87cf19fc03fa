"""One campaign from plan to verdicts: `run_campaign` is what the command line calls."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from harness.campaign._bound import (
    OVERLAY,
    PLAN,
    PROFILE,
    SUITES,
    bound_of,
    first_event,
    kept,
    profile_text,
    suites_json,
)
from harness.campaign._campaign import Campaign
from harness.campaign._cases import collect_cases
from harness.campaign._course import look_back, run_cases, who_came
from harness.campaign._files import journal_for, write_json
from harness.campaign._judged import judge_folder, to_judge
from harness.campaign._open import opened
from harness.campaign._papers import review_papers
from harness.campaign._same import RerunRefused, check_same, check_the_charger
from harness.campaign.charger._owing import check_earlier
from harness.campaign.machine._room import give_room, keep_room, room_to_end
from harness.evidence import environment, is_private, journal_of, load_judges
from harness.hands import Ports
from harness.judge import CampaignResult
from harness.plan import Bound, Choice, Plan, PlanError, make_plan
from harness.profile import Profile
from harness.proofs import proven
from harness.trace import Recorder, Trace, TraceError, read_trace
from plain_files import octets_of
from requirement_catalog import (
    Catalogue,
    Suites,
    Tender,
    load_catalogue,
    load_suites,
    load_tender,
    nearest,
    read_proofs,
)
from requirement_catalog.export import export_json

_MOST_OVERLAY, _MOST_PLAN = 2_000_000, 1 << 30  # octets, as of every file of YAML, and of what a bundle holds
_LONGEST_SERIAL = 60  # characters of it in a folder's name

Say = Callable[[str], None]
Watch = Callable[[Plan, Recorder], Callable[[], None]]


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
    choice: Choice = Choice()  # noqa: RUF009  # frozen
    interface: str | None = None
    evaluation_date: str | None = None
    folder: Path | None = None  # the campaign's own, as `new_folder` made it; None: made when it starts


@dataclass(frozen=True)
class _Basis:
    """What a plan is made from, read once."""

    catalogue: Catalogue
    suites: Suites
    tender: Tender
    bound: Bound


def _basis(request: Request) -> _Basis:
    catalogue, suites = load_catalogue(), load_suites()
    tender = load_tender(catalogue, request.overlay)
    bound = bound_of(request.profile, request.profile_path, tender, catalogue, suites)
    return _Basis(catalogue, suites, tender, bound)


def plan_for(request: Request) -> Plan:
    """The plan alone, without touching anything. Raises PlanError, CatalogueError, CasesError."""
    return _plan(request, _basis(request))


def _plan(request: Request, basis: _Basis) -> Plan:
    tender = basis.tender
    date = day_of_judgement(request.evaluation_date, tender.evaluation_date, datetime.date.today())
    return make_plan(
        basis.catalogue,
        tender,
        request.profile,
        collect_cases(),
        suites=basis.suites,
        bound=basis.bound,
        evaluation_date=date,
        proofs=_proven(basis.suites),
        choice=request.choice,
    )


def day_of_judgement(asked: str | None, by_tender: datetime.date | None, today: datetime.date) -> str:
    """As of which day papers and duties are judged: today, unless the client's overlay names another.

    A person may ask for a later day. Raises PlanError for an earlier one: a paper that has expired would hold again.
    """
    agreed = (by_tender or today).isoformat()
    if asked is not None and asked < today.isoformat() and asked != agreed:
        raise PlanError(
            f"--date {asked} lies before the day of the test ({today.isoformat()}); only the client's overlay may set "
            f"such a day, where everybody can read it (evaluation_date: {asked}, in the file that --tender names)"
        )
    return asked or agreed


def _proven(suites: Suites) -> dict[str, str]:
    """By what each purpose and rule was seen red and green, where it was by the very judges that are installed."""
    load_judges()
    return proven((*suites.purposes, *suites.rules), read_proofs())


def run_campaign(request: Request, *, say: Say, watch: Watch) -> Outcome:
    """Run, judge and write the evidence folder; sealing and reports are the caller's next steps.

    Raises BenchError, EmulatorError or OSError when a PCO does not open; the trace so far is kept.
    """
    basis = _basis(request)
    plan = _plan(request, basis)
    for line in what_is_run(plan):
        say(line)
    check_earlier(request.profile, request.out)
    folder = request.folder or new_folder(request)
    evidence = folder / "evidence"
    keep_room(folder)
    evidence.mkdir()
    _keep(evidence, request, basis, plan)
    recorder = Recorder(journal_for(evidence, request.profile), on_full=partial(room_to_end, folder))
    octets = octets_of(evidence / PLAN, most=_MOST_PLAN)
    started = first_event(folder.name, plan, octets, request.profile, kept(evidence))
    recorder.record("campaign.started", "harness", started)
    recorder.record("evaluation.date", "harness", {"date": plan.evaluation_date})
    with _watched(plan, recorder, watch):
        campaign = _campaign(request, plan, recorder, evidence, say)
        with opened(campaign, request.profile_path, say, interface=request.interface):
            review_papers(campaign, request.profile_path)
            run_cases(campaign, [case for case in plan.cases if case.run], say)
            look_back(campaign)
    give_room(folder)
    return Outcome(judge_folder(evidence, plan, to_judge(evidence, recorder.events)), plan, folder)


def what_is_run(plan: Plan) -> list[str]:
    """The depth, what lies beyond it, and by what a person made the run smaller, in plain words."""
    beyond = f"; {plan.beyond} more lie beyond it" if plan.beyond else ""
    count = len(plan.purposes)
    lines = [f"depth {plan.depth}: {count} test purpose{'' if count == 1 else 's'}{beyond}"]
    if plan.narrowed:
        lines.append(f"narrowed by {', '.join(plan.narrowed)}: this ends in SELECTION, never in GO")
    return lines


def rerun_cases(request: Request, folder: Path, cases: Sequence[str], *, say: Say, watch: Watch) -> Outcome:
    """Run cases of a finished campaign again; the trace keeps both logs, and the plan stays as it was.

    Raises PlanError for a case the plan does not hold, RerunRefused where anything differs (the charger too: what it
    left in the trace by then is taken back), FileNotFoundError when the folder is no campaign.
    """
    evidence = folder / "evidence"
    journal = journal_of(evidence)
    if not (is_private(evidence) or request.profile.product.emulated):
        raise RerunRefused(f"{folder} holds no private journal: cases are run again where the campaign was recorded")
    try:
        before = read_trace(journal)
    except TraceError as error:
        raise RerunRefused(
            f"{error}; cut off what is torn, and judge the rest, with: chargeproof seal {folder}"
        ) from error
    plan = check_same(folder, _basis(request).bound, request.profile, before)
    wanted = [case for case in plan.cases if case.id in cases]
    known = [case.id for case in plan.cases]
    for case in cases:
        if case not in known:
            raise PlanError(f"the campaign's plan has no case {case!r}; {nearest(case, known)}")
    size = journal.stat().st_size
    recorder = Recorder.append_to(journal_for(evidence, request.profile))
    again = first_event(folder.name, plan, octets_of(evidence / PLAN, most=_MOST_PLAN), request.profile)
    recorder.record("campaign.rerun", "harness", {**again, "cases": list(cases)})

    def is_the_same(campaign: Campaign) -> None:
        who_came(campaign)
        check_the_charger(before, Trace(recorder.events[len(before) :]))

    try:
        with _watched(plan, recorder, watch):
            campaign = _campaign(request, plan, recorder, evidence, say)
            with opened(campaign, request.profile_path, say, interface=request.interface):
                run_cases(campaign, wanted, say, first=is_the_same)
    except RerunRefused:
        os.truncate(journal, size)  # whoever came has no part in this campaign
        raise
    return Outcome(judge_folder(evidence, plan, to_judge(evidence, recorder.events)), plan, folder)


def _campaign(request: Request, plan: Plan, recorder: Recorder, evidence: Path, say: Say) -> Campaign:
    ports = Ports(recorder, request.profile, request.profile_path.parent, evidence)
    return Campaign(plan, ports, request.overlay, say)


def _keep(evidence: Path, request: Request, basis: _Basis, plan: Plan) -> None:
    """What the campaign is made from, beside its trace: the digests of these stand in the first event."""
    write_json(evidence / PLAN, plan)
    (evidence / PROFILE).write_text(profile_text(request.profile, request.profile_path))
    if request.overlay is not None:
        (evidence / OVERLAY).write_bytes(octets_of(request.overlay, most=_MOST_OVERLAY))
    write_json(evidence / "environment.json", environment())
    (evidence / "catalogue.json").write_text(export_json(basis.catalogue, basis.tender))
    (evidence / SUITES).write_bytes(suites_json(basis.suites, plan))


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


def new_folder(request: Request) -> Path:
    """Make a campaign's folder under `request.out`. Raises OSError when it cannot be written to."""
    stamp = datetime.datetime.now(datetime.UTC).strftime("%Y%m%d-%H%M%S")
    name = "".join(c if c.isalnum() or c in "-." else "-" for c in request.profile.product.serial[:_LONGEST_SERIAL])
    folder = request.out / f"{stamp}-{name}"
    number = 2
    while folder.exists():
        folder = request.out / f"{stamp}-{name}-{number}"
        number += 1
    folder.mkdir(parents=True)
    return folder
