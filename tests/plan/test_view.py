"""`chargeproof plan`: short, in eighty columns, and each thing that cannot be proven with whose move it is."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from harness.cli._say import Door
from harness.cli.catalogue._words import duration
from harness.cli.plan import plan as command
from harness.cli.view._plan_view import Filter, show_cases, show_plan
from harness.emulator.altered import Bench
from harness.plan import Choice, Plan
from requirement_catalog import Cost, Depth, Hands, Needs
from tests.plan._small import CAR, bench, made, profile, purpose

PROVEN: dict[str, Any] = {"proofs": {f"OCPP-K01.P00{n}": "defect" for n in range(10)}}
LONG = purpose("OCPP-K01.P002", "SC-04.2", cost=Cost(own_s=90), hands=Hands.PLUG, disruptive="it reboots")


def printed(plan: Plan, *, unfolded: bool = False, wanted: Filter | None = None) -> str:
    """What is printed, with each run of blanks as one."""
    out = io.StringIO()
    if wanted is not None:
        show_cases(Door(out), plan, wanted)
    else:
        show_plan(Door(out), plan, unfolded=unfolded)
    return " ".join(out.getvalue().split())


def test_what_runs_is_counted_by_requirement() -> None:
    """Cases, criteria and time of each; the best and the worst case of all."""
    said = printed(made(purpose(), LONG, **PROVEN))
    assert "Runs: 2 cases for 1 requirement" in said
    assert "SC-04 2 criteria 2 cases 1 min 35 s" in said
    assert "1 min 35 s at best" in said and "at worst" in said


def test_what_cannot_run_names_whose_move_it_is_and_what_it_leaves_open() -> None:
    """By the reason, once; the supplier's no, and the bench's lack."""
    plan = made(
        purpose(needs=CAR),
        purpose("OCPP-K01.P002", "SC-04.2", applies="v2x"),
        of=bench(profile({"v2x": "no"}), without="pilot"),
    )
    said = printed(plan)
    assert "supplier the charger is declared not to support it (v2x) OCPP-K01.P002: leaves open SC-04.2" in said
    assert "test engineer the bench has no pilot" in said
    assert "OCPP-K01.P001: leaves open SC-04.1" in said


def test_a_stand_in_is_named() -> None:
    """What stands in leaves nothing open."""
    deputy = purpose("OCPP-K01.P007", instead_of=("OCPP-K01.P001",))
    said = printed(made(purpose(needs=CAR), deputy, of=bench(without="pilot")))
    assert "OCPP-K01.P001: OCPP-K01.P007 stands in" in said


def test_checks_that_nobody_saw_turn_red_are_named() -> None:
    """Their pass would prove nothing; the rest is not mentioned."""
    assert "1 check was never seen to turn red" in printed(made(purpose("OCPP-X01.P001"), **PROVEN))
    assert "never seen" not in printed(made(**PROVEN))


def test_what_is_for_other_products_is_folded() -> None:
    """Counts, unless all is asked for."""
    plan = made(purpose(), purpose("BACKEND-A.P001", role="csms"))
    assert "Not for this product and tender: 1 criterion, 1 test purpose (--all lists them)" in printed(plan)
    assert "it binds the backend" not in printed(plan)
    assert "it binds the backend" in printed(plan, unfolded=True)
    assert "BACKEND-A.P001 it is for a csms" in printed(plan, unfolded=True)


def test_a_criterion_that_nothing_serves_is_named() -> None:
    """It will hold the decision up."""
    assert "no test purpose serves it yet: SC-04.2, SC-08.1" in printed(made())


def test_a_selection_and_what_lies_beyond_are_said_at_the_top() -> None:
    """So that nobody waits for a GO that cannot come."""
    said = printed(made(purpose(), purpose("OCPP-K01.P002", depth=Depth.THOROUGH), choice=Choice(depth=Depth.SHORT)))
    assert "depth short; 1 test purpose beyond that" in said
    assert "a selection (--depth short): whatever it finds, it is no GO" in said


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [
        (Filter(longer_than_s=60), {"P002"}),
        (Filter(shorter_than_s=60), {"P001"}),
        (Filter(hands=Hands.PLUG), {"P002"}),
        (Filter(hands=Hands.NONE), {"P001"}),
        (Filter(disruptive=True), {"P002"}),
        (Filter(longer_than_s=1, hands=Hands.LOOK), set()),
    ],
)
def test_filters_list_the_cases_that_a_person_looks_for(wanted: Filter, shown: set[str]) -> None:
    """By time, by what a person has to do, by whether they may do harm; what does not run is not among them."""
    gone = purpose("OCPP-K01.P003", needs=Needs(bench=("scope",)))
    said = printed(made(purpose(), LONG, gone), wanted=wanted)
    assert {p for p in ("P001", "P002", "P003") if f"OCPP-K01.{p}" in said} == shown


def test_a_list_of_cases_says_what_each_serves_and_asks() -> None:
    """Conditions where there are several, hands, and harm."""
    two = purpose(versions=("2.1", "2.0.1"))
    said = printed(made(two, LONG), unfolded=True)
    assert "(OCPP 2.0.1)" in said
    assert "(a person has to plug) (disruptive)" in said
    assert "OCPP-K01.P002 for SC-04.2" in said


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0 s"), (45.4, "45 s"), (126, "2 min 6 s"), (120, "2 min"), (6180, "1 h 43 min")]
)
def test_durations_read_as_a_person_says_them(seconds: float, text: str) -> None:
    """Seconds, minutes, hours."""
    assert duration(seconds) == text


def test_the_command_prints_the_shipped_plan_in_lines_that_fit() -> None:
    """The emulated charger's; an unknown suite ends with 2 and the nearest name."""
    shown = CliRunner().invoke(command, ["--dut", "emulated"])
    assert shown.exit_code == 0, shown.output
    assert len(shown.output.splitlines()) < 60
    wrong = CliRunner().invoke(command, ["--suite", "OCPP-K02"])
    assert wrong.exit_code == 2
    assert "did you mean" in wrong.output


def test_what_is_brought_along_says_for_what() -> None:
    """It is not beyond the tender, and it is for something: folded and unfolded."""
    right = purpose("OCPP-K01.P005", "SC-04.2")
    plan = made(right, purpose(controlled_by=(right.id,)), choice=Choice(requirements=("SC-04.1",)), **PROVEN)
    folded, unfolded = printed(plan), printed(plan, unfolded=True)
    assert "Runs: 2 cases for 1 requirement" in folded and "beyond the tender" not in folded
    assert "OCPP-K01.P005, brought along: what was chosen has its control in it (OCPP-K01.P001)" in folded
    assert "OCPP-K01.P005 for the control of OCPP-K01.P001" in unfolded


def test_the_emulated_charger_of_two_evses_can_be_a_go_at_depth_thorough(tmp_path: Path) -> None:
    """Its second EVSE is an AC socket: nothing lacks the bench there, and what it has not is told with its reason."""
    bench = Bench(evses=2)
    options = ["--dut", bench.profile(tmp_path), "--tender", str(bench.tender(tmp_path))]
    made = json.loads(CliRunner().invoke(command, [*options, "--json"]).output)
    lacking = {(run["conditions"]["evse"], run["lacks"]) for run in made["runs"] if run.get("lacks")}
    assert lacking == {(0, "stand-in"), (2, "evse")}
    assert len([run for run in made["runs"] if run["conditions"]["evse"] == 2 and not run.get("lacks")]) >= 40
    said = " ".join(CliRunner().invoke(command, options).output.split())
    away = {run["purpose"] for run in made["runs"] if run.get("lacks") == "evse"}
    told = f"Not at every EVSE: {len(away)} test purposes"
    assert f"{told} EVSE 2 is declared not to support iso15118 2 and iso15118 20" in said
