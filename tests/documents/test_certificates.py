"""documents.certificate_covers: when a paper proves a criterion, and what is said when it does not."""

from __future__ import annotations

from typing import Any

import pytest

import harness.documents  # noqa: F401  registers the judges
from harness.judge import Finding, Verdict
from tests.documents._traces import boot, day, judged, need, reviewed, trace


def covers(*entries: tuple[str, dict[str, Any]], needs: list[dict[str, Any]] | None = None, **params: Any) -> Finding:
    return judged("documents.certificate_covers", trace(*entries), needs=needs or [need()], **params)


def test_a_certificate_that_holds_in_every_respect_passes() -> None:
    """The finding names paper, number and end of validity, and points at its event and the date's."""
    finding = covers(day(), boot(), reviewed())
    assert finding.verdict is Verdict.PASS
    assert finding.seen == "Certificate IEC 61851-1 no. C-1, valid until 2028-12-31"
    assert finding.events == (0, 2)
    assert finding.expected == "a certificate for IEC 61851-1:2017 or later"


def test_no_paper_is_pending_and_says_which_one() -> None:
    """A missing paper is awaited, not failed."""
    finding = covers(day(), boot())
    assert (finding.verdict, finding.seen) == (
        Verdict.PENDING,
        "missing: a certificate for IEC 61851-1:2017 or later",
    )


@pytest.mark.parametrize(
    ("changed", "verdict", "says"),
    [
        ({"valid_until": "2026-11-22"}, Verdict.PASS, "valid until 2026-11-22"),
        ({"valid_until": "2026-11-21"}, Verdict.FAIL, "expired on 2026-11-21, before the evaluation date 2026-11-22"),
        ({"valid_until": None}, Verdict.PASS, "names no end of validity"),
        ({"issued": "2026-11-22"}, Verdict.PASS, "C-1"),
        ({"issued": "2026-11-23"}, Verdict.FAIL, "was issued on 2026-11-23, after the evaluation date 2026-11-22"),
        ({"model": "emulated-bidi-22 "}, Verdict.PASS, "C-1"),
        ({"model": "Other-11"}, Verdict.FAIL, "is for model Other-11, and the charging station is a Emulated-BiDi-22"),
        ({"model": None}, Verdict.INCONCLUSIVE, "names no model"),
        ({"body": {"name": "A body"}}, Verdict.INCONCLUSIVE, "does not say whether its body is accredited"),
        ({"body": None}, Verdict.INCONCLUSIVE, "does not say whether its body is accredited"),
        (
            {"body": {"name": "Lab", "accredited_for": "ISO/IEC 17025"}},
            Verdict.FAIL,
            "accredited by ISO/IEC 17025, not by ISO/IEC 17065",
        ),
        ({"body": {"name": "B", "accredited_for": "NEN-EN-ISO/IEC 17065:2012"}}, Verdict.PASS, "C-1"),
        ({"body": {"name": "B", "accredited_for": "ISO/IEC 17025 and ISO/IEC 17065"}}, Verdict.PASS, "C-1"),
        ({"body": {"name": "B", "accredited_for": "not 17065"}}, Verdict.INCONCLUSIVE, "'not 17065', and not by which"),
        ({"body": {"name": "B", "accredited_for": "not ISO/IEC 17065"}}, Verdict.INCONCLUSIVE, "not by which standard"),
        ({"body": {"name": "B", "accredited_for": "NOT ISO/IEC 17065"}}, Verdict.INCONCLUSIVE, "not by which standard"),
        ({"body": {"name": "B", "accredited_for": "ISO/IEC 17065, pending"}}, Verdict.INCONCLUSIVE, "not by which"),
        ({"body": {"name": "B", "accredited_for": "ISO/IEC 170650"}}, Verdict.INCONCLUSIVE, "not by which standard"),
        ({"body": {"name": "-", "accredited_for": "ISO/IEC 17065"}}, Verdict.INCONCLUSIVE, "does not say whether"),
        ({"vendor": "a  BODY"}, Verdict.FAIL, "was issued by the maker itself (A body)"),
        ({"vendor": "A maker"}, Verdict.PASS, "C-1"),
        ({"number": None}, Verdict.INCONCLUSIVE, "has no number by which its issuer could be asked for it"),
        ({"number": " - "}, Verdict.INCONCLUSIVE, "has no number"),
        ({"reviewed_by": None}, Verdict.INCONCLUSIVE, "names nobody who read it"),
        ({"reviewed_by": "a body"}, Verdict.INCONCLUSIVE, "was read by a body, who made or issued it"),
        ({"reviewed_by": "A maker", "vendor": "A maker"}, Verdict.INCONCLUSIVE, "who made or issued it"),
        ({"standards": [], "proves": ["SC-07.1"]}, Verdict.INCONCLUSIVE, "cites no IEC 61851-1"),
        (
            {"standards": [{"standard": "IEC 61851-23", "edition": "2014"}], "proves": ["SC-07.1"]},
            Verdict.INCONCLUSIVE,
            "cites no IEC 61851-1",
        ),
        ({"proves": ["SC-07.1"]}, Verdict.PASS, "C-1"),
        ({"standards": [{"standard": "IEC 61851-1", "edition": " "}]}, Verdict.INCONCLUSIVE, "names no edition"),
        ({"kind": "programme_evidence", "body": {"name": "The organisation"}}, Verdict.PASS, "C-1"),
        ({"kind": "programme_evidence", "number": None}, Verdict.INCONCLUSIVE, "has no number"),
        ({"kind": "programme_evidence", "body": None}, Verdict.INCONCLUSIVE, "does not say who issued it"),
        (
            {"kind": "declaration"},
            Verdict.PENDING,
            "is a declaration, and a certificate or programme evidence is needed",
        ),
        ({"standards": [{"standard": "en iec 61851-1", "edition": "2030"}]}, Verdict.PASS, "C-1"),
        (
            {"standards": [{"standard": "IEC 61851-1", "edition": "2010"}]},
            Verdict.FAIL,
            "is for edition 2010, and 2017 or later is asked for",
        ),
        (
            {"standards": [{"standard": "IEC 61851-1", "edition": "2025 CDV"}]},
            Verdict.INCONCLUSIVE,
            "is for edition 2025 CDV, which the catalogue does not know",
        ),
        (
            {"standards": [{"standard": "IEC 61851-1"}]},
            Verdict.INCONCLUSIVE,
            "names no edition (2017 or later is asked for)",
        ),
        ({"standards": [{"standard": "IEC 61851-23", "edition": "2014"}]}, Verdict.PENDING, "missing: "),
        ({"file_problem": "the file x.pdf is not the one"}, Verdict.INCONCLUSIVE, "the file x.pdf is not the one"),
        ({"file_problem": "the file is absent", "file_sha256": None}, Verdict.PENDING, "the file is absent"),
        ({"emulated": True}, Verdict.PASS, "(EMULATED sample, proves nothing real)"),
    ],
)
def test_each_property_of_a_paper_decides(changed: dict[str, Any], verdict: Verdict, says: str) -> None:
    """Changing one property of a good paper changes the verdict and is named."""
    finding = covers(day(), boot(), reviewed(**changed))
    assert finding.verdict is verdict, finding.seen
    assert says in finding.seen


def test_without_an_evaluation_date_nothing_is_in_date() -> None:
    """A judge has no clock."""
    assert covers(boot(), reviewed()).verdict is Verdict.INCONCLUSIVE


def test_the_last_evaluation_date_counts() -> None:
    """Judging again as of a later day adds an event; the paper has expired by then."""
    assert covers(day(), boot(), reviewed(), day("2029-01-01")).verdict is Verdict.FAIL


def test_one_good_paper_is_enough() -> None:
    """An expired certificate beside its renewal does no harm, in either order."""
    old = reviewed(valid_until="2025-12-31", number="C-0", record_file="c-0.yaml")
    assert covers(day(), boot(), old, reviewed()).verdict is Verdict.PASS
    assert covers(day(), boot(), reviewed(), old).verdict is Verdict.PASS


def test_a_paper_reviewed_again_counts_as_last_seen() -> None:
    """A correction of the same record replaces it."""
    assert covers(day(), boot(), reviewed(model="Other-11"), reviewed()).verdict is Verdict.PASS
    assert covers(day(), boot(), reviewed(), reviewed(model="Other-11")).verdict is Verdict.FAIL


def test_scope_may_be_shared_by_several_good_papers() -> None:
    """Two certificates that name one module each prove both; an expired one lends nothing."""
    wanted = [need(scope=["Core", "Smart Charging"])]
    core = reviewed(scope=["core"], record_file="a.yaml")
    smart = reviewed(scope=["Smart Charging"], record_file="b.yaml")
    expired = reviewed(scope=["Smart Charging"], record_file="b.yaml", valid_until="2025-12-31")
    assert covers(day(), boot(), core, smart, needs=wanted).verdict is Verdict.PASS
    finding = covers(day(), boot(), core, expired, needs=wanted)
    assert finding.verdict is Verdict.PENDING
    assert "no paper at hand names Smart Charging" in finding.seen


def test_every_needed_paper_counts_and_the_worst_is_told() -> None:
    """A good first paper does not hide a missing second one."""
    second = need(paper="a second paper", standards=[{"names": ["X"], "edition": None, "good": [], "too_old": []}])
    finding = covers(day(), boot(), reviewed(), needs=[need(), second])
    assert (finding.verdict, finding.seen) == (Verdict.PENDING, "missing: a second paper")


def test_a_process_certificate_needs_no_model() -> None:
    """IEC 62443-4-1 is about how the maker works, not about a product."""
    assert covers(day(), boot(), reviewed(model=None), needs=[need(about="process")]).verdict is Verdict.PASS


def test_any_edition_will_do_but_one_must_be_named() -> None:
    """Where the catalogue asks for none, the paper still says which one it is about."""
    wanted = [need(standards=[{"names": ["X"], "edition": None, "good": [], "too_old": []}])]
    assert (
        covers(day(), boot(), reviewed(standards=[{"standard": "x", "edition": "7"}]), needs=wanted).verdict
        is Verdict.PASS
    )
    silent = covers(day(), boot(), reviewed(standards=[{"standard": "x"}]), needs=wanted)
    assert silent.verdict is Verdict.INCONCLUSIVE and "names no edition (of X)" in silent.seen


def test_a_criterion_s_name_is_enough_where_no_standard_is_asked_for() -> None:
    """An asset register cites none: `proves` says what it is for, and its kind and reviewer still count."""
    wanted = [need(standards=[], kinds=["register"], criterion="GEN-01.1")]
    entry = {"kind": "register", "standards": [], "proves": ["GEN-01.1"], "number": None, "body": None}
    assert covers(day(), boot(), reviewed(**entry), needs=wanted).verdict is Verdict.PASS
    unread = covers(day(), boot(), reviewed(**entry, reviewed_by=None), needs=wanted)
    assert unread.verdict is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("emulated", [True, False])
def test_a_sample_proves_nothing_of_a_real_charger(emulated: bool) -> None:
    """Though copied into its folder and given its model; for the emulated one it is what it is meant for."""
    began = ("campaign.started", {"emulated": emulated})
    sample = covers(began, day(), boot(), reviewed(emulated=True))
    assert sample.verdict is (Verdict.PASS if emulated else Verdict.FAIL)
    assert covers(began, day(), boot(), reviewed()).verdict is Verdict.PASS


def test_an_agreement_needs_both_signatures() -> None:
    """The field audit plan binds client and contractor."""
    wanted = [need(about="contract", kinds=["agreement"], standards=[], criterion="GEN-04.1")]
    plan = {"kind": "agreement", "standards": [], "proves": ["GEN-04.1"], "model": None, "body": None}
    both = covers(day(), reviewed(**plan, signed_by=["client", "contractor"]), needs=wanted)
    one = covers(day(), reviewed(**plan, signed_by=["client"]), needs=wanted)
    same = covers(day(), reviewed(**plan, signed_by=["client", "Client "]), needs=wanted)
    assert (both.verdict, one.verdict, same.verdict) == (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.INCONCLUSIVE)
    assert "not signed by both" in one.seen


def test_the_profiles_model_stands_in_when_the_station_never_reported_one() -> None:
    """Without either, the paper cannot be tied to the product."""
    assert covers(day(), reviewed()).verdict is Verdict.INCONCLUSIVE
    assert covers(day(), reviewed(), model="Emulated-BiDi-22").verdict is Verdict.PASS
    assert covers(day(), reviewed(), model="Other-11").verdict is Verdict.FAIL
    assert covers(day(), boot(model="Other-11"), reviewed(), model="Emulated-BiDi-22").verdict is Verdict.FAIL


def test_nothing_needed_is_not_a_pass() -> None:
    """Unset is not pass: a claim without needs proves nothing."""
    finding = judged("documents.certificate_covers", trace(day(), boot(), reviewed()), needs=[])
    assert finding.verdict is Verdict.INCONCLUSIVE


def test_a_claim_may_name_a_single_standard() -> None:
    """The short form for a test case: standard and edition."""
    name, seen = "documents.certificate_covers", trace(day(), boot(), reviewed())
    assert judged(name, seen, standard="IEC 61851-1", edition="2017").verdict is Verdict.PASS
    assert judged(name, seen, standard="IEC 61851-1", edition="2018").verdict is Verdict.INCONCLUSIVE
    assert judged(name, seen, standard="IEC 61851-23").verdict is Verdict.PENDING
