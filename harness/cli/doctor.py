"""`chargeproof doctor`: check a bench before anybody drives to a site."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.cli._codes import Exit
from harness.cli._say import Door, refuse, styled
from harness.doctor import Check, examine
from harness.profile import ProfileError, load_profile
from requirement_catalog import CatalogueError

_MARKS = {
    "ok": styled("[green]ok[/]"),
    "warning": styled("[yellow]warning[/]"),
    "problem": styled("[bold red]problem[/]"),
}


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
        refuse(error)
    checks = list(examine(profile, path, out))
    problems = sum(check.state == "problem" for check in checks)
    door = Door()
    if as_json:
        door.data({"ready": not problems, "profile": str(path), "checks": checks})
    else:
        _print(door, checks, profile.product.name)
    sys.exit(Exit.HOLD if problems else Exit.GO)


def _print(door: Door, checks: list[Check], name: str) -> None:
    rows, group = [], ""
    for check in checks:
        if check.group != group:
            group = check.group
            rows.append((styled(""), styled("[bold]{}[/]", group), styled("")))
        says = styled("{}", check.says)
        if check.do and check.state != "ok":
            says += styled("\n[bold]->[/] {}", check.do)
        rows.append((_MARKS[check.state], styled("  {}", check.name), says))
    door.columns(rows)
    problems = [c for c in checks if c.state == "problem"]
    warnings = sum(c.state == "warning" for c in checks)
    also = f"; {warnings} warning{'s' if warnings != 1 else ''}" if warnings else ""
    door.line()
    if problems:
        named = ", ".join(dict.fromkeys(c.name for c in problems))
        door.line("[bold red]The bench for {} is not ready[/]: {}{}", name, named, also)
    else:
        door.line("[bold green]The bench for {} is ready[/]{}", name, also)
