"""`chargeproof plan`: what applies, what does not and why, and how long it will take."""

from __future__ import annotations

from pathlib import Path

import click

from harness.campaign import CasesError, plan_for
from harness.cli._request import campaign_options, make_request
from harness.cli._say import Door, refuse, styled
from harness.plan import Plan, PlanError
from requirement_catalog import CatalogueError


@click.command()
@campaign_options
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(as_json: bool, **options: object) -> None:
    """Show what would be tested, what not and why, and how long it takes. Touches nothing."""
    made = checked_plan(**options)
    door = Door()
    if as_json:
        door.data(made)
        return
    door.line()
    door.line(
        "[bold]{}[/] ({}), tender: {}, judged as of {}",
        made.dut.name,
        made.dut.model,
        made.tender,
        made.evaluation_date,
    )
    _cases(door, made)
    _criteria(door, made)
    minutes, seconds = divmod(round(made.estimate_s), 60)
    door.line("\nThe cases take about {} min {} s on a charger that does everything right.\n", minutes, seconds)


def checked_plan(**options: object) -> Plan:
    """The plan for these options. What is wrong is told in plain words, and ends with 2."""
    request = make_request(out=Path("campaigns"), **options)  # type: ignore[arg-type]
    try:
        return plan_for(request)
    except (PlanError, CatalogueError, CasesError) as error:
        refuse(error)


def _cases(door: Door, made: Plan) -> None:
    rows = [
        (
            f"{case.title}{' (disruptive)' if case.disruptive else ''}",
            " ".join(case.criteria),
            f"{case.estimate_s:.0f} s",
            styled("[green]yes[/]") if case.run else f"no: {case.reason}",
        )
        for case in made.cases
    ]
    door.table("Test cases", {"case": 5, "criteria": 2, "takes": None, "runs": 4}, rows)


def _criteria(door: Door, made: Plan) -> None:
    rows = []
    for each in made.criteria:
        how: object = each.verified_by.replace("_", " ")
        if each.phase == "operation":
            how = f"after go-live: {each.due or 'as agreed'}"
        elif each.applies and each.blocked:
            how = styled("[yellow]not provable here: {}[/]", each.blocked)
        applies = styled("[green]yes[/]") if each.applies else f"no: {each.reason}"
        rows.append((f"{each.id} {each.statement}", applies, how))
    door.table("Criteria", {"criterion": 1, "applies": 1, "how it is proven": 1}, rows)
