"""`chargeproof run`: the main job. Plan, test, judge, seal, report; GO or HOLD."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from harness.bench import BenchError
from harness.campaign import CasesError, EmulatorError, Outcome, Request, rerun_cases, run_campaign
from harness.cli._main import HARNESS, USAGE
from harness.cli._network import inside_a_network
from harness.cli._progress import Progress
from harness.cli._request import campaign_options, make_request
from harness.plan import PlanError
from requirement_catalog import CatalogueError

GO, HOLD = 0, 1


@click.command()
@campaign_options
@click.option("--out", type=click.Path(path_type=Path), default=Path("campaigns"), show_default=True)
@click.option("--key", type=click.Path(path_type=Path), help="Private key (Ed25519, PEM) to sign the evidence with.")
@click.option("--rerun", multiple=True, metavar="CASE", help="Run a case of a finished campaign again; repeatable.")
@click.option("--campaign", type=click.Path(path_type=Path), help="The campaign --rerun adds to; default: the newest.")
def run(out: Path, key: Path | None, rerun: tuple[str, ...], campaign: Path | None, **options: Any) -> None:
    """Test a charger against the tender: GO or HOLD, with evidence.

    Exit codes: 0 GO, 1 HOLD, 2 wrong usage or configuration, 3 the harness itself failed.
    """
    request = make_request(out=out, **options)
    interface = inside_a_network() if request.profile.launch is not None else None
    console = Console(file=sys.stdout)  # this very stream: pytest underneath is given another one
    progress = Progress(console)
    try:
        request = _with_interface(request, interface)
        if rerun:
            folder = campaign or _newest(out)
            outcome = rerun_cases(request, folder, rerun, say=progress.say, watch=progress.watch)
        else:
            outcome = run_campaign(request, say=progress.say, watch=progress.watch)
    except (PlanError, CatalogueError) as error:
        raise click.UsageError(str(error)) from error
    except (BenchError, OSError) as error:
        click.echo(f"the bench could not be opened: {error}", err=True)
        sys.exit(USAGE)
    except (EmulatorError, CasesError) as error:
        click.echo(str(error), err=True)
        sys.exit(HARNESS)
    bundle = _finish(outcome, key, progress)
    _tell(console, outcome, bundle)
    sys.exit(GO if outcome.result.decision == "GO" else HOLD)


def _newest(out: Path) -> Path:
    """The newest campaign folder under `out`."""
    folders = sorted(p.parent for p in out.glob("*/evidence"))
    if not folders:
        raise click.UsageError(f"--rerun: there is no campaign under {out}; run one first, or name it with --campaign")
    return max(folders, key=lambda folder: (folder / "evidence" / "trace.jsonl").stat().st_mtime)


def _with_interface(request: Request, interface: str | None) -> Request:
    import dataclasses

    return dataclasses.replace(request, interface=interface)


def _finish(outcome: Outcome, key: Path | None, progress: Progress) -> Path:
    """Seal the evidence and write the views of it."""
    from harness.evidence import Signer, seal
    from reports import write_views

    bundle = outcome.folder / "bundle.zip"
    if bundle.exists():  # a re-run seals anew; what was sealed before stays
        earlier = len(list(outcome.folder.glob("bundle*.zip")))
        bundle.rename(outcome.folder / f"bundle-before-{earlier}.zip")
    progress.say("the evidence is sealed")
    seal(outcome.folder / "evidence", bundle, Signer.from_pem(key) if key else Signer.generate())
    progress.say("the report is written")
    write_views(bundle, outcome.folder)
    return bundle


def _tell(console: Console, outcome: Outcome, bundle: Path) -> None:
    result, plan = outcome.result, outcome.plan
    counted = ", ".join(f"{number} {verdict.replace('_', ' ')}" for verdict, number in sorted(result.counts.items()))
    lines = [f"[bold]{result.decision}[/] for {plan.dut.name} ({plan.dut.model}, serial {plan.dut.serial})"]
    if result.partial and result.decision == "GO":
        lines.append("only for what was selected, not for the whole tender")
    if result.emulated:
        lines.append("EMULATED: this proves nothing about a real product")
    lines.append(f"mandatory acceptance criteria: {counted}")
    if result.continuing:
        lines.append(f"{len(result.continuing)} obligations continue after go-live; the report lists them")
    for reason in result.reasons[:12]:
        lines.append(
            f"\n[bold]{reason.criterion} {reason.verdict}[/]: {escape(reason.why)}\n  {reason.who}: {reason.what}"
        )
    if len(result.reasons) > 12:
        lines.append(f"\n… and {len(result.reasons) - 12} more reasons in the report")
    style = "green" if result.decision == "GO" else "red"
    console.print(Panel("\n".join(lines), border_style=style), highlight=False)
    console.print(f"report   {outcome.folder / 'report.html'}\nevidence {bundle}", highlight=False, soft_wrap=True)
    console.print(f"check it with: chargeproof verify {bundle} --rejudge", highlight=False, soft_wrap=True)
