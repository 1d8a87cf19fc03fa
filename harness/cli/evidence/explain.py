"""`chargeproof explain`: say with date and name why a run that was cut counts for nothing."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness import evidence
from harness.cli._codes import Exit, decided
from harness.cli._say import Door, ours, quoted, refuse
from harness.cli.evidence._finish import finish, signer_of
from harness.cli.view._cut_runs import cut_lines
from harness.evidence import Explained, NotExplained, SealError
from harness.judge import CampaignResult


@click.command()
@click.argument("folder", metavar="CAMPAIGN", type=click.Path(path_type=Path))
@click.option("--run", "runs", multiple=True, metavar="ID", help="The run (CASE#2), or its case; repeatable.")
@click.option("--reason", help="What happened, in a sentence that a stranger understands.")
@click.option("--by", metavar="NAME", help="Who says so.")
@click.option(
    "--key", type=click.Path(path_type=Path), help="Private key (Ed25519, PEM) to seal the evidence anew with."
)
def explain(folder: Path, runs: tuple[str, ...], reason: str | None, by: str | None, key: Path | None) -> None:
    """Say with date and name why a run that was cut counts for nothing.

    A run that was broken off, killed, or came to no verdict stands against a GO, whatever a later run shows: it may
    have been ended because it went badly. Your reason becomes part of the evidence, on the first page of the report and
    in what `verify` prints, and cannot be taken back. It excuses no fail that was judged whole. The case has to be run
    again (chargeproof run --rerun), before or after. Without --run it lists the runs that stand.

    What was sealed before stays as it is; the evidence is sealed anew beside it.

    Exit codes: 0 it is a GO now, or no run stands; 1 it is a HOLD, or a run stands; 2 the run, the reason or the
    folder is refused, and nothing was written; 3 chargeproof failed.
    """
    door = Door()
    try:
        if not runs:
            _refuse_without_run(reason, by)
            sys.exit(_listed(door, folder, evidence.standing(folder)))
        if reason is None or by is None:
            refuse("a run is explained by --reason TEXT and --by NAME, both")
        signer = signer_of(key)
        explained = evidence.explain(folder, runs, reason, by)
        inner = folder / "evidence" if (folder / "evidence").is_dir() else folder
        sealed = finish(inner.absolute().parent, signer)
    except (NotExplained, SealError, BlockingIOError) as error:
        refuse(error)
    except OSError as error:
        refuse(f"{error.filename or folder}: {error.strerror}")
    except click.ClickException:
        raise
    except Exception as error:  # a fault of ours, told as such
        ours(error)
    _tell(door, explained)
    door.line("evidence {}", sealed.path, whole=True)
    sys.exit(decided(explained.result))


def _refuse_without_run(reason: str | None, by: str | None) -> None:
    if reason is not None or by is not None:
        refuse("say with --run which run is explained; without --reason and --by those that stand are listed")


def _listed(door: Door, folder: Path, result: CampaignResult) -> Exit:
    open_ = [cut for cut in result.cut_runs if cut.stands]
    for line in (line for cut in result.cut_runs for line in cut_lines(cut)):
        door.line("{}", line)
    if not open_:
        door.line("No run of this campaign waits for a reason.")
        return Exit.GO
    door.line(
        "Explain with: chargeproof explain {} --run {} --reason … --by …",
        quoted(folder),
        quoted(open_[0].id),
        whole=True,
    )
    return Exit.HOLD


def _tell(door: Door, explained: Explained) -> None:
    for line in (line for cut in explained.runs for line in cut_lines(cut)):
        door.line("{}", line)
    door.line("[bold]{}[/]", explained.result.decision)
    if left := [cut.id for cut in explained.result.cut_runs if cut.stands]:
        door.line("still to be explained: {}", ", ".join(left))
    for reason in explained.result.reasons[:3]:
        door.line("  {} {}: {}", reason.criterion, reason.verdict, reason.why)
