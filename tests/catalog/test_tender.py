"""The tender: what an overlay may change, what it may not, and what each limit comes out as."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import msgspec
import pytest

import harness.judge
from requirement_catalog import (
    Catalogue,
    CatalogueError,
    Confidence,
    DecisionRule,
    Obligation,
    Sense,
    Tender,
    load_catalogue,
    load_tender,
    resolve_limits,
)
from tests.catalog._copies import SHIPPED

HEAD = "title: Test tender\nclient: City of Sample\ndated: 2026-11-01\n"
READ = "checked_by: A. Vries, dated: 2026-10-01"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def overlaid(catalogue: Catalogue, folder: Path, text: str) -> Tender:
    path = folder / "tender.yaml"
    path.write_text(HEAD + text, encoding="utf-8")
    return load_tender(catalogue, path)


def test_without_an_overlay_the_defaults_hold(catalogue: Catalogue) -> None:
    """No client, no waiver, every parameter as tenders/default.yaml has it."""
    tender = load_tender(catalogue)
    assert (tender.client, tender.waivers, tender.demo, tender.evaluation_date, tender.digest) == (
        "",
        (),
        False,
        None,
        "",
    )
    assert tender.parameters["setpoint.response_time"].value == 10
    assert tender.decision_rule is DecisionRule.INCONCLUSIVE_WITHIN_UNCERTAINTY


def test_an_agreed_number_is_confirmed_and_reaches_the_criterion(catalogue: Catalogue, tmp_path: Path) -> None:
    """A number that the overlay says was agreed is the contract's, with the names of those who agreed."""
    tender = overlaid(
        catalogue,
        tmp_path,
        "agreed_by: [J. Jansen for the city, P. Pieters for the contractor]\n"
        "parameters:\n  setpoint.response_time: {value: 5, reason: trial of 2026}\n",
    )
    limit = resolve_limits(catalogue, tender)["SC-04.2"]
    assert (limit.value, limit.unit, limit.sense, limit.confidence) == (5, "s", Sense.AT_MOST, Confidence.CONFIRMED)
    assert "agreed by J. Jansen for the city" in limit.source


def test_a_proposed_number_counts_but_is_not_confirmed(catalogue: Catalogue, tmp_path: Path) -> None:
    """Without `agreed_by` the number is used and printed as not agreed."""
    tender = overlaid(catalogue, tmp_path, "parameters:\n  setpoint.response_time: {value: 5, reason: trial}\n")
    limit = resolve_limits(catalogue, tender)["setpoint.response_time"]
    assert (limit.value, limit.confidence) == (5, Confidence.CONTRACT_DEFAULT)
    assert "not yet agreed" in limit.source


def test_a_demonstration_never_raises_a_confidence(catalogue: Catalogue) -> None:
    """The demo overlay changes waits only: no limit's confidence rises, and nothing it sets is called agreed."""
    plain = resolve_limits(catalogue, load_tender(catalogue))
    demo = load_tender(catalogue, SHIPPED / "tenders" / "demo.yaml")
    assert demo.demo and demo.evaluation_date == datetime.date(2026, 11, 22)
    for name, limit in resolve_limits(catalogue, demo).items():
        assert limit.confidence is plain[name].confidence, name
        assert limit.value == plain[name].value or "agreed by nobody" in limit.source, name


def test_a_demonstration_that_claims_agreement_is_still_one(catalogue: Catalogue, tmp_path: Path) -> None:
    """`agreed_by` in a demo overlay changes nothing."""
    tender = overlaid(
        catalogue,
        tmp_path,
        "demo: true\nagreed_by: [somebody]\nparameters:\n  setpoint.dwell: {value: 1, reason: short}\n",
    )
    assert tender.parameters["setpoint.dwell"].confidence is Confidence.CONTRACT_DEFAULT


def test_a_confirmation_names_who_read_which_edition(catalogue: Catalogue, tmp_path: Path) -> None:
    """SC-07.8's number decides once somebody read the standard; the number they read is the one that counts."""
    before = resolve_limits(catalogue, load_tender(catalogue))["SC-07.8"]
    assert not before.confidence.decides
    tender = overlaid(
        catalogue,
        tmp_path,
        f"confirm:\n  - {{limit: SC-07.8, value: 0.1, edition: 'IEC 61851-1:2017 Table A.6', {READ}}}\n"
        f"  - {{limit: iec61851.low_range_factor, value: 0.6, edition: 'IEC 61851-1:2017 Table A.8', {READ}}}\n",
    )
    limits = resolve_limits(catalogue, tender)
    assert limits["SC-07.8"].confidence is Confidence.CONFIRMED
    assert limits["SC-07.8"].source == "IEC 61851-1:2017 Table A.6, read by A. Vries on 2026-10-01"
    assert limits["iec61851.low_range_factor"].confidence is Confidence.CONFIRMED


def test_the_weaker_of_limit_and_tolerance_counts(catalogue: Catalogue, tmp_path: Path) -> None:
    """BI-19.8's tolerance is a contract default, so confirming only its zero leaves the limit a default."""
    tender = overlaid(
        catalogue,
        tmp_path,
        f"confirm:\n  - {{limit: BI-19.8, value: 0, edition: 'ISO 15118-20:2022', {READ}}}\n",
    )
    limit = resolve_limits(catalogue, tender)["BI-19.8"]
    assert (limit.value, limit.tolerance, limit.confidence) == (0, 350, Confidence.CONTRACT_DEFAULT)


def test_obligations_and_what_is_left_out(catalogue: Catalogue, tmp_path: Path) -> None:
    """A criterion's own change wins over its requirement's; what is left out decides nothing."""
    tender = overlaid(
        catalogue,
        tmp_path,
        "obligations:\n  - {of: SC-04, obligation: wish, reason: pilot}\n"
        "  - {of: SC-04.2, obligation: mandatory, reason: needed}\n"
        "leave_out:\n  - {of: PR-14, reason: not in this country}\n",
    )
    assert tender.obligation_of(catalogue.criterion("SC-04.1")) is Obligation.WISH
    assert tender.obligation_of(catalogue.criterion("SC-04.2")) is Obligation.MANDATORY
    assert tender.obligation_of(catalogue.criterion("SC-05.1")) is Obligation.MANDATORY
    assert tender.obligation_of(catalogue.criterion("PR-14.1")) is Obligation.INFORMATION
    assert tender.left_out_because(catalogue.criterion("PR-14.1")) == "not in this country"
    assert tender.left_out_because(catalogue.requirement("PR-13")) is None


def test_a_waiver_holds_from_its_date_to_its_end(catalogue: Catalogue, tmp_path: Path) -> None:
    """Both ends count; the day before and the day after do not."""
    tender = overlaid(
        catalogue,
        tmp_path,
        "waivers:\n  - {criterion: SC-04.5, reason: later firmware, signed_by: the city,"
        " dated: 2026-11-01, until: 2026-12-31}\n",
    )
    waiver = tender.waiver_of("SC-04.5")
    assert waiver is not None and tender.waiver_of("SC-04.6") is None
    days = {"2026-10-31": False, "2026-11-01": True, "2026-12-31": True, "2027-01-01": False}
    assert {day: waiver.in_force(datetime.date.fromisoformat(day)) for day in days} == days


WRONG = {
    "parameters:\n  setpoint.responce_time: {value: 5, reason: x}\n": (
        5, "parameters.setpoint.responce_time: no contract parameter is called 'setpoint.responce_time';"
        " did you mean 'setpoint.response_time'?",
    ),
    "parameters:\n  setpoint.dwell: {value: -1, reason: x}\n": (
        5, "parameters.setpoint.dwell.value: is negative; write a number of at least 0"),
    "parameters:\n  setpoint.dwell: {value: 3}\n": (
        5, "parameters.setpoint.dwell: 'reason' is missing; add `reason:` with text"),
    "demo: true\nparameters:\n  connectivity.share: {value: 50, reason: x}\n": (
        6, "parameters.connectivity.share: is D5.4's own number; a demonstration may not change it; leave it out"),
    "demo: true\nconfirm:\n  - {limit: SC-07.8, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        6, "confirm[0]: a demonstration may not confirm a limit; remove `confirm:`"),
    "confirm:\n  - {limit: SC-04.2, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: SC-04.2 has no number of its own; confirm 'setpoint.response_time'"),
    "confirm:\n  - {limit: SC-4.2, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: no limit is called 'SC-4.2'"),
    "leave_out:\n  - {of: PR-144, reason: x}\n": (
        5, "leave_out[0].of: no requirement or criterion is called 'PR-144'; did you mean 'PR-14'?"),
    "obligations:\n  - {of: SC-04, obligation: must, reason: x}\n": (
        5, "obligations[0].obligation: 'must' is not allowed; allowed are: mandatory, wish, information"),
    "waivers:\n  - {criterion: SC-04.50, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n": (
        5, "waivers[0].criterion: no criterion is called 'SC-04.50'; did you mean 'SC-04.5'?"),
    "waivers:\n  - criterion: SC-04.5\n    reason: x\n    signed_by: s\n"
    "    dated: 2026-02-01\n    until: 2026-01-31\n": (
        9, "waivers[0].until: ends before it was signed (2026-02-01); write a later date"),
    "waivers:\n  - criterion: SC-04.5\n    reason: x\n    signed_by: s\n"
    "    dated: yesterday\n    until: 2026-01-01\n": (
        8, "waivers[0].dated: 'yesterday' is not a date; write it as year-month-day, 2026-11-22"),
    "scope: {site: [garage]}\n": (4, "scope.site[0]: 'garage' is not known; known are: private, public, semi_public"),
    "decision_rule: lenient\n": (
        4, "decision_rule: 'lenient' is not allowed; allowed are: inconclusive_within_uncertainty,"
        " accept_within_uncertainty, reject_within_uncertainty"),
    "waviers: []\n": (4, "waviers: 'waviers' is not a known key here; did you mean 'waivers'?"),
}  # fmt: skip


@pytest.mark.parametrize("text", WRONG)
def test_a_wrong_overlay_is_refused_with_its_line(catalogue: Catalogue, tmp_path: Path, text: str) -> None:
    """Overlays are written by clients: each mistake names file, line, what is wrong and what would be right."""
    line, says = WRONG[text]
    with pytest.raises(CatalogueError) as caught:
        overlaid(catalogue, tmp_path, text)
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"{tmp_path / 'tender.yaml'}:{line}: {says}"), first


def test_two_waivers_of_one_criterion_are_refused(catalogue: Catalogue, tmp_path: Path) -> None:
    """Two signatures on one exception would leave open which one ends when."""
    one = "  - {criterion: SC-04.5, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n"
    with pytest.raises(CatalogueError, match=r":6: waivers\[1\]\.criterion: SC-04\.5 is waived twice; keep one waiver"):
        overlaid(catalogue, tmp_path, f"waivers:\n{one}{one}")


def test_limits_fit_the_judges_own_struct(catalogue: Catalogue) -> None:
    """The plan converts them field by field; a field that one side lacks would stop every campaign."""
    for name, limit in resolve_limits(catalogue, load_tender(catalogue)).items():
        converted = msgspec.to_builtins(msgspec.convert(limit, harness.judge.ResolvedLimit, from_attributes=True))
        mine = msgspec.to_builtins(limit)
        assert {key: converted[key] for key in mine} == mine, name
        assert limit.name == name and limit.unit and limit.source, name


def test_every_name_a_judge_may_ask_for_is_there(catalogue: Catalogue) -> None:
    """Criteria with limits, contract parameters and reference numbers share one list of names."""
    limits = resolve_limits(catalogue, load_tender(catalogue))
    wanted = {c.id for c in catalogue.criteria if c.limit} | {p.name for p in catalogue.default_tender.parameters}
    assert set(limits) == wanted | {n.name for n in catalogue.reference_numbers}
    assert limits["connectivity.share"].sense is Sense.AT_LEAST


def test_the_template_is_right_with_and_without_its_comments(catalogue: Catalogue, tmp_path: Path) -> None:
    """Clients copy it: as it stands, and with every example switched on, it loads."""
    template = SHIPPED / "tenders" / "template.yaml"
    assert load_tender(catalogue, template).parameters["setpoint.dwell"].value == 60
    lines = template.read_text(encoding="utf-8").splitlines()
    examples = re.compile(
        r"# (agreed_by:|confirm:|obligations:|leave_out:|waivers:|decision_rule:|evaluation_date:|  )"
    )
    path = tmp_path / "tender.yaml"
    path.write_text("\n".join(line[2:] if examples.match(line) else line for line in lines), encoding="utf-8")
    tender = load_tender(catalogue, path)
    assert tender.waivers and tender.confirmations and tender.obligations and tender.left_out
    assert tender.parameters["setpoint.dwell"].confidence is Confidence.CONFIRMED
