"""documents.matches_reported_firmware: the product that stands there is the one that was certified."""

from __future__ import annotations

from typing import Any

import harness.documents  # noqa: F401  registers the judges
from harness.judge import Finding, Verdict
from tests.documents._traces import boot, day, judged, need, report, reviewed, trace


def matches(*entries: tuple[str, dict[str, Any]], **params: Any) -> Finding:
    return judged("documents.matches_reported_firmware", trace(*entries, day()), **params)


def test_the_same_model_and_firmware_pass() -> None:
    """What the station says equals what the certificate names."""
    finding = matches(boot(), reviewed(), needs=[need()])
    assert finding.verdict is Verdict.PASS
    assert finding.seen == "it reports Emulated-BiDi-22, firmware 1.4.2; all 1 certificates that decide name both"
    assert finding.events == (0, 1, 2)


def test_another_firmware_fails_and_names_both() -> None:
    """The report must show which version was certified and which one runs."""
    finding = matches(boot(firmware="1.4.3"), reviewed(), needs=[need()])
    assert finding.verdict is Verdict.FAIL
    assert "firmware 1.4.3; Certificate IEC 61851-1 no. C-1 is for firmware 1.4.2" in finding.seen
    assert finding.acted == "dut"


def test_another_model_fails() -> None:
    """A certificate of a sister product proves nothing."""
    assert matches(boot(model="Other-11"), reviewed(), needs=[need()]).verdict is Verdict.FAIL


def test_a_long_model_name_is_cut_short_by_the_boot_message() -> None:
    """ChargingStationType.model has room for 20 characters; the certificate names all of them, the device model may."""
    long = "Emulated-BiDi-22-Outdoor-Edition"
    assert matches(boot(model=long[:20]), reviewed(model=long), needs=[need()]).verdict is Verdict.PASS
    both = (boot(model=long[:20]), report("Model", long))
    assert matches(*both, reviewed(model=long), needs=[need()]).verdict is Verdict.PASS
    assert matches(boot(model=long[:19]), reviewed(model=long), needs=[need()]).verdict is Verdict.FAIL


def test_names_in_a_report_have_no_case() -> None:
    """Component and variable names are identifierStrings, which are case-insensitive."""
    finding = matches(boot(), report("firmwareversion", "1.4.1"), reviewed(), needs=[need()])
    assert finding.verdict is Verdict.FAIL


def test_a_station_that_says_nothing_is_inconclusive() -> None:
    """No boot message, or one without a firmware version."""
    assert (
        matches(reviewed(), needs=[need()]).seen == "the charging station never reported its model and firmware version"
    )
    kind, data = boot()
    data["raw"] = data["raw"].replace('"firmwareVersion"', '"other"')
    assert matches((kind, data), reviewed(), needs=[need()]).verdict is Verdict.INCONCLUSIVE


def test_a_station_that_contradicts_itself_fails() -> None:
    """Its start-up message and its report must agree."""
    finding = matches(boot(), report("FirmwareVersion", "1.4.1"), reviewed(), needs=[need()])
    assert finding.verdict is Verdict.FAIL
    assert "contradicts itself: it reports 1.4.2, 1.4.1" in finding.seen


def test_a_report_alone_is_enough() -> None:
    """Model and firmware may come from the device model."""
    seen = (report("Model", "Emulated-BiDi-22"), report("FirmwareVersion", "1.4.2"), reviewed())
    assert matches(*seen, needs=[need()]).verdict is Verdict.PASS


def test_firmware_installed_by_the_campaign_does_not_count() -> None:
    """GEN-03's test installs newer firmware on purpose; the product as delivered is what was certified."""
    later = (boot(), reviewed(), boot(firmware="1.5.0"), report("FirmwareVersion", "1.5.0"))
    assert matches(*later, needs=[need()]).verdict is Verdict.PASS


def test_no_certificate_is_pending() -> None:
    """There is nothing to compare with; a declaration is no certificate."""
    assert matches(boot(), needs=[need()]).verdict is Verdict.PENDING
    assert matches(boot(), reviewed(kind="declaration"), needs=[need()]).verdict is Verdict.PENDING


X = {"names": ["X"], "edition": None, "good": [], "too_old": []}


def test_a_certificate_that_names_no_firmware_proves_none() -> None:
    """Each standard's deciding certificate must name it: what another one names is no word about this one."""
    hardware = reviewed(firmware=[], standards=[{"standard": "X", "edition": "1"}], record_file="x.yaml", title="X")
    both = [need(), need(standards=[X])]
    for found in (matches(boot(), reviewed(), hardware, needs=both), matches(boot(), reviewed(), hardware)):
        assert found.verdict is Verdict.INCONCLUSIVE and "X no. C-1 names no firmware version" in found.seen
    naming = reviewed(standards=[{"standard": "X", "edition": "1"}], record_file="x.yaml", title="X")
    assert matches(boot(), reviewed(), naming, needs=both).verdict is Verdict.PASS


def test_a_certificate_that_does_not_hold_lends_nobody_its_firmware() -> None:
    """The one in date decides, and names another firmware or none; the one that names this firmware has expired."""
    expired = reviewed(valid_until="2025-12-31", record_file="old.yaml", title="Old")
    silent = reviewed(firmware=[], record_file="new.yaml", title="New")
    found = matches(boot(), expired, silent, needs=[need()])
    assert found.verdict is Verdict.INCONCLUSIVE and "New no. C-1 names no firmware" in found.seen
    assert matches(boot(), expired, reviewed(firmware=["1.3.0"], record_file="new.yaml")).verdict is Verdict.FAIL
    assert matches(boot(), expired, needs=[need()]).seen.endswith("before the evaluation date 2026-11-22")
    assert matches(boot(), expired, needs=[need()]).verdict is Verdict.INCONCLUSIVE
    assert matches(boot(), expired, reviewed(), needs=[need()]).verdict is Verdict.PASS


def test_without_a_day_no_certificate_is_in_date() -> None:
    """A judge has no clock."""
    seen = trace(boot(), reviewed())
    found = judged("documents.matches_reported_firmware", seen, needs=[need()])
    assert found.verdict is Verdict.INCONCLUSIVE and "no evaluation date" in found.seen


def test_an_older_certificate_beside_the_present_one_does_no_harm() -> None:
    """The paper that fits best counts for each need."""
    old = reviewed(firmware=["1.3.0"], record_file="old.yaml")
    assert matches(boot(), old, reviewed(), needs=[need()]).verdict is Verdict.PASS
    assert matches(boot(), old, needs=[need()]).verdict is Verdict.FAIL


def test_without_needs_certificates_of_the_same_standards_stand_for_each_other() -> None:
    """A test case's own claim brings no needs; an old certificate still does no harm, one of another standard does."""
    old = reviewed(firmware=["1.3.0"], record_file="old.yaml")
    other = reviewed(firmware=["1.3.0"], standards=[{"standard": "X"}], record_file="x.yaml")
    assert matches(boot(), old, reviewed()).verdict is Verdict.PASS
    assert matches(boot(), reviewed(), other).verdict is Verdict.FAIL


def test_one_certificate_for_another_firmware_fails_among_good_ones() -> None:
    """Each standard's certificate must be for what runs."""
    other = {"names": ["X"], "edition": None, "good": [], "too_old": []}
    stale = reviewed(firmware=["1.3.0"], standards=[{"standard": "X"}], record_file="x.yaml", title="Certificate X")
    finding = matches(boot(), reviewed(), stale, needs=[need(), need(standards=[other])])
    assert finding.verdict is Verdict.FAIL
    assert "Certificate X" in finding.seen and "61851" not in finding.seen


def test_malformed_messages_are_read_without_harm() -> None:
    """A station that sends rubbish in these messages does not stop the judge."""
    kind, data = boot()
    odd = (kind, {**data, "raw": '[2,"x","BootNotification",{"chargingStation":7}]'})
    report_kind, report_data = report("Model", "x")
    odd_report = (report_kind, {**report_data, "raw": '[2,"x","NotifyReport",{"reportData":[1,{"component":2}]}]'})
    assert matches(odd, odd_report, boot(), reviewed(), needs=[need()]).verdict is Verdict.PASS
