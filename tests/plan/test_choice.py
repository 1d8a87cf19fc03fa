"""What a person may leave out of a tender, and what the plan keeps of it."""

from __future__ import annotations

import pytest

from harness.plan import Choice, Plan, PlanError
from requirement_catalog import Depth, load_suites
from tests.plan._small import CAR, bench, case, made, profile, purpose, when

ONE = purpose()
TWO = purpose("OCPP-K01.P002", "SC-04.1", "BI-16.1")
LIGHT = purpose("LIGHT-V2X.P001", "BI-16.2")


def chosen(**choice: object) -> Plan:
    """The plan of three purposes with this choice."""
    return made(ONE, TWO, LIGHT, choice=Choice(**choice))  # type: ignore[arg-type]


def ids(plan: Plan) -> tuple[list[str], list[str]]:
    """Criteria, and purposes that run."""
    return [c.id for c in plan.criteria], [run.purpose for run in plan.runs if run.run]


def test_requirements_and_criteria() -> None:
    """What serves them runs, and serves nothing else."""
    plan = chosen(requirements=("BI-16.1",))
    assert ids(plan) == (["BI-16.1"], [TWO.id])
    assert plan.runs[0].serves == ("BI-16.1",)
    assert [r.id for r in plan.requirements] == ["BI-16"]
    assert plan.narrowed == ("-r BI-16.1",)


@pytest.mark.parametrize("suite", ["LIGHT", "LIGHT-V2X", "V2X"])
def test_suites(suite: str) -> None:
    """By suite or use case; the criteria are those that they serve."""
    plan = chosen(suites=(suite,))
    assert ids(plan) == (["BI-16.2"], [LIGHT.id])
    assert plan.narrowed == (f"--suite {suite}",)


@pytest.mark.parametrize("suite", ["OCPP", "OCPP-K", "OCPP-K01", "K01"])
def test_blocks_and_use_cases(suite: str) -> None:
    """A block of a standard has many use cases."""
    assert ids(chosen(suites=(suite,)))[1] == [ONE.id, TWO.id]


def test_purposes_leave_their_criterion_s_others_out_and_say_so() -> None:
    """One of two purposes does not prove a criterion: the other one was left out by a person."""
    plan = chosen(purposes=(ONE.id,))
    assert ids(plan) == (["SC-04.1"], [ONE.id])
    left = next(run for run in plan.runs if run.purpose == TWO.id)
    assert (left.lacks, left.run) == ("choice", False)


def test_purposes_of_the_same_case_are_run_along() -> None:
    """The case judges them anyway."""
    plan = made(ONE, TWO, cases=(case("a::both", ONE.id, TWO.id),), choice=Choice(purposes=(ONE.id,)))
    assert ids(plan)[1] == [ONE.id, TWO.id]


def test_a_shallower_depth() -> None:
    """As if the tender had asked for less, and said."""
    both = purpose("OCPP-K01.P003", versions=("2.1", "2.0.1"))
    plan = made(both, choice=Choice(depth=Depth.SHORT))
    assert (len(plan.runs), plan.depth, plan.narrowed) == (1, Depth.SHORT, ("--depth short",))
    assert made(both, choice=Choice(depth=Depth.ACCEPTANCE)).narrowed == ()


def test_a_deeper_depth_is_the_tender_s() -> None:
    """A person may make a run smaller, the client alone makes it deeper."""
    with pytest.raises(PlanError, match="the tender alone makes it deeper"):
        made(choice=Choice(depth=Depth.THOROUGH))


def test_without_what_touches_the_way_back() -> None:
    """It narrows the run only where it leaves something out."""
    calm = Choice(with_disruptive=False)
    assert made(choice=calm).narrowed == ()
    plan = made(purpose(disruptive="it reboots"), choice=calm)
    assert plan.narrowed == ("--no-disruptive",)
    assert "it reboots" in plan.runs[0].reason
    assert plan.runs[0].lacks == "choice"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        (Choice(requirements=("SC-4",)), "did you mean 'SC-04'?"),
        (Choice(suites=("OCPP-K02",)), "did you mean 'OCPP-K01'?"),
        (Choice(purposes=("OCPP-K01.P009",)), "did you mean 'OCPP-K01.P00"),
    ],
)
def test_an_unknown_name_is_refused_with_the_nearest(choice: Choice, words: str) -> None:
    """Requirement, suite or purpose."""
    with pytest.raises(PlanError) as caught:
        made(ONE, TWO, choice=choice)
    assert words in str(caught.value)


def test_a_selection_does_not_change_limits() -> None:
    """The strictest over all criteria that apply, also those that were not chosen."""
    whole, part = chosen(), chosen(requirements=("SC-04",))
    assert part.limits[TWO.id] == whole.limits[TWO.id]
    assert part.limits[TWO.id]["answer"].value == 4


def test_when_decides_by_conditions_which_criteria_are_chosen() -> None:
    """A run of another version, which does not serve the chosen criterion, is not made."""
    split = purpose(
        "OCPP-A00.P001", when("SC-04.1", version="2.0.1"), when("BI-16.2", version="2.1"), versions=("2.1", "2.0.1")
    )
    plan = made(split, choice=Choice(requirements=("SC-04",)))
    assert [run.conditions.version for run in plan.runs] == ["2.0.1"]


RIGHT = purpose("OCPP-L01.P001", "SC-04.2", needs=CAR)
WRONG = purpose("OCPP-L01.P002", "SC-04.1", controlled_by=(RIGHT.id,))
WORSE = purpose("OCPP-L01.P003", "BI-16.1", controlled_by=(WRONG.id,))


@pytest.mark.parametrize("choice", [{"requirements": ("SC-04.1",)}, {"purposes": (WRONG.id,)}])
def test_a_chosen_purpose_brings_its_control_along(choice: dict[str, tuple[str, ...]]) -> None:
    """A refusal means something only where the right thing was accepted, whatever was chosen; the choice stays."""
    plan = made(RIGHT, WRONG, LIGHT, choice=Choice(**choice))
    assert ids(plan) == (["SC-04.1"], [RIGHT.id, WRONG.id])
    along, asked = (next(run for run in plan.runs if run.purpose == p.id) for p in (RIGHT, WRONG))
    assert (along.brought_for, along.serves) == ((WRONG.id,), ())
    assert (asked.brought_for, asked.serves) == ((), ("SC-04.1",))
    assert RIGHT.id in plan.limits, "its case waits for roles of its own"


def test_a_chosen_suite_brings_controls_of_other_suites_along() -> None:
    """By suite as by requirement; and the control's own control, too."""
    far = purpose("LIGHT-V2X.P002", "BI-16.1", controlled_by=(WRONG.id,))
    plan = made(RIGHT, WRONG, far, ONE, choice=Choice(suites=("LIGHT",)))
    assert ids(plan) == (["BI-16.1"], [RIGHT.id, WRONG.id, far.id])
    assert {run.purpose: run.brought_for for run in plan.runs} == {
        RIGHT.id: (far.id,),
        WRONG.id: (far.id,),
        far.id: (),
    }


def test_a_control_that_was_left_out_of_the_same_criterion_runs_and_counts_for_it() -> None:
    """It serves what was chosen: what it shows of that criterion is not thrown away."""
    beside = purpose(RIGHT.id, "SC-04.1")
    plan = made(beside, WRONG, choice=Choice(purposes=(WRONG.id,)))
    assert [(run.purpose, run.run, run.serves) for run in plan.runs] == [
        (beside.id, True, ("SC-04.1",)),
        (WRONG.id, True, ("SC-04.1",)),
    ]


def test_nothing_is_brought_along_where_it_runs_anyway_or_nothing_needs_it() -> None:
    """In a whole run it runs for itself; for what cannot run itself it is not needed."""
    assert {run.brought_for for run in made(RIGHT, WRONG).runs} == {()}
    unable = purpose(WRONG.id, "SC-04.1", controlled_by=(RIGHT.id,), needs=CAR)
    plan = made(RIGHT, unable, choice=Choice(requirements=("SC-04.1",)), of=bench(without="pilot"))
    assert [run.purpose for run in plan.runs] == [WRONG.id]


def test_a_control_that_cannot_run_is_shown_with_what_it_lacks() -> None:
    """Whoever chose sees beforehand that the control will be missing."""
    plan = made(RIGHT, WRONG, choice=Choice(requirements=("SC-04.1",)), of=bench(without="pilot"))
    along = next(run for run in plan.runs if run.purpose == RIGHT.id)
    assert (along.run, along.lacks, along.brought_for) == (False, "pco", (WRONG.id,))


def test_the_shipped_refusals_of_firmware_bring_the_right_firmware_along() -> None:
    """Each whose control is that the right image was installed names the purpose that installs it."""
    purposes = {p.id: p for p in load_suites().purposes}
    refusals = [p for p in purposes.values() if "firmware.right_one_installed" in p.judges]
    assert len(refusals) == 5
    assert all("firmware.installs" in purposes[each].judges for p in refusals for each in p.controlled_by)
    assert all(p.controlled_by for p in refusals)


def test_short_takes_the_version_that_is_declared() -> None:
    """One version is enough for it: of two that our backend offers, the one that the charger is declared to speak."""
    both = purpose("OCPP-K01.P003", versions=("2.0.1", "2.1"))
    for spoken, other in (("2.1", "2.0.1"), ("2.0.1", "2.1")):
        pics = {f"ocpp_{spoken.replace('.', '_')}": "yes", f"ocpp_{other.replace('.', '_')}": "undeclared"}
        plan = made(both, of=profile(pics), choice=Choice(depth=Depth.SHORT))
        assert [run.conditions.version for run in plan.runs] == [spoken]
