"""Whom the charger trusts, what it offers, and what it reports of it."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def hello(*versions: str, extension: bool = True, **more: Any) -> dict[str, Any]:
    """A ClientHello."""
    offered = {"versions": list(versions), "suites": ["1302", "c02c"], "compression": [0]}
    return {**offered, "supported_versions_extension": extension, **more}


def shakes(
    t: T, scenario: str, outcome: str = "refused", by: str | None = "dut", alert: str | None = None, **more: Any
) -> T:
    """A handshake of the charger with a server that plays `scenario`."""
    data = {
        "scenario": scenario,
        "peer": "dut",
        "outcome": outcome,
        "ended_by": by,
        "alert": {"level": "fatal", "code": 0, "name": alert} if alert else None,
        "client_hello": hello("TLSv1.3", "TLSv1.2"),
        "remote": "192.0.2.7:4712",
    }
    return t.event("tls.handshake", by or "dut", **{**data, **more})


def there(t: T | None = None, scenario: str = "good", **hand: Any) -> T:
    """The charger has logged in by its certificate, so that its address and its kind of hello are known."""
    t = shakes(t or T(), scenario, "completed", None, **{"conn": 1, **hand})
    return t.connects(1, remote="192.0.2.7:4711").closes(1, remote="192.0.2.7:4711")


def refusal(t: T, scenario: str = "unknown_ca") -> Verdict:
    """The verdict on refusing it."""
    return t.claims("security.refuses", "SC-06.2", scenario=scenario).judged().verdict


@pytest.mark.parametrize("alert", ["unknown_ca", "bad_certificate", "certificate_unknown", "handshake_failure", None])
def test_a_charger_that_breaks_off_passes(alert: str | None) -> None:
    """By whatever alert its TLS stack sends, or none: it ended the handshake itself."""
    assert refusal(shakes(there(), "unknown_ca", alert=alert)) is PASS


def test_a_charger_that_completes_the_handshake_fails() -> None:
    """It trusted a stranger."""
    assert refusal(shakes(there(), "unknown_ca", "completed", None, version="TLSv1.3", cipher="X")) is FAIL


def test_a_charger_that_gives_in_at_the_second_try_fails() -> None:
    """Refused once, connected then."""
    t = shakes(shakes(there(), "unknown_ca", alert="unknown_ca"), "unknown_ca", "completed", None)
    assert refusal(t) is FAIL


def test_a_connection_with_the_hostile_server_fails_whatever_the_handshakes_say() -> None:
    """A WebSocket that opened there."""
    assert refusal(shakes(there(), "unknown_ca").connects(2, scenario="unknown_ca")) is FAIL


def test_a_charger_that_never_came_proves_nothing() -> None:
    """Nor does one that met another server."""
    assert refusal(there()) is INCONCLUSIVE
    assert refusal(shakes(there(), "expired")) is INCONCLUSIVE


@pytest.mark.parametrize(("outcome", "by"), [("aborted", "harness"), ("aborted", "dut"), ("aborted", None)])
def test_an_abort_that_is_no_refusal_proves_nothing(outcome: str, by: str | None) -> None:
    """We broke off; or the charger went before it had seen our certificate."""
    assert refusal(shakes(there(), "unknown_ca", outcome, by)) is INCONCLUSIVE


def test_a_refusal_of_the_version_is_none_of_the_certificate() -> None:
    """protocol_version: it did not get as far as the certificate. For old TLS that is the point."""
    assert refusal(shakes(there(), "expired", alert="protocol_version"), "expired") is INCONCLUSIVE
    assert refusal(shakes(there(), "old_tls", alert="protocol_version"), "old_tls") is PASS


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (hello("TLSv1.3", "TLSv1.2"), PASS),
        (hello("TLSv1.3", "TLSv1.2", "TLSv1.1"), INCONCLUSIVE),
        (hello("TLSv1.2", extension=False), INCONCLUSIVE),
    ],
)
def test_old_tls_that_our_side_ended(offered: dict[str, Any], expected: Verdict) -> None:
    """Where the old server finds nothing to agree to, the hello must say so: all versions listed, none of them old."""
    assert refusal(shakes(there(), "old_tls", "aborted", "harness", client_hello=offered), "old_tls") is expected


def test_an_earlier_run_of_the_case_is_another_matter() -> None:
    """A refusal in the first run does not prove the second, in which it never came."""
    t = shakes(there(), "unknown_ca").event("case.started", "harness")
    assert refusal(t) is INCONCLUSIVE


def test_the_control_is_our_own_careless_client() -> None:
    """It must connect to the same server; the charger's handshakes are not it."""
    t = shakes(T(), "expired", "completed", None, peer="control_client", version="TLSv1.3")
    assert t.claims("security.control_client_connects", scenario="expired").judged().verdict is PASS
    t = shakes(T(), "expired", "completed", None)
    assert t.claims("security.control_client_connects", scenario="expired").judged().verdict is INCONCLUSIVE


def test_the_control_is_needed_for_each_kind_of_certificate() -> None:
    """A charger may know RSA only or EC only (A00.FR.319): a hostile server that works for one kind proves half."""
    judge = "security.control_client_connects"
    t = shakes(T(), "expired", "completed", None, peer="control_client", shown="ec")
    t = shakes(t, "expired", "aborted", "harness", peer="control_client", shown="rsa")
    assert t.claims(judge, scenario="expired").judged().verdict is INCONCLUSIVE
    t = shakes(t, "expired", "completed", None, peer="control_client", shown="rsa")
    assert t.claims(judge, scenario="expired").judged().verdict is PASS


def test_the_right_server_is_connected_to() -> None:
    """A completed handshake with the good server."""
    judge = "security.connects_to_the_right_server"
    assert there().claims(judge).judged().verdict is PASS
    assert there().named("then").claims(judge, since="@then").judged().verdict is INCONCLUSIVE
    t = shakes(there().named("then"), "expired", "completed", None)
    assert t.claims(judge, since="@then").judged().verdict is INCONCLUSIVE


def nameless(t: T, *, remote: str = "192.0.2.7:4711", **more: Any) -> T:
    """A client that was asked for its certificate and sent none."""
    told = {"cause": "no_certificate"} | more if "detail" not in more else more
    return shakes(t, "good", "aborted", "harness", "certificate_required", remote=remote, **told)


def highest(t: T) -> Verdict:
    """The verdict on security profile 3."""
    return t.claims("security.highest_profile", "SC-09.6").judged().verdict


def test_a_charger_that_comes_again_and_again_without_a_certificate_fails() -> None:
    """A00.FR.402: it identifies itself by its certificate; the backend asked, and saw it come and show none.

    The second is told as traces of before told it, in words alone.
    """
    once = {"started": True}  # of the emulated charger it is known; whoever else never logged in may be anybody
    t = nameless(T(), **once)
    t = nameless(t, remote="192.0.2.7:4712", detail="peer did not return a certificate", **once)
    assert highest(t) is FAIL
    assert highest(nameless(nameless(T()))) is INCONCLUSIVE


def test_somebody_who_comes_once_without_a_certificate_is_not_the_charger() -> None:
    """A browser or a scanner that looks in shows no certificate; two of them from elsewhere do not make a charger."""
    assert highest(T()) is INCONCLUSIVE
    assert highest(nameless(T())) is INCONCLUSIVE
    assert highest(nameless(nameless(T()), remote="192.0.2.9:80")) is INCONCLUSIVE
    known = {"started": True, "detail": "certificate verify failed"}
    assert highest(nameless(nameless(T(), **known), **known)) is INCONCLUSIVE
    assert highest(nameless(nameless(T(), cause=None, started=True), cause=None, started=True)) is INCONCLUSIVE


def modern(t: T) -> Verdict:
    """The verdict on what it offers."""
    return t.claims("security.client_hello_is_modern", "SC-06.6").judged().verdict


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        (hello("TLSv1.3", "TLSv1.2"), PASS),
        (hello("TLSv1.2", extension=False), PASS),
        (hello("TLSv1.2", "TLSv1.1"), FAIL),
        (hello("TLSv1.2", "SSLv3"), FAIL),
        (hello("TLSv1.3", compression=[1, 0]), FAIL),
        (hello("TLSv1.2", suites=["c00a", "002f"]), FAIL),
        (hello("TLSv1.2", suites=["TLS_RSA_WITH_AES_128_GCM_SHA256"]), PASS),
        (hello(), FAIL),
    ],
)
def test_what_the_hello_offers(offered: dict[str, Any], expected: Verdict) -> None:
    """Versions, compression and suites."""
    assert modern(there(client_hello=offered)) is expected


def test_every_hello_counts_also_those_after_the_claim() -> None:
    """Modern at first, old when it logs in at an old server later in the campaign."""
    t = there().claims("security.client_hello_is_modern")
    assert t.judged().verdict is PASS
    there(t, client_hello=hello("TLSv1.2", "TLSv1.0"), scenario="old_tls")
    assert t.judged().verdict is FAIL


def test_our_own_clients_hello_is_not_the_chargers() -> None:
    """The control client is careless on purpose."""
    t = shakes(T(), "old_tls", "completed", None, peer="control_client", client_hello=hello("TLSv1.0"))
    assert modern(t) is INCONCLUSIVE


def met(t: T) -> T:
    """The charger met the hostile server a second ago, and is back."""
    there(t).connects(2).tells("Started", 0).wait(1)
    return shakes(t, "unknown_ca").named("met").wait(1).connects(2)


def event(t: T, kind: str = "InvalidCsmsCertificate", at_s: float | None = None) -> T:
    """The charger reports a security event."""
    return t.says("SecurityEventNotification", {"type": kind, "timestamp": t.stamp(at_s)})


def reported(t: T, **params: Any) -> Verdict:
    """The verdict on SC-06.5."""
    wanted = {"types": ["InvalidCsmsCertificate"], "after": "@met"}
    return t.claims("security.reports_event", "SC-06.5", **{**wanted, **params}).judged().verdict


def test_a_report_in_time_passes() -> None:
    """Three seconds after it is back."""
    assert reported(event(met(T()).wait(3), at_s=1.0)) is PASS


def test_a_report_too_late_fails() -> None:
    """Forty seconds where thirty are allowed."""
    assert reported(event(met(T()).wait(40), at_s=1.0)) is FAIL


def test_no_report_fails_once_the_time_is_up() -> None:
    """And not before."""
    assert reported(met(T()).wait(31)) is FAIL
    assert reported(met(T()).wait(10)) is INCONCLUSIVE


def test_another_event_is_no_report() -> None:
    """StartupOfTheDevice is not what happened."""
    assert reported(event(met(T()).wait(1), "StartupOfTheDevice").wait(31)) is FAIL


@pytest.mark.parametrize("skew_s", [0.0, 3600.0])
def test_a_report_of_an_earlier_refusal_is_stale(skew_s: float) -> None:
    """An event of a minute ago, delivered now, is about another server; the charger's clock may be off."""
    t = there(T(skew_s=skew_s)).connects(2).tells("Started", 0).wait(60).tells("Updated", 1).wait(1)
    t = shakes(t, "unknown_ca").named("met").wait(1).connects(2)
    assert reported(event(t, at_s=2.0).wait(31)) is FAIL


def test_a_charger_with_a_wrong_clock_reports_too() -> None:
    """An hour behind, and still about this server."""
    t = met(T(skew_s=-3600.0)).tells("Updated", 1).wait(1)
    assert reported(event(t, at_s=1.0)) is PASS


def test_a_charger_that_never_met_it_or_never_came_back_reports_nothing() -> None:
    """Inconclusive either way; not an error of ours."""
    t = T().claims("security.reports_event", types=["InvalidCsmsCertificate"])
    assert t.judged().verdict is INCONCLUSIVE
    t = shakes(T(), "unknown_ca").named("met").wait(60)
    assert reported(t) is INCONCLUSIVE


def test_the_highest_profile_is_mutual_tls_in_every_connection() -> None:
    """A certificate of its own in each; where it was asked for, one without fails, also after the claim."""
    judge = "security.highest_profile"
    assert T().connects().connects(2).claims(judge).judged().verdict is PASS
    bare = {"version": "TLSv1.3", "cipher": "X", "peer_subject": None, "asked_for_certificate": True}
    assert T().connects().connects(2, tls=bare).claims(judge).judged().verdict is FAIL
    assert T().connects().claims(judge).connects(2, tls=bare).all_judged()[0].finding.verdict is FAIL
    assert T().claims(judge).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize("tls", [{"version": "TLSv1.3", "cipher": "X", "peer_subject": None}, None])
def test_a_lower_profile_that_the_bench_chose_is_no_fault_of_the_charger(tls: dict[str, Any] | None) -> None:
    """Nobody asked it for a certificate: the finding says that the bench must be set to profile 3."""
    found = T().connects(tls=tls).claims("security.highest_profile").judged()
    assert (found.verdict, found.acted) == (INCONCLUSIVE, "harness")
    assert "the bench must be set to security profile 3" in found.seen


def test_the_version_of_ocpp_is_the_newest_connections() -> None:
    """2.1 agreed passes; 2.0.1 fails; a charger that came without offering 2.1 fails; none proves nothing."""
    judge, wanted = "sequences.connected_by", {"version": "ocpp2.1"}
    assert T(version="ocpp2.1").connects().claims(judge, **wanted).judged().verdict is PASS
    assert T().connects().claims(judge, **wanted).judged().verdict is FAIL
    t = T(version="ocpp2.1").connects().connects(2, offered=["ocpp2.0.1"], subprotocol="ocpp2.0.1")
    assert t.claims(judge, **wanted).judged().verdict is FAIL
    turned_away = {"state": "refused", "offered": ["ocpp1.6"], "subprotocol": None, "code": 101}
    assert T().connects(**turned_away).claims(judge, **wanted).judged().verdict is FAIL
    assert T().claims(judge, **wanted).judged().verdict is INCONCLUSIVE


def test_the_version_that_the_backend_chose_is_no_fault_of_the_charger() -> None:
    """It offered both; the finding says that the bench must be set to one."""
    t = T().connects(offered=["ocpp2.1", "ocpp2.0.1"], subprotocol="ocpp2.0.1")
    found = t.claims("sequences.connected_by", version="ocpp2.1").judged()
    assert (found.verdict, found.acted) == (INCONCLUSIVE, "harness")
    assert "the bench's backend chose" in found.seen
