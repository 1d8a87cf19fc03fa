"""`chargeproof plan`: what runs, what cannot and whose move it is, what is for other products, how long it takes."""

from __future__ import annotations

from pathlib import Path

import click

from harness.campaign import CasesError, plan_for
from harness.cli._numbers import Seconds
from harness.cli._request import campaign_options, make_request
from harness.cli._say import Door, refuse
from harness.cli.view._plan_view import Filter, show_cases, show_plan
from harness.plan import Plan, PlanError
from requirement_catalog import CatalogueError, Hands


@click.command()
@campaign_options
@click.option("--longer-than", type=Seconds(0), metavar="S", help="List only cases that take longer than this, in s.")
@click.option("--shorter-than", type=Seconds(0), metavar="S", help="List only cases that take less than this, in s.")
@click.option(
    "--hands", type=click.Choice([h.value for h in Hands]), help="List only cases that need this of a person."
)
@click.option("--disruptive", is_flag=True, help="List only cases that touch the way back to the charger.")
@click.option("--all", "unfolded", is_flag=True, help="List every case and every criterion, not counts.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan as JSON.")
def plan(
    longer_than: float | None,
    shorter_than: float | None,
    hands: str | None,
    disruptive: bool,
    unfolded: bool,
    as_json: bool,
    **options: object,
) -> None:
    """Show what would be tested, what cannot and whose move it is, and how long it takes. Touches nothing."""
    wanted = Filter(longer_than, shorter_than, Hands(hands) if hands else None, disruptive)
    if longer_than is not None and shorter_than is not None and longer_than >= shorter_than:
        refuse(f"no case takes longer than {longer_than:g} s and less than {shorter_than:g} s")
    if as_json and (wanted or unfolded):
        refuse("--json prints the whole plan: leave out what picks cases of it, and --all")
    made = checked_plan(**options)
    door = Door()
    if as_json:
        door.data(made)
    elif wanted:
        show_cases(door, made, wanted)
    else:
        show_plan(door, made, unfolded=unfolded)


def checked_plan(**options: object) -> Plan:
    """The plan for these options. What is wrong is told in plain words, and ends with 2."""
    request = make_request(out=Path("campaigns"), **options)  # type: ignore[arg-type]
    try:
        return plan_for(request)
    except (PlanError, CatalogueError, CasesError) as error:
        refuse(error)
