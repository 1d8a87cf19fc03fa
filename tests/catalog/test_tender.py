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


def test_papers_take_a_test_s_place_where_the_tender_says_so(catalogue: Catalogue, tmp_path: Path) -> None:
    """Without an overlay what D5.4 itself names (SC-06); a client's list takes its place, for each that D5.4 allows."""

    def accepted(tender: Tender) -> list[str]:
        return [c.id for c in catalogue.criteria if tender.accepts_paper_because(c)]

    assert accepted(load_tender(catalogue)) == ["SC-06.1", "SC-06.2", "SC-06.3", "SC-06.4", "SC-06.6"]
    mine = overlaid(
        catalogue, tmp_path, "accept_papers_for: [{of: SC-07.2, reason: measured}, {of: BI-20, reason: x}]\n"
    )
    assert accepted(mine) == ["SC-07.2", "BI-20.1", "BI-20.2", "BI-20.3", "BI-20.5", "BI-20.6"]
    told = {(c.of, c.eases) for c in mine.changes if c.kind == "papers"}
    assert told == {("SC-07.2", True), ("BI-20", True), ("SC-06", False)}
    assert accepted(overlaid(catalogue, tmp_path, "accept_papers_for: []\n")) == []


def test_an_agreed_number_is_confirmed_and_reaches_the_criterion(catalogue: Catalogue, tmp_path: Path) -> None:
    """A number that the overlay says was agreed is the contract's, with the names of those who agreed."""
    tender = overlaid(
        catalogue,
        tmp_path,
        "agreed_by: [J. Jansen for the city, P. Pieters for the contractor]\n"
        "parameters:\n  setpoint.response_time: {value: 5, reason: trial of 2026}\n",
    )
    limit = resolve_limits(catalogue, tender)["SC-04.2"]["response"]
    assert (limit.value, limit.unit, limit.sense, limit.confidence) == (5, "s", Sense.AT_MOST, Confidence.CONFIRMED)
    assert "agreed by J. Jansen for the city" in limit.source


def test_a_proposed_number_counts_but_is_not_confirmed(catalogue: Catalogue, tmp_path: Path) -> None:
    """Without `agreed_by` the number is used and printed as not agreed."""
    tender = overlaid(catalogue, tmp_path, "parameters:\n  setpoint.response_time: {value: 5, reason: trial}\n")
    limit = resolve_limits(catalogue, tender)["SC-04.3"]["response"]
    assert (limit.value, limit.confidence) == (5, Confidence.CONTRACT_DEFAULT)
    assert "not yet agreed" in limit.source


def test_a_demonstration_never_raises_a_confidence(catalogue: Catalogue) -> None:
    """The demo overlay changes waits only: no limit's confidence rises, and nothing it sets is called agreed."""
    plain = resolve_limits(catalogue, load_tender(catalogue))
    demo = load_tender(catalogue, SHIPPED / "tenders" / "demo.yaml")
    assert demo.demo and demo.evaluation_date is None  # its papers are dated by the day of the run
    for criterion, roles in resolve_limits(catalogue, demo).items():
        for role, limit in roles.items():
            before = plain[criterion][role]
            assert limit.confidence is before.confidence, (criterion, role)
            assert limit.value == before.value or "agreed by nobody" in limit.source, (criterion, role)


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
    before = resolve_limits(catalogue, load_tender(catalogue))["SC-07.8"]["off"]
    assert not before.confidence.decides
    tender = overlaid(
        catalogue,
        tmp_path,
        f"confirm:\n  - {{limit: SC-07.8, value: 0.1, edition: 'IEC 61851-1:2017 Table A.6', {READ}}}\n"
        f"  - {{limit: iec61851.low_range_factor, value: 0.6, edition: 'IEC 61851-1:2017 Table A.8', {READ}}}\n",
    )
    limits = resolve_limits(catalogue, tender)
    assert limits["SC-07.8"]["off"].confidence is Confidence.CONFIRMED
    assert limits["SC-07.8"]["off"].source == "IEC 61851-1:2017 Table A.6, read by A. Vries on 2026-10-01"
    assert limits["SC-07.4"]["low_range_factor"].confidence is Confidence.CONFIRMED


def test_the_weaker_of_limit_and_tolerance_counts(catalogue: Catalogue, tmp_path: Path) -> None:
    """BI-19.8's tolerance is a contract default, so confirming only its zero leaves the limit a default."""
    tender = overlaid(
        catalogue,
        tmp_path,
        f"confirm:\n  - {{limit: BI-19.8 over, value: 0, edition: 'ISO 15118-20:2022', {READ}}}\n",
    )
    limit = resolve_limits(catalogue, tender)["BI-19.8"]["over"]
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


def test_what_can_apply_to_nothing_bought_asks_nothing(catalogue: Catalogue, tmp_path: Path) -> None:
    """SC-08 is for DC: alone it is a tender for DC products, and none for a scope of AC (refused below)."""
    tender = overlaid(catalogue, tmp_path, "scope: {current: [DC]}\n" + LEFT)
    assert {c.id.split(".")[0] for c in tender.mandatory(catalogue.criteria)} == {"SC-08"}


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
        5, "parameters.setpoint.dwell.value: -1 s makes no sense here; write a number from 0.5 to 3600 s"),
    "parameters:\n  setpoint.dwell: {value: 3}\n": (
        5, "parameters.setpoint.dwell: 'reason' is missing; add `reason:` with text"),
    "demo: true\nparameters:\n  connectivity.share: {value: 50, reason: x}\n": (
        6, "parameters.connectivity.share: is D5.4's own number; a demonstration may not change it; leave it out"),
    "demo: true\nconfirm:\n  - {limit: SC-07.8, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        6, "confirm[0]: a demonstration may not confirm a limit; remove `confirm:`"),
    "confirm:\n  - {limit: SC-04.2, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: SC-04.2 has no number of its own; remove it"),
    "confirm:\n  - {limit: SC-07.4, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: SC-07.4 has no number of its own; confirm 'iec61851.low_range_factor' or"),
    "confirm:\n  - {limit: SC-04.6, value: 0, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: SC-04.6 has 2 numbers of its own; confirm 'SC-04.6 over' or 'SC-04.6 over_power'"),
    "confirm:\n  - {limit: SC-04.6 over, value: -100, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].value: -100 A makes no sense here; write a number from 0 to 1 A"),
    "confirm:\n  - {limit: BI-19.8 over, value: -100, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].value: -100 W makes no sense here; write a number from 0 to 700 W"),
    "confirm:\n  - {limit: iec61851.least_current, value: 60, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].value: 60 A makes no sense here; write a number from 5 to 7 A"),
    "confirm:\n  - {limit: setpoint.dwell, value: 1, edition: e, checked_by: c, dated: 2026-01-01}\n": (
        5, "confirm[0].limit: setpoint.dwell is a contract's number: it is agreed, not read in a standard;"
        " set it under `parameters:`, with `agreed_by:`"),
    "confirm:\n  - {limit: SC-07.8, value: 1, edition: e, checked_by: c, dated: 2026-12-01}\n": (
        5, "confirm[0].dated: was read after this tender was dated (2026-11-01); correct one of the two dates"),
    f"confirm:\n  - {{limit: SC-07.8, value: 1, edition: e, {READ}}}\n"
    f"  - {{limit: SC-07.8 off, value: 2, edition: e, {READ}}}\n": (
        6, "confirm[1].limit: SC-07.8 off is confirmed twice; keep one"),
    "confirm:\n  - {limit: SC-07.8, value: 1, edition: e, checked_by: '', dated: 2026-01-01}\n": (
        5, "confirm[0].checked_by: is empty; write some text, or leave the key out"),
    "confirm:\n  - {limit: SC-07.8, value: 1, edition: e, checked_by: '-', dated: 2026-01-01}\n": (
        5, "confirm[0].checked_by: '-' says nothing; write a name or a reason that a reader can follow up"),
    "parameters:\n  instrument.most_gap: {value: 2, reason: x}\n": (
        5, "parameters.instrument.most_gap: instrument.most_gap is a number of our own method (method.yaml),"
        " which no tender changes; leave it out"),
    "parameters:\n  OCPP-G03.R004 told: {value: 901, reason: x}\n": (
        5, "parameters.OCPP-G03.R004 told.value: 901 s makes no sense here; write a number from 10 to 900 s"),
    "parameters:\n  OCPP-G03.R004: {value: 1, reason: x}\n": (
        5, "parameters.OCPP-G03.R004.value: 1 s makes no sense here; write a number from 10 to 900 s"),
    "parameters:\n  OCPP-G03.R004 tolled: {value: 20, reason: x}\n": (
        5, "parameters.OCPP-G03.R004 tolled: no limit is called 'OCPP-G03.R004 tolled'; set 'OCPP-G03.R004 told'"),
    "parameters:\n  OCPP-G03.R005: {value: 20, reason: x}\n": (
        5, "parameters.OCPP-G03.R005: OCPP-G03.R005 has 2 limits of its own;"
        " set 'OCPP-G03.R005 ends' or 'OCPP-G03.R005 crossing'"),
    "parameters:\n  OCPP-G01.R010: {value: 20, reason: x}\n": (
        5, "parameters.OCPP-G01.R010: OCPP-G01.R010 has no limits of its own; remove it"),
    "parameters:\n  OCPP-G03.R004: {value: 20, reason: x}\n  OCPP-G03.R004 told: {value: 30, reason: x}\n": (
        6, "parameters.OCPP-G03.R004 told: OCPP-G03.R004 told stands here twice; keep one"),
    "parameters:\n  OCPP-G03.R004 told: {value: 20, reason: '-'}\n": (
        5, "parameters.OCPP-G03.R004 told.reason: '-' says nothing; write a name"),
    "parameters:\n  OCPP-G03.R999 told: {value: 20, reason: x}\n": (
        5, "parameters.OCPP-G03.R999 told: no contract parameter is called 'OCPP-G03.R999 told';"
        " did you mean 'OCPP-G03.R007 told'?"),
    "agreed_by: ['']\n": (4, "agreed_by[0]: is empty; write some text, or leave the key out"),
    "agreed_by: ['\u200b']\n": (4, "agreed_by[0]: '\\u200b' says nothing; write a name"),
    "leave_out:\n  - {of: PR-14, reason: '...'}\n": (5, "leave_out[0].reason: '...' says nothing; write a name"),
    "leave_out:\n  - {of: PR-14, reason: x}\n  - {of: PR-14, reason: y}\n": (
        6, "leave_out[1].of: PR-14 stands here twice; keep one"),
    "parameters:\n  iec61851.least_current: {value: 6, reason: x}\n": (
        5, "parameters.iec61851.least_current: iec61851.least_current is a standard's number, not a contract's;"
        " confirm it under `confirm:`"),
    "accept_papers_for: [{of: SC-04, reason: x}]\n": (
        4, "accept_papers_for[0].of: no paper can take the place of a test for SC-04; remove it"),
    "accept_papers_for: [{of: SC-07.1, reason: x}]\n": (
        4, "accept_papers_for[0].of: no paper can take the place of a test for SC-07.1; remove it, or name SC-07.2"),
    "accept_papers_for: [{of: SC-77, reason: x}]\n": (
        4, "accept_papers_for[0].of: no requirement or criterion is called 'SC-77'"),
    "accept_papers_for: [{of: SC-07, reason: x}, {of: SC-07, reason: y}]\n": (
        4, "accept_papers_for[1].of: SC-07 stands here twice; keep one"),
    "accept_papers_for: [{of: SC-07, reason: '-'}]\n": (
        4, "accept_papers_for[0].reason: '-' says nothing; write a reason"),
    "scope: {current: [AC]}\n" + (LEFT := "leave_out: [" + ", ".join(
        f"{{of: {id}, reason: x}}" for id in (
            *(f"GEN-0{n}" for n in range(1, 5)), *(f"SC-{n:02}" for n in range(4, 8)), "SC-09", "SC-10", "SC-11",
            *(f"PR-{n}" for n in range(12, 16)), *(f"BI-{n}" for n in range(16, 23)))) + "]\n"): (
        1, "(the whole file): leaves no criterion mandatory before go-live: every charger would be accepted"),
    "leave_out: [" + ", ".join(
        f"{{of: {id}, reason: x}}" for id in (
            *(f"GEN-0{n}" for n in range(1, 5)), *(f"SC-{n:02}" for n in range(4, 12)),
            *(f"PR-{n}" for n in range(12, 16)), *(f"BI-16.{n}" for n in range(1, 4)),
            *(f"BI-{n}" for n in range(17, 23)))) + "]\n": (
        1, "(the whole file): leaves no criterion mandatory before go-live: every charger would be accepted"),
    "depth: deep\n": (4, "depth: 'deep' is not allowed; allowed are: short, acceptance, thorough"),
    "pixit: {boot_s: 900}\n": (
        4, "pixit: a tender may not set 'pixit': that is the lab's to say, in the profile's `pixit:`; remove it here"),
    "pics: {v2x: no}\n": (
        4, "pics: a tender may not set 'pics': that is the supplier's to say, in the profile's `pics:`;"
        " remove it here"),
    "disputes: []\n": (
        4, "disputes: a tender may not set 'disputes': that is the supplier's to raise, in the profile;"
        " remove it here"),
    "waivers:\n  - {of: OCPP-K01.P002, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n": (
        5, "waivers[0]: OCPP-K01.P002 may change its meaning, and nothing says which one was waived;"
        " add `revision: 1`, if that is what was signed"),
    "waivers:\n  - {of: OCPP-K01, revision: 1, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n": (
        5, "waivers[0].of: no criterion, test purpose or rule is called 'OCPP-K01'"),
    "waivers:\n  - {of: SC-04.5, revision: 1, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n": (
        5, "waivers[0].revision: a criterion has no revision; remove it"),
    "waivers:\n  - {reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n": (
        5, "waivers[0]: needs the id of what it waives, once; add `of:` (or `criterion:`, not both)"),
    "waivers:\n  - {of: SC-04.5, criterion: SC-04.6, reason: x, signed_by: s, dated: 2026-01-01, until: 2026-02-01}\n":
        (5, "waivers[0]: needs the id of what it waives, once; add `of:` (or `criterion:`, not both)"),
    "leave_out: [{of: GEN-01, reason: x}, {of: GEN-02, reason: x}, {of: GEN-03, reason: x}, {of: GEN-04, reason: x}"
    + "".join(f", {{of: {id}, reason: x}}" for id in (
        *(f"SC-{n:02}" for n in range(4, 12)), *(f"PR-{n}" for n in range(12, 16)), *(f"BI-{n}" for n in range(16, 23))
    )) + "]\n": (
        1, "(the whole file): leaves no criterion mandatory before go-live: every charger would be accepted;"
        " ask for at least one requirement"),
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
    for criterion, roles in resolve_limits(catalogue, load_tender(catalogue)).items():
        for role, limit in roles.items():
            converted = msgspec.to_builtins(msgspec.convert(limit, harness.judge.ResolvedLimit, from_attributes=True))
            mine = msgspec.to_builtins(limit)
            assert {key: converted[key] for key in mine} == mine, (criterion, role)
            assert limit.name and limit.unit and limit.source, (criterion, role)


def test_every_criterion_has_the_roles_that_it_names(catalogue: Catalogue) -> None:
    """And no other: a judge cannot reach a number that its criterion does not name."""
    limits = resolve_limits(catalogue, load_tender(catalogue))
    assert {id: list(roles) for id, roles in limits.items()} == {
        c.id: list(c.limits) for c in catalogue.criteria if c.limits
    }
    assert limits["SC-05.3"]["share"].sense is Sense.AT_LEAST
    assert limits["SC-07.8"]["off"].name == "SC-07.8 off"
    assert limits["SC-07.5"]["off"].name == "pilot.switch_off_time"


def test_the_template_is_right_with_and_without_its_comments(catalogue: Catalogue, tmp_path: Path) -> None:
    """Clients copy it: as it stands, and with every example switched on, it loads."""
    template = SHIPPED / "tenders" / "template.yaml"
    assert load_tender(catalogue, template).parameters["setpoint.dwell"].value == 60
    lines = template.read_text(encoding="utf-8").splitlines()
    examples = re.compile(
        r"# (agreed_by:|confirm:|obligations:|leave_out:|waivers:|depth:|decision_rule:|evaluation_date:|  )"
    )
    path = tmp_path / "tender.yaml"
    path.write_text("\n".join(line[2:] if examples.match(line) else line for line in lines), encoding="utf-8")
    tender = load_tender(catalogue, path)
    assert tender.waivers and tender.confirmations and tender.obligations and tender.left_out
    assert tender.parameters["setpoint.dwell"].confidence is Confidence.CONFIRMED
