"""`chargeproof doctor`: check a bench before anybody drives to a site."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.doctor import Check, examine
from harness.profile import ProfileError, load_profile
from requirement_catalog import CatalogueError

FINE, PROBLEMS = 0, 1
_MARKS = {"ok": "[green]ok[/]", "warning": "[yellow]warning[/]", "problem": "[bold red]problem[/]"}


@click.command()
@click.option("--dut", default="emulated", show_default=True, help="Profile of the charger: a name or a file.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("campaigns"), show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(dut: str, out: Path, as_json: bool) -> None:
    """Check a bench before anybody drives to a site.

    Looks at this computer, the network, certificates, instruments and papers of a profile. Nothing is switched on, and
    nothing leaves this computer.

    Exit codes: 0 ready (warnings allowed), 1 there are problems, 2 wrong usage or an unreadable profile.
    """
    try:
        profile, path = load_profile(dut)
    except (ProfileError, CatalogueError) as error:
        raise click.UsageError(str(error)) from error
    checks = list(examine(profile, path, out))
    problems = sum(check.state == "problem" for check in checks)
    if as_json:
        told = {"ready": not problems, "profile": str(path), "checks": checks}
        click.echo(msgspec.json.format(msgspec.json.encode(told), indent=2))
    else:
        _print(Console(highlight=False), checks, profile.product.name)
    sys.exit(PROBLEMS if problems else FINE)


def _print(console: Console, checks: list[Check], name: str) -> None:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for column in ("state", "check", "says"):
        table.add_column(column, overflow="fold", no_wrap=column != "says")
    group = ""
    for check in checks:
        if check.group != group:
            group = check.group
            table.add_row("", f"[bold]{group}[/]", "")
        does = f"\n[bold]->[/] {escape(check.do)}" if check.do and check.state != "ok" else ""
        table.add_row(_MARKS[check.state], f"  {escape(check.name)}", escape(check.says) + does)
    console.print(table)
    problems = [c for c in checks if c.state == "problem"]
    warnings = sum(c.state == "warning" for c in checks)
    also = f"; {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
    if problems:
        named = ", ".join(dict.fromkeys(c.name for c in problems))
        console.print(f"\n[bold red]The bench for {escape(name)} is not ready[/]: {escape(named)}{also}")
    else:
        console.print(f"\n[bold green]The bench for {escape(name)} is ready[/]{also}")
