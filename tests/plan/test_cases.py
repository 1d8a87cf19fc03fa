"""Cases: what is refused at collection, their ids, their order and how long they take."""

from __future__ import annotations

import msgspec
import pytest

from harness.plan import Plan, PlanError
from requirement_catalog import Cost, Hands, Needs, Purpose
from tests.plan._small import CAR, case, change, made, only_case, profile, purpose

SESSION = Needs(car="iso15118", bench=("pilot", "meter"))
BOTH = ("2.1", "2.0.1")


def refused(*purposes: Purpose, of: tuple[str, ...]) -> str:
    """The text in which a case is refused."""
    with pytest.raises(PlanError) as caught:
        made(*purposes, cases=(case("a::bad", *of, line=12),))
    return str(caught.value)


def test_a_case_for_an_unknown_purpose_is_refused_with_file_line_and_the_nearest_one() -> None:
    """A misspelt marker would otherwise serve nothing."""
    said = refused(purpose(), of=("OCPP-K01.P01",))
    assert said.startswith("test_cases/a.py:12: ")
    assert "did you mean 'OCPP-K01.P001'?" in said


def test_a_case_for_a_retired_purpose_is_told_what_came_after_it() -> None:
    """Ids are for ever, their cases are not."""
    assert "serve OCPP-K01.P002 instead" in refused(purpose(successor="OCPP-K01.P002"), of=("OCPP-K01.P001",))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"versions": ("2.0.1",)}, "versions none where OCPP-K01.P002 has 2.0.1"),
        ({"services": ("DC_BPT/Dynamic",)}, "services none where OCPP-K01.P002 has DC_BPT/Dynamic"),
        ({"needs": CAR}, "needs.car none where OCPP-K01.P002 has any"),
        ({"needs": Needs(bench=("light",))}, "not needed where OCPP-K01.P002 has needed"),
    ],
)
def test_a_case_whose_purposes_disagree_is_refused(more: dict[str, object], words: str) -> None:
    """It could not run both under the same conditions; the text says what would be right."""
    said = refused(purpose(), purpose("OCPP-K01.P002", **more), of=("OCPP-K01.P001", "OCPP-K01.P002"))
    assert said.startswith("test_cases/a.py:12: ")
    assert words in said
    assert "give OCPP-K01.P002 a case of its own" in said


def test_a_case_is_named_by_its_function_and_by_what_sets_it_apart() -> None:
    """The bare function where there is one; version, EVSE, service and direction where there are several."""
    assert [c.id for c in made().cases] == ["a::p001"]
    assert [c.id for c in made(purpose(versions=BOTH, needs=CAR)).cases] == ["a::p001@2.1", "a::p001@2.0.1"]
    sessions = purpose(versions=("2.1",), services=("DC_BPT/Dynamic", "AC_BPT/Dynamic"), needs=SESSION)
    assert [c.id for c in made(sessions).cases] == ["a::p001@2.1/DC_BPT-Dynamic", "a::p001@2.1/AC_BPT-Dynamic"]
    assert {c.function for c in made(sessions).cases} == {"a::p001"}


def test_each_run_names_its_case() -> None:
    """So that a result finds its log."""
    plan = made(purpose(versions=BOTH))
    assert [(run.conditions, run.case) for run in plan.runs] == [(c.conditions, c.id) for c in plan.cases]


def ordered(*purposes: Purpose) -> list[str]:
    """The order in which they run."""
    return [c.id.split("::")[1].upper() for c in made(*purposes).cases]


def test_what_may_change_the_charger_comes_last_and_firmware_after_all() -> None:
    """In the order in which they stand otherwise."""
    found = ordered(
        purpose("OCPP-A01.P001", disruptive="why"),
        purpose("OCPP-L01.P002", needs=Needs(firmware=True), disruptive="why"),
        purpose("OCPP-K01.P003"),
        purpose("OCPP-K01.P004"),
    )
    assert found == ["P003", "P004", "P001", "P002"]


def test_the_car_gets_ready_while_others_run_and_the_charger_changes_its_ocpp_once() -> None:
    """Sessions by ISO 15118 after what does without them; OCPP 2.0.1 after 2.1 and after what takes any."""
    found = ordered(
        purpose("OCPP-K01.P001", versions=("2.1",), needs=SESSION),
        purpose("OCPP-K01.P002", versions=("2.0.1",)),
        purpose("OCPP-K01.P003", versions=("2.1",)),
        purpose("OCPP-K01.P004"),
    )
    assert found == ["P003", "P004", "P001", "P002"]


def test_a_case_needs_what_any_of_its_purposes_needs() -> None:
    """Instruments together, the strongest security profile, the first thing a person has to do, every state before."""
    one = purpose(needs=change(CAR, security_profile=2), before=("booted",), hands=Hands.LOOK)
    two = purpose("OCPP-K01.P002", needs=change(CAR, bench=("light",)), before=("booted", "free"), disruptive="why")
    found = only_case(made(one, two, cases=(case("a::both", one.id, two.id),)))
    assert found.needs == Needs(car="any", bench=("pilot", "meter", "light"), security_profile=2)
    assert (found.before, found.hands, found.disruptive) == (("booted", "free"), Hands.LOOK, "why")


def test_the_estimate_counts_what_runs_and_the_waits_that_the_client_agreed() -> None:
    """Own seconds of its purposes, and each wait by its role's limit; the worst case is never shorter."""
    one = purpose(cost=Cost(own_s=3.0, waits={"dwell": 2}))
    gone = purpose("OCPP-K01.P002", applies="v2x", cost=Cost(own_s=100.0))
    plan = made(one, gone, of=profile(pics={"v2x": "no"}))
    assert plan.estimate_s == 3.0 + 2 * plan.limits[one.id]["dwell"].value == 23.0
    assert plan.worst_s == plan.cases[0].worst_s > plan.estimate_s


def test_a_plan_survives_its_file() -> None:
    """Written and read again it is the same."""
    plan = made(purpose(versions=BOTH, needs=CAR, applies="v2x"))
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan
