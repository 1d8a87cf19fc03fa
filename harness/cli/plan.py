"""`chargeproof plan`: what applies, what does not and why, and how long it will take."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click
import msgspec
from rich.console import Console
from rich.table import Table

from harness.campaign import CasesError, plan_for
from harness.cli._request import campaign_options, make_request
from harness.plan import Plan, PlanError
from requirement_catalog import CatalogueError

_PIPED_WIDTH = 120  # a file or a pager has no width of its own; narrower, the table is a column of single words


@click.command()
@campaign_options
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(as_json: bool, **options: object) -> None:
    """Show what would be tested, what not and why, and how long it takes. Touches nothing."""
    made = checked_plan(**options)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(made), indent=1))
        return
    console = Console(width=None if sys.stdout.isatty() else _PIPED_WIDTH)
    console.print(
        f"\n[bold]{made.dut.name}[/] ({made.dut.model}), tender: {made.tender}, judged as of {made.evaluation_date}"
    )
    _cases(console, made)
    _criteria(console, made)
    minutes, seconds = divmod(round(made.estimate_s), 60)
    console.print(f"\nThe cases take about {minutes} min {seconds} s on a charger that does everything right.\n")


def checked_plan(**options: object) -> Plan:
    """The plan for these options. Raises click.UsageError in plain words."""
    request = make_request(out=Path("campaigns"), **options)  # type: ignore[arg-type]
    try:
        return plan_for(request)
    except (PlanError, CatalogueError, CasesError) as error:
        raise click.UsageError(str(error)) from error


def _cases(console: Console, made: Plan) -> None:
    table = Table(title="Test cases", title_justify="left", expand=True)
    for name, share in (("case", 5), ("criteria", 2), ("takes", None), ("runs", 4)):
        table.add_column(name, ratio=share, no_wrap=share is None)
    for case in made.cases:
        runs = "[green]yes[/]" if case.run else f"no: {case.reason}"
        marks = " (disruptive)" if case.disruptive else ""
        table.add_row(f"{case.title}{marks}", " ".join(case.criteria), f"{case.estimate_s:.0f} s", runs)
    console.print(table)


def _criteria(console: Console, made: Plan) -> None:
    table = Table("criterion", "applies", "how it is proven", title="Criteria", title_justify="left", expand=True)
    for each in made.criteria:
        how = each.verified_by.replace("_", " ")
        if each.phase == "operation":
            how = f"after go-live: {each.due or 'as agreed'}"
        elif each.applies and each.blocked:
            how = f"[yellow]not provable here: {each.blocked}[/]"
        applies = "[green]yes[/]" if each.applies else f"no: {each.reason}"
        table.add_row(f"{each.id} {each.statement}", applies, how)
    console.print(table)
