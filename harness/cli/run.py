"""`chargeproof run`: the main job. Plan, test, judge, seal, report; GO or HOLD."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

import click

from harness.bench import BenchError
from harness.campaign import CasesError, EmulatorError, Outcome, Request, new_folder, rerun_cases, run_campaign
from harness.cli._codes import Exit, decided
from harness.cli._network import inside_a_network, is_inside
from harness.cli._request import campaign_options, make_request
from harness.cli._say import Door, ours, quoted, refuse, styled, tell
from harness.cli.charger._signals import end_like_ctrl_c, to_its_end
from harness.cli.evidence._broken import (
    forget_if_empty,
    is_of_the_disk,
    seal_interrupted,
    tell_kept,
    what_failed,
)
from harness.cli.evidence._finish import finish, newest, signer_of
from harness.cli.view._cut_runs import all_cut
from harness.cli.view._eased import eased
from harness.cli.view._progress import Progress
from harness.cli.view._reasons import reason_lines
from harness.decision import basis_of
from harness.doctor import without_extra
from harness.evidence import by_script, public_half
from harness.judge import CampaignResult
from harness.operator import listen_outside
from harness.owed import OwedFault
from harness.plan import PlanError
from harness.trace import read_trace
from requirement_catalog import CatalogueError


@click.command()
@campaign_options
@click.option("--out", type=click.Path(path_type=Path), default=Path("campaigns"), show_default=True)
@click.option("--key", type=click.Path(path_type=Path), help="Private key (Ed25519, PEM) to sign the evidence with.")
@click.option("--rerun", multiple=True, metavar="CASE", help="Run a case of a finished campaign again; repeatable.")
@click.option("--campaign", type=click.Path(path_type=Path), help="The campaign --rerun adds to; default: the newest.")
def run(out: Path, key: Path | None, rerun: tuple[str, ...], campaign: Path | None, **options: Any) -> None:
    """Test a charger against the tender: GO or HOLD, with evidence.

    Exit codes: 0 GO, or a selection whose criteria all pass; 1 HOLD, or another selection; 2 wrong usage, configuration
    or surroundings; 3 chargeproof itself failed; 130 broken off by Ctrl-C or a signal. What was recorded is sealed, as
    interrupted, also where chargeproof failed.
    """
    _check_rerun(rerun, campaign, options)
    request = make_request(out=out, **options)
    signer = signer_of(key)
    if request.profile.launch is not None and (said := without_extra()):
        refuse(said)
    interface = _inside(request) if request.profile.launch is not None else None
    end_like_ctrl_c()
    door = Door()
    progress = Progress(door)
    request = _with_place(request, interface, (campaign or newest(out, "--rerun")) if rerun else None)
    assert request.folder is not None
    try:
        if rerun:
            outcome = rerun_cases(request, request.folder, rerun, say=progress.say, watch=progress.watch)
        else:
            outcome = run_campaign(request, say=progress.say, watch=progress.watch)
        with to_its_end():
            bundle = finish(outcome.folder, signer, progress.say).path
    except (PlanError, CatalogueError, OwedFault) as error:
        forget_if_empty(request.folder)
        refuse(error)
    except (BenchError, OSError) as error:
        tell("{}", what_failed(error, request))
        if is_of_the_disk(error):
            seal_interrupted(request.folder, signer, "what was recorded until then is judged and sealed")
        else:
            tell_kept(request.folder)
        sys.exit(Exit.REFUSED)
    except (EmulatorError, CasesError) as error:
        tell("{}", error)
        tell_kept(request.folder)
        sys.exit(Exit.OURS)
    except KeyboardInterrupt:
        seal_interrupted(request.folder, signer)
        sys.exit(Exit.BROKEN_OFF)
    except Exception as error:  # ours, whatever it is: what was recorded is worth as much as before
        seal_interrupted(request.folder, signer, "what was recorded until then is judged and sealed")
        ours(error)
    _tell(door, outcome, bundle, key)
    sys.exit(decided(outcome.result))


def _inside(request: Request) -> str | None:
    """Go into a network of the run's own; the operator's page stays outside, where the phone is."""
    page = request.profile.pco.operator
    if page is not None and page.driver == "web" and not is_inside():
        try:
            listen_outside(page.listen, page.port)
        except OSError as error:
            refuse(f"the operator's page cannot listen at {page.listen} port {page.port}: {error.strerror}")
    return inside_a_network()


def _check_rerun(rerun: tuple[str, ...], campaign: Path | None, options: dict[str, Any]) -> None:
    """Running cases again keeps the campaign's plan: what would choose another one is refused, not ignored."""
    if campaign is not None and not rerun:
        refuse("--campaign names what --rerun adds to; say which case, or leave it out")
    chosen = [name for name in ("requirement", "suite", "purpose", "depth", "no_disruptive") if options.get(name)]
    if rerun and chosen:
        named = ", ".join(f"--{name.replace('_', '-')}" for name in chosen)
        refuse(f"--rerun runs cases of a plan that was made: {named} would make another one; leave it out")


def _with_place(request: Request, interface: str | None, existing: Path | None) -> Request:
    """The request with its network interface and its folder, made now: what cannot be kept need not be run."""
    try:
        return dataclasses.replace(request, interface=interface, folder=existing or new_folder(request))
    except OSError as error:
        refuse(f"--out {request.out}: no folder can be made there ({error.strerror})")


def _tell(door: Door, outcome: Outcome, bundle: Path, key: Path | None) -> None:
    result, plan = outcome.result, outcome.plan
    counted = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in sorted(result.counts.items()))
    lines = [styled("[bold]{}[/] for {}", result.decision, _who(outcome))]
    if result.narrowed:
        lines.append(styled("only for what was selected ({}), not for the whole tender", ", ".join(result.narrowed)))
    if result.beyond:
        lines.append(styled("depth {}: {} more test purposes lie beyond it", result.depth, result.beyond))
    ran = len({p.purpose for p in result.purposes if p.findings})
    lines.append(styled("{} of {} test purposes ran", ran, len({p.purpose for p in result.purposes})))
    if result.rules:
        lines.append(_of_rules(result))
    lines += _basis(outcome)
    lines += eased(plan)
    lines.append(
        styled("EMULATED: this proves nothing about a real product")
        if result.emulated
        else styled("tested was {}", result.tested.about)
    )
    lines.append(styled("mandatory acceptance criteria: {}", counted))
    if result.continuing:
        number = len(result.continuing)
        what = "1 obligation continues" if number == 1 else f"{number} obligations continue"
        lines.append(styled("{} after go-live; the report lists them", what))
    if result.cut_runs:
        lines += [styled(""), *all_cut(result.cut_runs)]
    lines += reason_lines(result.reasons)
    door.panel(lines, "green" if decided(result) == Exit.GO else "red")
    door.line("report   {}", outcome.folder / "report.html", whole=True)
    door.line("evidence {}", bundle, whole=True)
    held = f"--key {quoted(public_half(key))} " if key else "--integrity-only "
    door.line("check it with: chargeproof verify {} {}--rejudge", quoted(bundle), held, whole=True)


def _who(outcome: Outcome) -> str:
    """The charger by what it told of itself; what it did not tell is marked as declared only."""
    told, declared = outcome.result.tested, outcome.plan.dut
    model = told.model or f"{declared.model} (declared only)"
    serial = told.serial or f"{declared.serial} (declared only)"
    return f"{declared.name}: {model}, serial {serial}"


def _of_rules(result: CampaignResult) -> Any:
    """How many rules watched, were exercised and violated, and which of the violated ones decide."""
    every, exercised = {r.rule for r in result.rules}, {r.rule for r in result.rules if r.exercised}
    violated = sorted({r.rule for r in result.rules if r.violated and r.decides})
    advisory = sorted({r.rule for r in result.rules if r.violated and not r.decides})
    told = [
        f"{len(each)} violated{how} ({', '.join(each[:6])}{', …' if len(each) > 6 else ''})"
        for each, how in ((violated, ""), (advisory, ", advisory"))
        if each
    ]
    return styled("{} rules watched: {} exercised, {}", len(every), len(exercised), "; ".join(told) or "none violated")


def _basis(outcome: Outcome) -> list[Any]:
    """On what the criteria that hold rest, as the sealed trace tells."""
    trace = read_trace(outcome.folder / "evidence" / "trace.jsonl")
    basis = basis_of(outcome.plan, trace, outcome.result)
    lines = []
    if basis.papers:
        lines.append(styled("{} criteria rest on papers alone", len(basis.papers)))
    if basis.instead:
        named = ", ".join(basis.instead[:8])
        lines.append(
            styled("in {} of them a PAPER STANDS IN PLACE OF A TEST that could not run: {}", len(basis.instead), named)
        )
    answers = trace.of("operator.answer")
    if scripted := sum(map(by_script, answers)):
        lines.append(styled("operator: a script, no person ({} of {} answers)", scripted, len(answers)))
    return lines
