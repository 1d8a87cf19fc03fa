"""Criterion by criterion: limit with source, measurement with uncertainty, proof, time, evidence, dispute, waiver."""

from __future__ import annotations

from reports import EvidenceView, render_html
from tests.reports._page_reader import PageReader, words


def test_a_measured_criterion_shows_all_that_it_rests_on(go_html: str) -> None:
    """Value ± uncertainty, limit, tolerance, the limit's source and confidence, time, clause, proof and events."""
    shown = words(PageReader(go_html).by_id["c-SC-04.2"])
    for expected in (
        "3.20 ± 0.15 s",
        "at most 10 s",
        "tolerance 0.5 s",
        "not agreed by a client",
        "10.06 ± 0.05 A",
        "confirmed",
        "09:30:50.500 UTC",
        "OCPP 2.0.1 K01.FR.31",
        "Proven by test",
        "Mandatory",
        "Positive control: 16.0 A",
        "Evidence: events #93",
        "and 15 more",
        "SetChargingProfile, sent to the charger",
        '"limit": 10.0',
    ):
        assert expected in shown, expected


def test_evidence_of_a_failure_is_unfolded_and_can_be_disputed(hold_html: str) -> None:
    """A fail shows its frames at once, names who acted, and leaves the supplier room for a note."""
    part = hold_html.split('id="c-SC-04.2"')[1].split('id="c-SC-04.3"')[0]
    assert '<details class="evidence" open>' in part
    assert '<details class="dispute" open>' in part
    shown = words(PageReader(hold_html).by_id["c-SC-04.2"])
    assert "Acted The charger" in shown
    assert "Do you dispute this?" in shown and "Supplier's note" in shown


def test_a_pass_is_not_asked_to_be_disputed(go_html: str) -> None:
    """Where the catalogue names no point of dispute, a pass has no dispute note."""
    assert "dispute" not in PageReader(go_html).by_id["c-SC-04.2"]


def test_a_waiver_is_told_and_the_verdict_stays_fail(hold_html: str) -> None:
    """A waived criterion reads as Fail and Waived, with who signed until when; nobody is told to act."""
    shown = words(PageReader(hold_html).by_id["c-BI-17.1"])
    assert shown.startswith("Fail Waived")
    assert "signed by A. de Vries on 2026-02-20, valid until 2026-06-30" in shown
    assert "Supplier:" not in shown


def test_harness_errors_stand_apart_from_the_charger(hold_html: str, go_html: str) -> None:
    """Faults of the test system have their own section that clears the charger; without faults there is none."""
    section = words(PageReader(hold_html).by_id["errors"])
    assert "None of them is held against the charger" in section
    assert "the meter's port vanished" in section
    assert "errors" not in PageReader(go_html).by_id


def test_what_was_not_tested_says_why(hold_html: str) -> None:
    """Criteria without evidence are listed with the reason."""
    section = words(PageReader(hold_html).by_id["untested"])
    assert "PR-14.1" in section and "No paper was handed in for it" in section
    assert "SC-10.1" in section and "binds the backend" in section


def test_an_overdue_calibration_is_pointed_out(go_html: str) -> None:
    """Instruments show serial number, uncertainty and calibration; a date in the past says overdue."""
    section = words(PageReader(go_html).by_id["surroundings"])
    assert "EM-8812" in section and "± 0.05 A, ± 60 W" in section
    assert "overdue: 15 January 2026" in section
    assert section.count("overdue") == 1
    assert "a person" not in section


def test_a_photo_is_shown_only_when_it_is_one(go_html: str, hostile_html: str) -> None:
    """A PNG handed in by the operator stands in the page as data; a file that only claims to be one does not."""
    images = PageReader(go_html).all("img")
    assert [i["src"][:22] for i in images] == ["data:image/png;base64,"]
    assert PageReader(hostile_html).all("img") == []


def test_every_verdict_reads_without_colour(hold_html: str) -> None:
    """Each verdict's badge has a word and a shape of its own, in the glossary too."""
    page = PageReader(hold_html)
    shapes = {a["href"] for a in page.all("use") if a.get("href", "").startswith("#icon-")}
    for style in ("pass", "fail", "inconclusive", "pending", "not-applicable", "error"):
        assert f"#icon-{style}" in shapes
    symbols = {s["id"] for s in page.all("symbol")}
    assert {s[1:] for s in shapes} <= symbols
    glossary = words(page.by_id["glossary"])
    for word in ("Pass", "Fail", "Inconclusive", "Pending", "Error", "Not applicable", "Waived", "Positive control"):
        assert word in glossary


def test_a_long_campaign_stays_small(hold: EvidenceView) -> None:
    """The page of a typical campaign is far below the 3 MB that a mail server takes."""
    assert len(render_html(hold).encode()) < 600_000
