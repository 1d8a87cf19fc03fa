"""What a tender changes stands on the report's first page, in plain words: nothing that asks less is out of sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from requirement_catalog import Depth, TenderChange, load_catalogue, load_tender
from tests.catalog._copies import SHIPPED

HEAD = "title: Test tender\nclient: City of Sample\ndated: 2026-11-01\n"


def changes(folder: Path, text: str) -> tuple[TenderChange, ...]:
    path = folder / "tender.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_tender(load_catalogue(), path).changes


def test_a_tender_that_changes_nothing_says_nothing(tmp_path: Path) -> None:
    """Neither the defaults nor an overlay of three lines differ from the catalogue."""
    assert load_tender(load_catalogue()).changes == ()
    assert changes(tmp_path, "") == ()


SAID = {
    "parameters:\n  setpoint.response_time: {value: 60, reason: slow vehicles}\n": (
        "limit", "setpoint.response_time", True,
        "setpoint.response_time: 60 s instead of 10 s: slow vehicles"
        " (proposed in tender 'Test tender' of City of Sample, not yet agreed)",
    ),
    "agreed_by: [A. Vries]\nparameters:\n  setpoint.dwell: {value: 60, reason: on site}\n": (
        "limit", "setpoint.dwell", False,
        "setpoint.dwell: 60 s instead of 2 s: on site (tender 'Test tender' of City of Sample, agreed by A. Vries)",
    ),
    "parameters:\n  OCPP-G03.R004: {value: 300, reason: a slow line}\n": (
        "limit", "OCPP-G03.R004 told", True,
        "OCPP-G03.R004 told: 300 s instead of 120 s: a slow line"
        " (proposed in tender 'Test tender' of City of Sample, not yet agreed)",
    ),
    "agreed_by: [A. Vries]\nparameters:\n  OCPP-J02.R018 apart: {value: 60, reason: less is looked at}\n": (
        "limit", "OCPP-J02.R018 apart", True,
        "OCPP-J02.R018 apart: 60 s instead of 900 s: less is looked at"
        " (tender 'Test tender' of City of Sample, agreed by A. Vries)",
    ),
    "demo: true\nparameters:\n  OCPP-G03.R004 told: {value: 30, reason: short}\n": (
        "limit", "OCPP-G03.R004 told", False,
        "OCPP-G03.R004 told: 30 s instead of 120 s: short"
        " (demonstration value of 'Test tender', agreed by nobody)",
    ),
    "confirm:\n  - {limit: SC-07.8, value: 0.5, edition: E1, checked_by: B. Jansen, dated: 2026-10-01}\n": (
        "confirmation", "SC-07.8 off", True,
        "SC-07.8 off: 0.5 s instead of 0.1 s, confirmed: E1, read by B. Jansen on 2026-10-01",
    ),
    "confirm:\n  - {limit: iec61851.least_current, value: 6, edition: E1, checked_by: A. Vos, dated: 2026-10-01}\n": (
        "confirmation", "iec61851.least_current", False,
        "iec61851.least_current: 6 A as before, confirmed: E1, read by A. Vos on 2026-10-01",
    ),
    "obligations:\n  - {of: SC-07.8, obligation: mandatory, reason: we want it}\n": (
        "obligation", "SC-07.8", False, "SC-07.8 is mandatory instead of information: we want it",
    ),
    "waivers:\n  - {criterion: SC-04.5, reason: later, signed_by: C. Smit, dated: 2026-11-01, until: 9999-12-31}\n": (
        "waiver", "SC-04.5", True,
        "SC-04.5 is waived from 2026-11-01 until 9999-12-31, signed by C. Smit: later",
    ),
    "waivers:\n  - {of: OCPP-K01.P002, revision: 1, reason: later, signed_by: C. Smit, dated: 2026-11-01,"
    " until: 2026-12-31}\n": (
        "waiver", "OCPP-K01.P002", True,
        "OCPP-K01.P002 (revision 1) is waived from 2026-11-01 until 2026-12-31, signed by C. Smit: later",
    ),
    "depth: short\n": ("depth", "", True, "run at depth short instead of acceptance"),
    "depth: thorough\n": ("depth", "", False, "run at depth thorough instead of acceptance"),
    "decision_rule: accept_within_uncertainty\n": (
        "decision_rule", "", True,
        "a measured value within its uncertainty of a limit passes; otherwise it is inconclusive",
    ),
    "evaluation_date: 1999-01-01\n": (
        "date", "", True, "papers and update duties are judged as of 1999-01-01, not of the day of the test",
    ),
    "scope: {current: [DC], bidirectional: false}\n": ("scope", "", True, "only for DC, one-way"),
}  # fmt: skip


@pytest.mark.parametrize("text", SAID)
def test_each_change_is_said(tmp_path: Path, text: str) -> None:
    """What, how much, why, by whom; and whether it asks less of the charger."""
    kind, of, eases, says = SAID[text]
    assert TenderChange(kind=kind, of=of, text=says, eases=eases) in changes(tmp_path, text)


def test_what_is_no_longer_asked_for_is_counted(tmp_path: Path) -> None:
    """Two requirements left out and one made a wish: the first line says how many criteria are left."""
    text = (
        "obligations:\n  - {of: SC-04, obligation: wish, reason: not yet}\n"
        "leave_out:\n  - {of: SC-06, reason: ours}\n  - {of: BI-17.1, reason: own signs}\n"
    )
    catalogue = load_catalogue()
    all_of_it = len(load_tender(catalogue).mandatory(catalogue.criteria))
    said = changes(tmp_path, text)
    lines = [change.text for change in said]
    assert lines[0] == f"{all_of_it - 15} criteria are mandatory before go-live; the catalogue has {all_of_it}"
    assert "SC-06 is not asked for: ours" in lines and "BI-17.1 is not asked for: own signs" in lines
    assert "SC-04 is a wish instead of mandatory: not yet" in lines
    assert all(change.eases for change in said)


def test_what_asks_less_comes_first(tmp_path: Path) -> None:
    """A long list of stricter numbers does not hide the one that is laxer."""
    text = (
        "parameters:\n  setpoint.dwell: {value: 60, reason: long}\n"
        "  setpoint.response_time: {value: 60, reason: slow}\n"
        "waivers:\n  - {of: SC-04.5, reason: later, signed_by: C. Smit, dated: 2026-11-01, until: 2026-12-31}\n"
    )
    assert [change.of for change in changes(tmp_path, text)] == ["SC-04.5", "setpoint.response_time", "setpoint.dwell"]


def test_the_demonstration_is_short_and_says_so() -> None:
    """The tenders choose the depth: acceptance unless they say otherwise, short where the emulated charger is shown."""
    catalogue = load_catalogue()
    assert load_tender(catalogue).depth is Depth.ACCEPTANCE
    demo = load_tender(catalogue, SHIPPED / "tenders" / "demo.yaml")
    assert demo.depth is Depth.SHORT
    assert "run at depth short instead of acceptance" in [change.text for change in demo.changes]


def test_everything_a_wish_is_no_tender(tmp_path: Path) -> None:
    """A tender that makes nothing mandatory would accept every charger."""
    ids = [r.id for r in load_catalogue().requirements]
    wishes = "".join(f"  - {{of: {id}, obligation: wish, reason: generous}}\n" for id in ids)
    with pytest.raises(ValueError, match="leaves no criterion mandatory before go-live: every charger would be"):
        changes(tmp_path, f"obligations:\n{wishes}")
