"""duties.none_overdue and its month arithmetic: the clock starts with certification, and unknown is never "not due"."""

from __future__ import annotations

import calendar
import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.documents import add_months, add_years
from harness.judge import Finding, Verdict
from tests.documents._traces import day, judged, reviewed, trace

days = st.dates(datetime.date(1990, 1, 1), datetime.date(2090, 12, 31))
months = st.integers(0, 240)


@given(days, months)
def test_months_land_in_the_month_that_was_counted_to(start: datetime.date, count: int) -> None:
    """The result's month is exactly `count` further, and the day is the same or the month's last."""
    end = add_months(start, count)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == count
    assert end.day == min(start.day, calendar.monthrange(end.year, end.month)[1])


@given(days, days, months)
def test_a_later_start_never_gives_an_earlier_end(one: datetime.date, other: datetime.date, count: int) -> None:
    """Clamping keeps the order of dates."""
    first, second = sorted((one, other))
    assert add_months(first, count) <= add_months(second, count)


@given(days, st.integers(0, 40))
def test_a_year_is_twelve_months(start: datetime.date, years: int) -> None:
    """29 February becomes 28 February in a common year."""
    assert add_years(start, years) == add_months(start, 12 * years)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2025-08-31", 6, "2026-02-28"),
        ("2023-08-31", 6, "2024-02-29"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2025-06-30", 18, "2026-12-30"),
        ("2025-12-31", 0, "2025-12-31"),
        ("2025-12-15", 1, "2026-01-15"),
    ],
)
def test_the_end_of_a_month_is_clamped(start: str, count: int, end: str) -> None:
    """The rule, by examples a contract lawyer would ask for."""
    assert add_months(datetime.date.fromisoformat(start), count).isoformat() == end


def edition(name: str, change: str, available: str | None = None, confidence: str = "confirmed") -> dict[str, Any]:
    return {
        "edition": name,
        "also_called": [],
        "change": change,
        "published": {"date": "2020-01-01", "confidence": "confirmed", "source": "a catalogue"},
        "certification_available": {"date": available, "confidence": confidence, "source": "a programme's page"},
    }


def register(*later: dict[str, Any], **changed: Any) -> tuple[str, dict[str, Any]]:
    data = {
        "title": "register",
        "purchased": "2024-01-15",
        "implemented": {"OCPP": ["2.0.1"]},
        "checks": [],
        "needs_new_hardware": [],
        "kept_by": "A. Keeper",
        "standards": [
            {"name": "OCPP", "also_called": ["IEC 63584"], "editions": [edition("2.0.1", "first"), *later]},
        ],
    }
    return "duties.register", {**data, **changed}


def overdue(*entries: tuple[str, dict[str, Any]], severity: str = "minor", **params: Any) -> Finding:
    return judged("duties.none_overdue", trace(*entries), severity=severity, **params)


def test_a_small_change_is_overdue_the_day_after_six_months() -> None:
    """Certification on 31 May: the last day is 30 November."""
    newer = edition("2.1", "minor", "2026-05-31")
    assert overdue(day("2026-11-30"), register(newer)).verdict is Verdict.PASS
    finding = overdue(day("2026-12-01"), register(newer))
    assert finding.verdict is Verdict.FAIL
    assert "OCPP 2.1 was due on 2026-11-30 (certification available since 2026-05-31)" in finding.seen
    assert finding.events == (0, 1)


def test_a_large_change_has_eighteen_months() -> None:
    """The same dates, the longer period; a small-change claim does not look at large ones."""
    newer = edition("3.0", "major", "2025-05-31")
    assert overdue(day("2026-11-30"), register(newer), severity="major").verdict is Verdict.PASS
    assert overdue(day("2026-12-01"), register(newer), severity="major").verdict is Verdict.FAIL
    assert overdue(day("2026-12-01"), register(newer), severity="minor").verdict is Verdict.PASS


def test_the_duty_for_large_changes_ends_five_years_after_purchase() -> None:
    """Certification on the last day still counts; one day later it does not."""
    bought = {"purchased": "2018-01-15"}
    last = register(edition("3.0", "major", "2023-01-15"), **bought)
    after = register(edition("3.0", "major", "2023-01-16"), **bought)
    assert overdue(day(), last, severity="major").verdict is Verdict.FAIL
    finding = overdue(day(), after, severity="major")
    assert finding.verdict is Verdict.PASS
    assert "ended on 2023-01-15" in finding.seen


def test_small_changes_are_due_for_as_long_as_the_hardware_lives() -> None:
    """Ten years after purchase a correction is still due."""
    assert (
        overdue(day(), register(edition("2.1", "minor", "2024-01-01"), purchased="2014-01-01")).verdict is Verdict.FAIL
    )


def test_what_is_implemented_is_not_due() -> None:
    """By either of the standard's names; a later edition covers the ones before it."""
    newer = (edition("2.0.2", "minor", "2024-01-01"), edition("2.1", "minor", "2024-06-01"))
    assert overdue(day(), register(*newer, implemented={"IEC 63584": ["2.1"]})).verdict is Verdict.PASS
    assert overdue(day(), register(*newer, implemented={"OCPP": ["2.0.2"]})).verdict is Verdict.FAIL


def test_an_unknown_certification_date_is_inconclusive_never_not_due() -> None:
    """Even when the edition was published yesterday."""
    finding = overdue(day(), register(edition("2.1", "minor")))
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert "unknown since when independent certification is available" in finding.seen


def test_a_dated_check_rules_out_a_due_date_for_the_period_only() -> None:
    """None available on 31 August: nothing can be due before 28 February; after that somebody must look again."""
    check = {"standard": "OCPP", "edition": "2.1", "dated": "2026-08-31", "by": "J", "found": "nothing"}
    entry = register(edition("2.1", "minor"), checks=[check])
    finding = overdue(day("2027-02-28"), entry)
    assert finding.verdict is Verdict.PASS
    assert "no certification yet on 2026-08-31 (J), so not due before 2027-02-28" in finding.seen
    later = overdue(day("2027-03-01"), entry)
    assert later.verdict is Verdict.INCONCLUSIVE
    assert "check again" in later.seen


def test_the_latest_check_counts() -> None:
    """An older check does not hide a newer one."""
    checks = [
        {"standard": "OCPP", "edition": "2.1", "dated": dated, "by": "J", "found": "nothing"}
        for dated in ("2026-10-01", "2025-01-01")
    ]
    assert overdue(day(), register(edition("2.1", "minor"), checks=checks)).verdict is Verdict.PASS


def test_a_date_that_nobody_confirmed_decides_nothing() -> None:
    """A secondary date would fail a supplier on hearsay, or let an overdue duty pass."""
    for available in ("2020-01-01", "2026-11-01"):
        finding = overdue(day(), register(edition("2.1", "minor", available, "secondary")))
        assert finding.verdict is Verdict.INCONCLUSIVE, available


def test_new_hardware_may_wait_for_the_end_of_the_old() -> None:
    """D5.4's exception needs its own paper, and ends with the hardware's life."""
    waits = {"standard": "OCPP", "edition": "2.1", "hardware_lives_until": "2030-01-01", "shown_by": "letter of 2026"}
    entry = register(edition("2.1", "minor", "2024-01-01"), needs_new_hardware=[waits])
    letter = reviewed(title="Letter of 2026", number=None, record_file="letter.yaml")
    finding = overdue(day(), letter, entry)
    assert finding.verdict is Verdict.PASS
    assert "letter of 2026" in finding.seen
    assert overdue(day("2030-01-02"), letter, entry).verdict is Verdict.FAIL
    for other in ((), (reviewed(),), (reviewed(title="Letter of 2026", file_problem="the file is not there"),)):
        finding = overdue(day(), *other, entry)
        assert finding.verdict is Verdict.INCONCLUSIVE and "is not at hand (letter of 2026)" in finding.seen


def test_a_check_is_of_the_past_and_somebody_s() -> None:
    """A check that is dated ahead would put every duty off; one without a name or a finding is none."""
    good = {"standard": "OCPP", "edition": "2.1", "dated": "2026-11-22", "by": "J", "found": "nothing"}
    assert overdue(day(), register(edition("2.1", "minor"), checks=[good])).verdict is Verdict.PASS
    for wrong in ({"dated": "2026-11-23"}, {"by": "-"}, {"found": " "}):
        finding = overdue(day(), register(edition("2.1", "minor"), checks=[{**good, **wrong}]))
        assert finding.verdict is Verdict.INCONCLUSIVE and "is of a day to come, or says not who" in finding.seen


def test_a_register_is_kept_by_somebody() -> None:
    """What decides about duties is somebody's word, with a name."""
    assert overdue(day(), register()).verdict is Verdict.PASS
    finding = overdue(day(), register(kept_by=None))
    assert finding.verdict is Verdict.INCONCLUSIVE and "nobody who keeps it" in finding.seen


def test_a_sample_register_is_for_the_emulated_charger() -> None:
    """As sample papers are."""
    real, ours = (("campaign.started", {"emulated": emulated}) for emulated in (False, True))
    assert overdue(ours, day(), register(emulated=True)).verdict is Verdict.PASS
    assert overdue(real, day(), register(emulated=True)).verdict is Verdict.FAIL
    assert overdue(real, day(), register()).verdict is Verdict.PASS


def test_what_is_missing_is_said() -> None:
    """No register: awaited. No date, no purchase date, no implemented edition: cannot be told."""
    assert overdue(day()).verdict is Verdict.PENDING
    assert overdue(register()).verdict is Verdict.INCONCLUSIVE
    bought = register(edition("3.0", "major", "2024-01-01"), purchased=None)
    assert "gives no purchase date" in overdue(day(), bought, severity="major").seen
    finding = overdue(day(), register(implemented={}), standards=["OCPP"])
    assert finding.verdict is Verdict.INCONCLUSIVE
    assert finding.seen == "the register does not say which edition of OCPP is implemented"
    unknown = overdue(day(), register(implemented={"OCPP": ["9.9"]}), standards=["OCPP"])
    assert unknown.verdict is Verdict.INCONCLUSIVE


def test_an_overdue_duty_is_told_before_an_unknown_one() -> None:
    """The worst decides, and only it is told."""
    finding = overdue(day(), register(edition("2.0.2", "minor"), edition("2.1", "minor", "2024-01-01")))
    assert finding.verdict is Verdict.FAIL
    assert "2.0.2" not in finding.seen
