"""What a charger lists after it has installed, refused or deleted a certificate."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def data(serial: str) -> dict[str, Any]:
    """The hash data of one certificate."""
    return {"hashAlgorithm": "SHA256", "issuerNameHash": "0A", "issuerKeyHash": "0B", "serialNumber": serial}


def lists(t: T, name: str, *serials: str) -> T:
    """The charger is asked what it has, and lists these."""
    chain = [{"certificateType": "V2GRootCertificate", "certificateHashData": data(s)} for s in serials]
    answer = {"status": "Accepted", "certificateHashDataChain": chain} if chain else {"status": "NotFound"}
    return t.asks("GetInstalledCertificateIds").named(name).answers(answer)


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [("Accepted", ["1", "2"], PASS), ("Accepted", ["1"], FAIL), ("Rejected", ["1"], INCONCLUSIVE)],
)
def test_what_was_installed_is_listed(status: str, after: list[str], expected: Verdict) -> None:
    """Accepted and not in the list is a lie; who refused has nothing to list."""
    t = lists(T(), "before", "1").asks("InstallCertificate").named("install").answers({"status": status})
    t = lists(t, "after", *after)
    claim = t.claims("certificates.listed", install="@install", before="@before", get="@after")
    assert claim.judged().verdict is expected


@pytest.mark.parametrize(("after", "expected"), [([], PASS), (["01"], PASS), (["1", "2"], FAIL)])
def test_what_was_refused_is_not_listed(after: list[str], expected: Verdict) -> None:
    """Leading zeros make no other certificate, and one that is gone meanwhile is none that was installed."""
    t = lists(lists(T(), "before", "1"), "after", *after)
    assert t.claims("certificates.not_listed", before="@before", get="@after").judged().verdict is expected


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        ("Accepted", ["1"], PASS),
        ("Accepted", ["1", "2"], FAIL),
        ("Failed", ["1", "2"], INCONCLUSIVE),
        ("NotFound", ["1"], FAIL),
    ],
)
def test_what_was_deleted_is_gone(status: str, after: list[str], expected: Verdict) -> None:
    """It may refuse to delete; it may not say that it did, or that it has none of what it lists."""
    asked = {"certificateHashData": data("2")}
    t = lists(T().asks("DeleteCertificate", asked).named("delete").answers({"status": status}), "after", *after)
    assert t.claims("certificates.deleted", delete="@delete", get="@after").judged().verdict is expected


def test_without_a_list_nothing_is_told() -> None:
    """A charger that does not list its certificates proves neither."""
    t = lists(T(), "before").asks("GetInstalledCertificateIds").named("after").errs("NotSupported")
    assert t.claims("certificates.not_listed", before="@before", get="@after").judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("status", "before", "after", "expected"),
    [
        ("Accepted", ["1"], ["1", "2"], PASS),
        ("Accepted", ["1"], ["2"], FAIL),
        ("Accepted", ["1", "3"], ["3", "2"], FAIL),
        ("Accepted", [], ["2"], INCONCLUSIVE),
        ("Rejected", ["1"], [], INCONCLUSIVE),
    ],
)
def test_a_new_root_takes_nobody_s_place(status: str, before: list[str], after: list[str], expected: Verdict) -> None:
    """What was there is there; who had none has none to lose, and who refused is not asked."""
    t = lists(T(), "before", *before).asks("InstallCertificate").named("install").answers({"status": status})
    t = lists(t, "after", *after)
    claim = t.claims("certificates.kept", install="@install", before="@before", get="@after")
    assert claim.judged().verdict is expected
