"""`chargeproof run`: the main job. Plan, test, judge, seal, report; GO or HOLD."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from harness.bench import BenchError
from harness.campaign import CasesError, EmulatorError, Outcome, Request, new_folder, rerun_cases, run_campaign
from harness.cli._main import HARNESS, USAGE
from harness.cli._network import inside_a_network
from harness.cli._progress import Progress
from harness.cli._request import campaign_options, make_request
from harness.evidence import KeyFault, SealError, Signer, recover, seal
from harness.judge import CampaignResult
from harness.plan import PlanError
from requirement_catalog import CatalogueError

GO, HOLD, INTERRUPTED = 0, 1, 130
_DISK = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO)


@click.command()
@campaign_options
@click.option("--out", type=click.Path(path_type=Path), default=Path("campaigns"), show_default=True)
@click.option("--key", type=click.Path(path_type=Path), help="Private key (Ed25519, PEM) to sign the evidence with.")
@click.option("--rerun", multiple=True, metavar="CASE", help="Run a case of a finished campaign again; repeatable.")
@click.option("--campaign", type=click.Path(path_type=Path), help="The campaign --rerun adds to; default: the newest.")
def run(out: Path, key: Path | None, rerun: tuple[str, ...], campaign: Path | None, **options: Any) -> None:
    """Test a charger against the tender: GO or HOLD, with evidence.

    Exit codes: 0 GO, or a selection whose criteria all pass; 1 HOLD, or another selection; 2 wrong usage or
    configuration; 3 the harness itself failed; 130 broken off by Ctrl-C. What was recorded is sealed, as interrupted,
    also where the harness failed.
    """
    request = make_request(out=out, **options)
    signer = _signer(key)
    interface = inside_a_network() if request.profile.launch is not None else None
    console = Console(file=sys.stdout)  # this very stream: pytest underneath is given another one
    progress = Progress(console)
    request = _with_place(request, interface, (campaign or _newest(out)) if rerun else None)
    assert request.folder is not None
    try:
        if rerun:
            outcome = rerun_cases(request, request.folder, rerun, say=progress.say, watch=progress.watch)
        else:
            outcome = run_campaign(request, say=progress.say, watch=progress.watch)
        bundle = _finish(outcome, signer, progress)
    except (PlanError, CatalogueError) as error:
        _forget_if_empty(request.folder)
        raise click.UsageError(str(error)) from error
    except (BenchError, OSError) as error:
        click.echo(_what_failed(error, request), err=True)
        _tell_kept(request.folder)
        sys.exit(USAGE)
    except (EmulatorError, CasesError) as error:
        click.echo(str(error), err=True)
        _tell_kept(request.folder)
        sys.exit(HARNESS)
    except KeyboardInterrupt:
        _seal_interrupted(request.folder, signer)
        sys.exit(INTERRUPTED)
    except Exception as error:  # ours, whatever it is: what was recorded is worth as much as before
        click.echo(f"chargeproof itself failed: {type(error).__name__}: {error}", err=True)
        _seal_interrupted(request.folder, signer, "what was recorded until then is judged and sealed")
        sys.exit(HARNESS)
    _tell(console, outcome, bundle)
    sys.exit(_code(outcome.result))


def _code(result: CampaignResult) -> int:
    """0 for GO and for a selection with nothing against it."""
    return GO if result.decision == "GO" or (result.decision == "SELECTION" and not result.reasons) else HOLD


def _signer(key: Path | None) -> Signer:
    """The key to sign with, read before anything runs: a campaign must not end with evidence that nobody signs."""
    if key is None:
        return Signer.generate()
    try:
        return Signer.from_pem(key)
    except KeyFault as error:
        raise click.UsageError(f"--key {key}: {error}") from error
    except OSError as error:
        raise click.UsageError(f"--key {key}: {error.strerror}") from error


def _what_failed(error: Exception, request: Request) -> str:
    """A sentence for an error of the surroundings, with what to do."""
    code = getattr(error, "errno", None)
    if code in _DISK:
        return (
            f"what happened could not be recorded: {os.strerror(code or 0)}. Make room under {request.out}, run again."
        )
    pco = request.profile.pco.csms
    if pco is not None and code == errno.EADDRINUSE:
        where = f"{pco.listen} port {pco.port}"
        return f"another program listens at {where} already: stop it, or give pco.csms another port in the profile"
    if pco is not None and code == errno.EADDRNOTAVAIL:
        return f"pco.csms.listen is {pco.listen}, which is no address of this computer"
    return f"the bench could not be opened: {error}"


def _tell_kept(folder: Path) -> None:
    if (folder / "evidence" / "trace.jsonl").exists():
        click.echo(f"what was recorded until then is kept in {folder}", err=True)
    else:
        _forget_if_empty(folder)


def _forget_if_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()


def _seal_interrupted(
    folder: Path, signer: Signer, words: str = "broken off: what was recorded is judged and sealed"
) -> None:
    """Seal what there is of a run that a person broke off; it is a HOLD and says that it was interrupted."""
    from reports import write_views

    evidence = folder / "evidence"
    if not (evidence / "trace.jsonl").exists():
        click.echo("\nbroken off before anything was recorded", err=True)
        _forget_if_empty(folder)
        return
    click.echo(f"\n{words}", err=True)
    try:
        recover(evidence)
        sealed = seal(evidence, _place_for_bundle(folder), signer)
        write_views(sealed.path, folder)
    except (SealError, OSError) as error:
        click.echo(f"it could not be sealed: {error}\ntry: chargeproof seal {folder}", err=True)
        return
    click.echo(f"{sealed.decision}, interrupted\nreport   {folder / 'report.html'}\nevidence {sealed.path}", err=True)


def _newest(out: Path) -> Path:
    """The newest campaign folder under `out`."""
    folders = sorted(p.parent for p in out.glob("*/evidence"))
    if not folders:
        raise click.UsageError(f"--rerun: there is no campaign under {out}; run one first, or name it with --campaign")
    return max(folders, key=lambda folder: (folder / "evidence" / "trace.jsonl").stat().st_mtime)


def _with_place(request: Request, interface: str | None, existing: Path | None) -> Request:
    """The request with its network interface and its folder, made now: what cannot be kept need not be run."""
    try:
        return dataclasses.replace(request, interface=interface, folder=existing or new_folder(request))
    except OSError as error:
        raise click.UsageError(f"--out {request.out}: no folder can be made there ({error.strerror})") from error


def _finish(outcome: Outcome, signer: Signer, progress: Progress) -> Path:
    """Seal the evidence and write the views of it."""
    from reports import write_views

    bundle = _place_for_bundle(outcome.folder)
    progress.say("the evidence is sealed")
    seal(outcome.folder / "evidence", bundle, signer)
    progress.say("the report is written")
    write_views(bundle, outcome.folder)
    return bundle


def _place_for_bundle(folder: Path) -> Path:
    """Where the bundle goes; a re-run seals anew, and what was sealed before stays."""
    bundle = folder / "bundle.zip"
    if bundle.exists():
        bundle.rename(folder / f"bundle-before-{len(list(folder.glob('bundle*.zip')))}.zip")
    return bundle


def _tell(console: Console, outcome: Outcome, bundle: Path) -> None:
    result, plan = outcome.result, outcome.plan
    counted = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in sorted(result.counts.items()))
    lines = [
        f"[bold]{result.decision}[/] for {escape(f'{plan.dut.name} ({plan.dut.model}, serial {plan.dut.serial})')}"
    ]
    if result.narrowed:
        lines.append(f"only for what was selected ({escape(', '.join(result.narrowed))}), not for the whole tender")
    if result.beyond:
        lines.append(f"depth {result.depth}: {result.beyond} more test purposes lie beyond it")
    if result.emulated:
        lines.append("EMULATED: this proves nothing about a real product")
    lines.append(f"mandatory acceptance criteria: {counted}")
    if result.continuing:
        number = len(result.continuing)
        what = "1 obligation continues" if number == 1 else f"{number} obligations continue"
        lines.append(f"{what} after go-live; the report lists them")
    for reason in result.reasons[:12]:
        lines.append(
            f"\n[bold]{reason.criterion} {reason.verdict}[/]: {escape(reason.why)}\n  {reason.who}: {reason.what}"
        )
    if len(result.reasons) > 12:
        lines.append(f"\n… and {len(result.reasons) - 12} more reasons in the report")
    style = "green" if _code(result) == GO else "red"
    console.print(Panel("\n".join(lines), border_style=style), highlight=False)
    console.print(f"report   {outcome.folder / 'report.html'}\nevidence {bundle}", highlight=False, soft_wrap=True)
    console.print(f"check it with: chargeproof verify {bundle} --rejudge", highlight=False, soft_wrap=True)
