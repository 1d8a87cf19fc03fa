"""The truth table of waivers: verdict and waiver give the decision (waivers.csv, read by procurers too)."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from harness.judge import Verdict
from tests.decision._plans import CASE, PURPOSE, criterion, decided, judged, one, plan, run, trace, under, waiver

ROWS = list(csv.DictReader(Path(__file__).with_name("waivers.csv").open()))
WAIVERS = {
    "none": (),
    "valid": (waiver(),),
    "not yet": (waiver("2026-12-01"),),
    "expired": (waiver(until="2026-11-21"),),
}


@pytest.mark.parametrize("row", ROWS, ids=lambda r: f"{r['verdict']}-{r['waiver']}")
def test_the_truth_table(row: dict[str, str]) -> None:
    """A valid waiver excuses a fail and nothing else; one that is not needed any more holds the decision up."""
    result = decided(judged(Verdict(row["verdict"])), of=plan(waivers=WAIVERS[row["waiver"]]))
    found = one(result)
    assert result.decision == row["decision"]
    assert found.verdict == row["verdict"]
    assert found.waived is (row["waived"] == "yes")
    assert (found.waiver or "").startswith(row["waiver says"])


def test_the_table_is_complete() -> None:
    """Every verdict that a criterion can have, with every state of a waiver, once."""
    verdicts = {v for v in Verdict if v is not Verdict.NOT_APPLICABLE}
    assert {(r["verdict"], r["waiver"]) for r in ROWS} == {(v, w) for v in verdicts for w in WAIVERS}
    assert len(ROWS) == len(verdicts) * len(WAIVERS)


def test_first_and_last_day_are_within() -> None:
    """Dated today, valid until today."""
    result = decided(judged(Verdict.FAIL), of=plan(waivers=(waiver("2026-11-22", "2026-11-22"),)))
    assert result.decision == "GO"


def test_of_several_waivers_the_one_in_force_speaks() -> None:
    """An expired one first, its renewal second."""
    both = (waiver(until="2026-06-30"), waiver("2026-07-01"))
    assert decided(judged(Verdict.FAIL), of=plan(waivers=both)).decision == "GO"
    assert decided(judged(Verdict.PASS), of=plan(waivers=both)).decision == "HOLD"


def test_a_waiver_of_another_criterion_excuses_nothing() -> None:
    """SC-04.2 is waived, SC-04.1 fails."""
    assert decided(judged(Verdict.FAIL), of=plan(waivers=(waiver(of="SC-04.2"),))).decision == "HOLD"


def test_a_waived_fail_is_shown_and_counts_as_passed_in_its_requirement() -> None:
    """The criterion stays a fail; its requirement passes."""
    result = decided(judged(Verdict.FAIL), of=plan(waivers=(waiver(),)))
    assert result.requirements[0].verdict is Verdict.PASS
    assert result.counts == {"fail": 1}


def test_a_waiver_of_what_does_not_apply_is_moot() -> None:
    """Neither excused nor held up."""
    chosen = plan(criterion(applies=False), criterion("SC-05.1"), waivers=(waiver(),))
    result = decided(judged(Verdict.PASS, "OCPP-K01.P002"), of=chosen)
    assert result.decision == "GO"
    assert result.requirements[0].criteria[0].waiver is None


def test_a_waiver_excuses_what_the_supplier_declares_unsupported() -> None:
    """The client agreed to do without it."""
    chosen = criterion(feature="v2x", declared="no")
    assert decided(of=plan(chosen)).decision == "HOLD"
    assert decided(of=plan(chosen, waivers=(waiver(),))).decision == "GO"


# -- a purpose's own waiver


def of_purpose(*verdicts: Verdict, **waived: Any) -> Any:
    """P001 in two versions of OCPP, waived."""
    names = ("2.1", "2.0.1")
    runs = tuple(run(conditions=under(v), case=f"{CASE}@{v}") for v in names)
    findings = [
        judged(found, case=f"{CASE}@{v}", conditions=under(v)) for v, found in zip(names, verdicts, strict=True)
    ]
    chosen = plan(runs=runs, waivers=(waiver(of=PURPOSE, **{"revision": 1, **waived}),))
    return decided(*findings, of=chosen, seen=trace(*(f"run:{CASE}@{v}" for v in names)))


def test_a_purpose_s_waiver_excuses_its_fail_under_all_conditions() -> None:
    """Also where it passes under some: it is still needed."""
    assert of_purpose(Verdict.FAIL, Verdict.FAIL).decision == "GO"
    result = of_purpose(Verdict.PASS, Verdict.FAIL)
    assert result.decision == "GO"
    assert [p.waived for p in result.purposes] == [False, True]


def test_a_purpose_s_waiver_must_go_once_it_passes_everywhere() -> None:
    """One reason, however many conditions."""
    result = of_purpose(Verdict.PASS, Verdict.PASS)
    assert result.decision == "HOLD"
    assert [(r.criterion, r.who) for r in result.reasons] == [("SC-04.1", "client")]
    assert PURPOSE in result.reasons[0].why


def test_a_purpose_s_waiver_excuses_no_more_than_a_fail() -> None:
    """Not what is inconclusive or an error."""
    assert of_purpose(Verdict.FAIL, Verdict.INCONCLUSIVE).decision == "HOLD"
    assert of_purpose(Verdict.FAIL, Verdict.ERROR).decision == "HOLD"


@pytest.mark.parametrize("revision", [None, 2])
def test_a_waiver_of_another_revision_is_void(revision: int | None) -> None:
    """What the purpose means has changed since it was signed, or nobody said what was signed for."""
    result = of_purpose(Verdict.FAIL, Verdict.FAIL, revision=revision)
    assert result.decision == "HOLD"
    assert str(result.purposes[0].waiver).startswith("void")
