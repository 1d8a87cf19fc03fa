"""What the bench lacks, whose move it is, and what may stand in."""

from __future__ import annotations

from typing import Any

import pytest

from requirement_catalog import Depth, Needs
from tests.plan._small import CAR, bench, case, change, made, only_case, only_run, profile, purpose, runs, the, when

SESSION = Needs(car="iso15118", bench=("pilot", "meter"))
WITHOUT = purpose("OCPP-K01.P007", instead_of=("OCPP-K01.P001",))


def test_an_evse_without_its_instruments_is_not_tested_at_those_of_another() -> None:
    """EVSE 2 has a pilot and no meter, and the car speaks ISO 15118 at EVSE 1 alone: both are said, with the EVSE."""
    of = profile()
    two = change(of, pixit=change(of.pixit, evses=(1, 2)))
    pilot = {**two.pco.bench, "pilot@2": two.pco.bench["pilot"]}
    everything = {**pilot, "meter@2": two.pco.bench["meter"]}
    for instruments, needs, lack in (
        (two.pco.bench, CAR, "no pilot at EVSE 2"),
        (pilot, CAR, "no meter at EVSE 2"),
        (everything, CAR, ""),
        (everything, SESSION, "ISO 15118 at EVSE 1 alone"),
    ):
        of = change(two, pco=change(two.pco, bench=instruments))
        first, second = made(purpose(needs=needs, depth=Depth.THOROUGH), of=of, depth=Depth.THOROUGH).runs
        assert (first.conditions.evse, first.run) == (1, True)
        assert (second.conditions.evse, second.run) == (2, not lack)
        assert lack in second.reason and second.move == ("test engineer" if lack else "")


@pytest.mark.parametrize(
    ("needs", "gone", "words"),
    [
        (Needs(), {"csms": None}, "no backend connection"),
        (Needs(bench=("meter",)), {"bench": {}}, "no meter"),
        (Needs(bench=("meter",)), {"bench": {}, "operator": None}, "no meter and no operator"),
        (CAR, {"without": "pilot"}, "no pilot"),
        (change(CAR, bench=()), {"without": "pilot"}, "no pilot"),
        (SESSION, {"ev": None}, "no car that speaks ISO 15118"),
        (Needs(operator=True), {"operator": None}, "nobody is there"),
    ],
)
def test_what_is_missing_on_the_bench_is_said(needs: Needs, gone: dict[str, Any], words: str) -> None:
    """It does not run, its criterion stays applicable and tells what was missing; the test engineer can supply it."""
    plan = made(purpose(needs=needs), of=bench(**gone))
    found = only_run(plan)
    assert (found.run, found.lacks, found.move) == (False, "pco", "test engineer")
    assert words in found.reason
    assert the(plan, "SC-04.1").applies
    assert words in str(the(plan, "SC-04.1").blocked)
    assert words in only_case(plan).reason


def test_hostile_backends_need_tls_and_no_more() -> None:
    """Profile 2 checks the backend's certificate as profile 3 does (A00.FR.308-311), so it is tested too."""
    shipped = profile().pco.csms
    assert shipped is not None
    chosen = purpose(needs=Needs(security_profile=2))
    found = {p: only_run(made(chosen, of=bench(csms=change(shipped, security_profile=p)))) for p in (0, 2, 3)}
    assert found[2].run and found[3].run
    assert "security profile 0" in found[0].reason


def test_the_vendor_s_firmware_is_the_supplier_s_move() -> None:
    """Nobody else can sign it."""
    found = only_run(made(purpose(needs=Needs(firmware=True)), of=change(profile(), launch=None)))
    assert (found.lacks, found.move) == ("pco", "supplier")


def test_what_charges_by_the_pilot_alone_is_not_for_dc() -> None:
    """A DC outlet charges by a high-level session (IEC 61851-23): the pilot box alone counts for AC only."""
    assert only_run(made(purpose(needs=CAR), of=profile(current=("AC", "DC")))).run
    assert "control pilot alone" in only_run(made(purpose(needs=CAR), of=profile(current=("DC",)))).reason
    assert only_run(made(purpose(needs=SESSION), of=profile(current=("DC",)))).run


def test_a_stand_in_runs_only_where_the_bench_keeps_the_better_one_from_running() -> None:
    """Without a pilot box, or where the box cannot charge; never beside the better one."""
    better = purpose(needs=CAR)
    beside = made(better, WITHOUT)
    assert (runs(beside, WITHOUT.id)[0].run, runs(beside, WITHOUT.id)[0].lacks) == (False, "stand-in")
    assert only_run(made(better, WITHOUT, of=bench(without="pilot")), WITHOUT.id).run
    assert only_run(made(better, WITHOUT, of=profile(current=("DC",))), WITHOUT.id).run


@pytest.mark.parametrize(
    "other",
    [
        purpose(applies="v2x"),  # the supplier says no
        purpose("OCPP-K01.P002", needs=CAR),  # not named
        purpose(*["OCPP-K01.P001", "SC-04.2"], needs=CAR),  # serves another criterion
        change(purpose(needs=CAR), serves=(when("SC-04.1", version="2.0.1"),), versions=("2.0.1",)),
    ],
)
def test_a_stand_in_stands_in_for_nothing_else(other: Any) -> None:
    """Not for what is declared unsupported, what it does not name, another criterion or another version of OCPP."""
    here = bench(profile(pics={"v2x": "no"}), without="pilot")
    stand_in = change(WITHOUT, versions=("2.1",))
    plan = made(other, stand_in, of=here, cases=(case("a::other", other.id), case("a::stand_in", stand_in.id)))
    assert only_run(plan, WITHOUT.id).lacks == "stand-in"


def test_what_a_person_left_out_is_not_stood_in_for() -> None:
    """--no-disruptive is a choice, no lack of the bench."""
    better = purpose(disruptive="it reboots")
    plan = made(better, WITHOUT, choice=_calm())
    assert only_run(plan, better.id).lacks == "choice"
    assert only_run(plan, WITHOUT.id).lacks == "stand-in"


def _calm() -> Any:
    from harness.plan import Choice

    return Choice(with_disruptive=False)


def test_a_case_runs_as_a_whole() -> None:
    """What one of its purposes lacks on the bench keeps the others from running too, and is said for each."""
    one, light = purpose(needs=CAR), purpose("LIGHT-V2X.P001", "SC-04.2", needs=change(CAR, bench=("light",)))
    plan = made(one, light, cases=(case("a::both", one.id, light.id),), of=bench(without="light"))
    assert [run.lacks for run in plan.runs] == ["pco", "pco"]
    assert not only_case(plan).run
    assert all("no light" in run.reason for run in plan.runs)
