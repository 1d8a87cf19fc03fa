"""What the shipped catalogue must hold: all of D5.4 Annex 1, in words a procurer reads, with limits that can decide."""

from __future__ import annotations

import re

import pytest

from requirement_catalog import (
    Catalogue,
    Confidence,
    Obligation,
    PaperKind,
    Phase,
    VerifiedBy,
    catalogue_digest,
    load_catalogue,
    load_tender,
    resolve_limits,
    users_of,
)
from tests.catalog._copies import SHIPPED

IDS = (
    [f"GEN-{n:02}" for n in range(1, 5)]
    + [f"SC-{n:02}" for n in range(4, 12)]
    + [f"PR-{n}" for n in range(12, 16)]
    + [f"BI-{n}" for n in range(16, 23)]
)
AGREED_COUNTS = {
    "GEN-01": 1, "GEN-02": 2, "GEN-03": 7, "GEN-04": 2, "SC-04": 7, "SC-05": 4, "SC-06": 7, "SC-07": 7, "SC-08": 3,
    "SC-09": 9, "SC-10": 1, "SC-11": 1, "PR-12": 1, "PR-13": 1, "PR-14": 1, "PR-15": 5, "BI-16": 4, "BI-17": 1,
    "BI-18": 3, "BI-19": 8, "BI-20": 6, "BI-21": 1, "BI-22": 1,
}  # fmt: skip


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def test_all_23_requirements_stand_in_the_sources_order(catalogue: Catalogue) -> None:
    """The ids are D5.4's four tables in order; the number 4 is used twice, as in the source."""
    assert [r.id for r in catalogue.requirements] == IDS
    assert [r.source.number for r in catalogue.requirements] == [str(int(id.split("-")[1])) for id in IDS]
    assert sum(r.source.number == "4" for r in catalogue.requirements) == 2
    assert len({r.source.table for r in catalogue.requirements}) == 4


def test_every_criterion_that_cases_are_written_against_exists(catalogue: Catalogue) -> None:
    """The agreed ids exist and are numbered without gaps; more may be added behind them."""
    for requirement in catalogue.requirements:
        numbers = [int(c.id.split(".")[1]) for c in requirement.criteria]
        assert numbers == list(range(1, len(numbers) + 1)), requirement.id
        assert len(numbers) >= AGREED_COUNTS[requirement.id], requirement.id


def test_a_statement_is_one_sentence_without_program_names(catalogue: Catalogue) -> None:
    """Procurers read it: a full sentence, no names with underscores, no programmers' abbreviations."""
    for requirement in catalogue.requirements:
        texts = [requirement.title, requirement.obligation_text, *(c.statement for c in requirement.criteria)]
        texts += [c.dispute or "" for c in requirement.criteria] + [c.due or "" for c in requirement.criteria]
        for text in texts:
            assert not re.search(r"\w_\w|\(\)|\bCSMS\b|\bEVCC\b|\bSECC\b|\bDUT\b|\bPICS\b", text), (
                requirement.id,
                text,
            )
        for criterion in requirement.criteria:
            assert criterion.statement.endswith("."), criterion.id
            assert len(criterion.statement) > 30, criterion.id


def test_no_statement_stands_twice(catalogue: Catalogue) -> None:
    """Two criteria that say the same could not both be needed."""
    statements = [c.statement for c in catalogue.criteria]
    assert len(set(statements)) == len(statements)


def test_a_criterion_that_gates_can_pass(catalogue: Catalogue) -> None:
    """A mandatory acceptance criterion never hangs on a number that decides nothing (honesty rule 3)."""
    limits = resolve_limits(catalogue, load_tender(catalogue))
    for criterion in catalogue.criteria:
        if criterion.obligation is Obligation.MANDATORY and criterion.phase is Phase.ACCEPTANCE:
            for role, limit in limits.get(criterion.id, {}).items():
                assert limit.confidence.decides, (criterion.id, role)


def test_the_modules_that_the_source_names_are_named(catalogue: Catalogue) -> None:
    """SC-09 asks for four modules and BI-20 for six; the certificate must name them all."""
    four = {"Core", "Advanced Security", "Smart Charging", "ISO 15118 support"}
    assert {c.module for c in catalogue.requirement("SC-09").criteria} - {None} == four
    assert set(catalogue.criterion("SC-09.8").documents[0].scope) == four
    six = four | {"Bidirectional Power Transfer", "DER Control"}
    assert set(catalogue.criterion("BI-20.4").documents[0].scope) == six


def test_only_what_d5_4_says_is_confirmed_by_default(catalogue: Catalogue) -> None:
    """98 %, 18 months, 6 months and 5 years are D5.4's; every other parameter is ours and says so."""
    confirmed = {p.name: p.value for p in catalogue.default_tender.parameters if p.confidence is Confidence.CONFIRMED}
    assert confirmed == {
        "connectivity.share": 98,
        "update.major_months": 18,
        "update.minor_months": 6,
        "update.major_years": 5,
    }
    others = [p for p in catalogue.default_tender.parameters if p.name not in confirmed]
    assert {p.confidence for p in others} == {Confidence.CONTRACT_DEFAULT}


def test_every_number_has_a_use_a_reason_and_a_range(catalogue: Catalogue) -> None:
    """A number that no criterion uses, without a reason, or without bounds for an overlay would be unexplained."""
    users = users_of(catalogue)
    for parameter in catalogue.default_tender.parameters:
        assert users[parameter.name], parameter.name
        assert len(parameter.reason) > 20 or parameter.confidence is Confidence.CONFIRMED, parameter.name
        assert parameter.range[0] < parameter.range[1], parameter.name
    for number in catalogue.reference_numbers:
        assert users[number.name], number.name
        assert number.range[0] < number.range[1], number.name


def test_who_uses_a_number_is_found_in_the_criteria(catalogue: Catalogue) -> None:
    """Nobody keeps a list by hand: limits and tolerances both count."""
    users = users_of(catalogue)
    assert users["connectivity.share"] == ("SC-05.3",)
    assert "SC-04.6" in users["setpoint.current_tolerance"]
    assert users["ocpp.least_tls_version"] == ("SC-06.4", "SC-06.6")


def test_what_can_only_be_shown_in_service_has_a_due_date(catalogue: Catalogue) -> None:
    """98 %, the audits, later updates and Amendment 1 are obligations that continue after go-live."""
    later = {c.id: c.due for c in catalogue.criteria if c.phase is Phase.OPERATION}
    assert set(later) == {"GEN-03.7", "GEN-04.2", "SC-05.3", "BI-19.7"}
    assert all(later.values())


def test_every_paper_can_be_asked_for(catalogue: Catalogue) -> None:
    """Document review tells which paper; certificates name a standard that standards.yaml knows."""
    for criterion in catalogue.criteria:
        if criterion.verified_by is VerifiedBy.DOCUMENT_REVIEW and criterion.documents_of != "all":
            assert catalogue.documents_for(criterion.id), criterion.id
        for needed in criterion.documents:
            for reference in needed.standards:
                standard = catalogue.standard(reference.standard)
                assert standard is not None
                assert reference.edition is None or standard.rank(reference.edition) is not None, (
                    criterion.id,
                    reference,
                )
            assert PaperKind.DECLARATION not in needed.kinds, f"{criterion.id}: a supplier's own word is no proof"


def test_unknown_certification_dates_stay_unknown(catalogue: Catalogue) -> None:
    """No edition has a certification date without a source; None is how unknown is written."""
    for standard in catalogue.standards:
        for edition in standard.editions:
            for fact in (edition.published, edition.certification_available):
                assert fact.source, (standard.name, edition.edition)


def test_duty_cycle_numbers_name_two_sources(catalogue: Catalogue) -> None:
    """The relation of duty cycle and current decides verdicts because two independent makers print it."""
    numbers = [n for n in catalogue.reference_numbers if n.name.startswith("iec61851.")]
    assert len(numbers) == 7
    for number in numbers:
        assert number.confidence is Confidence.CORROBORATED
        assert number.second_source and number.second_source != number.source


def test_lookups_name_the_nearest_id(catalogue: Catalogue) -> None:
    """An unknown id is answered with the one that was probably meant."""
    assert catalogue.requirement_of("SC-04.2").id == "SC-04"
    with pytest.raises(KeyError, match="no requirement is called 'SC-4'; did you mean 'SC-04'"):
        catalogue.requirement("SC-4")
    with pytest.raises(KeyError, match=r"no criterion is called 'SC-04.99'"):
        catalogue.criterion("SC-04.99")


def test_digest_follows_content_only(catalogue: Catalogue) -> None:
    """The same files give the same digest; it is a SHA-256."""
    assert catalogue_digest(catalogue) == catalogue_digest(load_catalogue(SHIPPED))
    assert re.fullmatch(r"[0-9a-f]{64}", catalogue_digest(catalogue))


def test_grid_settings_say_how_sure_they_are(catalogue: Catalogue) -> None:
    """There is a named set per country, and nothing in it claims to be confirmed: we read none of the standards."""
    assert {"nl", "de", "uk", "en50549"} == {s.name for s in catalogue.grid_settings}
    for settings in catalogue.grid_settings:
        for value in settings.settings:
            assert not value.confidence.decides, (settings.name, value.name)
            assert value.source, (settings.name, value.name)
