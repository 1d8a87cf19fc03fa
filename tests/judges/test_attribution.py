"""Whose doing a connection is: each row of the table in `_attribution.py`, by a trace of a few lines."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from harness.judge.line._attribution import Callers, Whose
from tests.judges._trace import T

CHARGER, STRANGER, UNCLEAR, OURS = Whose.CHARGER, Whose.STRANGER, Whose.UNCLEAR, Whose.OURS
HERE, THERE = "192.0.2.7", "192.0.2.9"
HELLO = {"versions": ["TLSv1.3", "TLSv1.2"], "suites": ["1302"], "compression": [0], "extensions": [0, 10, 13, 43, 51]}
OTHER_HELLO = {**HELLO, "suites": ["1301", "1302"]}
S = 1_000_000_000


def shake(t: T, conn: int, host: str = HERE, **more: Any) -> T:
    """A handshake that the caller broke off."""
    data = {"conn": conn, "scenario": "unknown_ca", "peer": "caller", "outcome": "refused", "ended_by": "dut"}
    data |= {"client_hello": HELLO, "remote": f"{host}:{4000 + conn}"}
    return t.event("tls.handshake", "caller", **{**data, **more})


def login(t: T, conn: int = 1, host: str = HERE, hello: dict[str, Any] = HELLO, **more: Any) -> T:
    """A handshake that was completed, and the station's login by it."""
    shake(t, conn, host, scenario="good", outcome="completed", ended_by=None, client_hello=hello)
    return t.connects(conn, remote=f"{host}:{4000 + conn}", **{"proof": ["certificate"], **more})


def whose(t: T) -> Whose:
    """Who the newest event is attributed to."""
    return Callers(t.trace()).whose(t.events[-1])


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, CHARGER),
        ({"host": THERE}, STRANGER),
        ({"client_hello": OTHER_HELLO}, UNCLEAR),
        ({"host": THERE, "client_hello": OTHER_HELLO}, STRANGER),
        ({"client_hello": None}, UNCLEAR),
        ({"remote": None}, UNCLEAR),
        ({"peer": "control_client"}, OURS),
        ({"peer": "dut"}, CHARGER),  # as traces of version 1 say of everybody
        ({"host": THERE, "peer": "dut"}, STRANGER),
    ],
)
def test_address_and_hello_of_a_login(more: dict[str, Any], expected: Whose) -> None:
    """Both as in a login: the charger. Another address: a stranger. The address alone: it cannot be told."""
    assert whose(shake(login(T()).closes(1), 2, **more)) is expected


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_login_counts_for_what_came_before_and_after(order: str) -> None:
    """Attribution looks at the whole trace: an attempt before the first login is the charger's too."""
    t = shake(T(), 1) if order == "before" else login(T()).closes(1)
    t = login(t, 2).closes(2) if order == "before" else shake(t, 2)
    shakes = [e for e in t.events if e.kind == "tls.handshake"]
    assert [Callers(t.trace()).whose(e) for e in shakes] == [CHARGER, CHARGER]


def test_where_nobody_ever_logged_in_nothing_can_be_told() -> None:
    """It may be the charger, a browser, or a scanner."""
    assert whose(shake(T(), 1)) is UNCLEAR


def test_what_passes_in_a_hello_does_not_count() -> None:
    """Server name, padding, tickets and pre-shared keys change from one connection of a client to the next."""
    assert whose(shake(login(T()), 2, client_hello={**HELLO, "extensions": [51, 43, 13, 10, 21, 35, 41]})) is CHARGER
    assert whose(shake(login(T()), 2, client_hello={**HELLO, "extensions": [0, 10, 13, 16, 43, 51]})) is UNCLEAR


def test_who_proved_itself_is_the_charger_wherever_it_comes_from() -> None:
    """A password, a certificate, or (in traces that do not tell) that it was let in; and its handshake with it."""
    for proof in ({"proof": ["password"]}, {"proof": ["certificate"]}):
        t = login(login(T()), 2, THERE, OTHER_HELLO, **proof)
        assert [Callers(t.trace()).whose(e) for e in t.events[-2:]] == [CHARGER, CHARGER]
    assert whose(T().connects(1)) is CHARGER


def test_who_was_let_in_but_for_its_versions_has_proved_itself() -> None:
    """OCPP-J closes after the handshake when no version is common: by then the password had been given."""
    turned_away = {"state": "refused", "code": 101, "offered": ["ocpp1.6"], "subprotocol": None}
    assert whose(login(T(), **turned_away)) is CHARGER
    assert whose(login(login(T()), 2, THERE, **turned_away)) is CHARGER
    assert whose(login(login(T()), 2, THERE, **{**turned_away, "code": 401, "proof": []})) is STRANGER


def test_a_key_that_a_login_has_shown_is_the_chargers() -> None:
    """Its handshake is complete, so that it holds the key, from whatever address."""
    tls = {"version": "TLSv1.3", "peer_subject": "CN=CS-1", "peer_key": "aa"}
    t = login(T(), tls=tls)
    assert whose(shake(t, 2, THERE, outcome="completed", client_hello=OTHER_HELLO, peer_key="aa")) is CHARGER
    assert whose(shake(t, 3, THERE, outcome="completed", client_hello=OTHER_HELLO, peer_key="bb")) is STRANGER


def test_where_the_bench_asks_for_no_proof_one_address_is_the_charger_and_two_are_nobody() -> None:
    """Whoever knows the name is let in: as long as all come from one address there is no doubt."""
    bare: dict[str, Any] = {"proof": [], "tls": None}
    t = T().connects(1, remote=f"{HERE}:1", **bare)
    assert whose(t) is CHARGER
    assert whose(T().connects(1, remote=f"{HERE}:1", **bare).connects(2, remote=f"{HERE}:2", **bare)) is CHARGER
    assert whose(t.connects(2, remote=f"{THERE}:2", **bare)) is UNCLEAR


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"started": True, "process": 7}, CHARGER),
        ({"started": False, "process": 8}, STRANGER),
        ({"process": 7}, CHARGER),
        ({"process": 8}, STRANGER),
        ({}, UNCLEAR),
    ],
)
def test_programs_on_one_machine_are_told_apart(more: dict[str, Any], expected: Whose) -> None:
    """All of them share its address and often their TLS library; which program it was is in the trace."""
    t = login(T(), host="127.0.0.1", process=7)
    assert whose(shake(t, 2, "127.0.0.1", **more)) is expected
    assert whose(shake(t, 3, "127.0.0.1", **more)) is expected  # none of them makes the other doubtful


def test_the_charger_that_the_campaign_started_needs_no_login() -> None:
    """The emulated charger that never gets in is known all the same."""
    assert whose(shake(T(), 1, started=True)) is CHARGER


def test_another_name_from_the_same_address_makes_the_address_doubtful() -> None:
    """A second charger of the same make behind the same router."""
    t = login(login(T()), 2, state="refused", identity="CS-2", code=404, proof=[])
    assert whose(t) is UNCLEAR
    assert whose(shake(t, 3)) is UNCLEAR


def test_another_key_from_the_same_address_makes_the_address_doubtful() -> None:
    """Its certificate is good, and not the charger's."""
    t = login(T(), tls={"version": "TLSv1.3", "peer_subject": "CN=CS-1", "peer_key": "aa"})
    shake(t, 2, outcome="completed", peer_key="bb")
    assert whose(t) is UNCLEAR
    assert whose(shake(t, 3)) is UNCLEAR


def _knock(t: T, began_s: float) -> T:
    return shake(t, 2, began_ns=round(began_s * S))


def test_who_knocks_while_the_charger_speaks_is_somebody_else() -> None:
    """Asked at 2 s and answered on the old line: at 1 s the charger was there, so another one knocked."""
    t = login(T()).wait(2).asks("GetVariables").wait(1).answers({})
    assert whose(_knock(t, 1)) is UNCLEAR
    assert whose(shake(t, 3, began_ns=9 * S)) is UNCLEAR  # now it is known that there are two of them


def test_a_charger_that_lost_its_line_may_knock_while_we_take_it_to_be_connected() -> None:
    """What was asked after that was never answered on the old line."""
    t = login(T()).wait(2).asks("GetVariables").wait(1).answers({}).wait(1).asks("GetVariables").wait(1)
    assert whose(_knock(t, 3)) is CHARGER


def test_numbers_may_start_again_when_a_campaign_is_continued() -> None:
    """Connection 1 of the second process is not connection 1 of the first."""
    t = login(T(), 1).closes(1)
    assert whose(shake(t, 1, THERE)) is STRANGER
    assert whose(login(t, 1)) is CHARGER


def refuses(t: T) -> Any:
    """What is found of the refusal."""
    return t.claims("security.refuses", "SC-06.2", scenario="unknown_ca").judged()


def test_a_stranger_that_refuses_earns_the_charger_nothing() -> None:
    """The charger was away; the finding says who came."""
    found = refuses(shake(shake(login(T()).closes(1), 2, THERE), 3, THERE))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "never tried to connect" in found.seen
    assert f"2 attempts from {THERE} were not the charger's" in found.seen


def test_a_stranger_that_connects_does_the_charger_no_harm() -> None:
    """The charger refused; the scanner accepts everybody."""
    t = shake(shake(login(T()).closes(1), 2, THERE, outcome="completed", ended_by=None), 3)
    found = refuses(t)
    assert found.verdict is Verdict.PASS
    assert f"1 attempt from {THERE} was not the charger's" in found.seen


@pytest.mark.parametrize("outcome", ["refused", "completed"])
def test_somebody_at_the_same_address_decides_nothing(outcome: str) -> None:
    """Neither that it refused nor that it connected."""
    found = refuses(shake(login(T()).closes(1), 2, outcome=outcome, client_hello=OTHER_HELLO))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "the charger comes from there too, with another kind of TLS client" in found.seen


def test_a_doubtful_refusal_beside_the_chargers_own_changes_nothing() -> None:
    """Whoever it was, it could only have added another refusal; a doubtful acceptance could change the verdict."""
    t = shake(login(T()).closes(1), 2)
    assert refuses(shake(t, 3, client_hello=OTHER_HELLO)).verdict is Verdict.PASS
    assert refuses(shake(t, 4, outcome="completed", client_hello=OTHER_HELLO)).verdict is Verdict.INCONCLUSIVE


def test_the_chargers_own_acceptance_fails_whoever_else_came() -> None:
    """It logged in at the hostile server."""
    t = shake(login(T()).closes(1), 2, THERE)
    shake(t, 3, outcome="completed", ended_by=None).connects(3, remote=f"{HERE}:9", scenario="unknown_ca")
    assert refuses(t).verdict is Verdict.FAIL


def test_old_tls_of_a_stranger_is_told_and_harms_nobody() -> None:
    """At another address it is a stranger's; at the charger's own it makes the verdict inconclusive."""
    old = {**HELLO, "versions": ["TLSv1"]}
    modern = "security.client_hello_is_modern"
    found = shake(login(T()), 2, THERE, client_hello=old).claims(modern, "SC-06.6").judged()
    assert found.verdict is Verdict.PASS and f"1 attempt from {THERE} was not the charger's" in found.seen
    found = shake(login(T()), 2, client_hello=old).claims(modern, "SC-06.6").judged()
    assert found.verdict is Verdict.INCONCLUSIVE and "it offers TLSv1" in found.seen
    assert login(T(), hello=old).claims(modern, "SC-06.6").judged().verdict is Verdict.FAIL


def test_the_version_that_a_stranger_offers_is_not_the_chargers() -> None:
    """Turned away for its missing password, before anything about versions."""
    refused: dict[str, Any] = {"state": "refused", "code": 401, "proof": [], "offered": ["ocpp1.6"]}
    wanted = {"version": "ocpp2.0.1"}
    found = login(login(T()), 2, THERE, **refused).claims("sequences.connected_by", **wanted).judged()
    assert found.verdict is Verdict.PASS and f"1 attempt from {THERE} was not the charger's" in found.seen
    assert login(login(T()), 2, **refused).claims("sequences.connected_by", **wanted).judged().verdict is Verdict.FAIL
    other = login(login(T()), 2, hello=OTHER_HELLO, **refused).claims("sequences.connected_by", **wanted).judged()
    assert other.verdict is Verdict.INCONCLUSIVE and "somebody offered only ocpp1.6" in other.seen


def test_a_stranger_that_closes_is_no_lost_connection() -> None:
    """While the network was cut somebody else came and went; the charger's own line never broke."""
    t = login(T()).acts("csms.network", "cut:reset").named("cut").wait(1)
    t.closes(2, remote=f"{THERE}:7").acts("csms.network", "restore").named("restored").wait(1)
    t.claims("connectivity.reconnects", "SC-05.1", cut="@cut", restored="@restored")
    assert "the connection was never lost" in t.judged().seen


def report(t: T) -> Any:
    """What is found of the report, 40 s after the charger was back."""
    t.wait(40).claims("security.reports_event", "SC-06.5", types=["InvalidCsmsCertificate"], after="@met")
    return t.judged()


@pytest.mark.parametrize(
    ("more", "verdict", "words"),
    [
        ({}, Verdict.FAIL, "no such report"),
        ({"host": THERE}, Verdict.INCONCLUSIVE, "it never met the hostile server"),
        ({"client_hello": OTHER_HELLO}, Verdict.INCONCLUSIVE, "somebody met the hostile server"),
        ({"outcome": "completed"}, Verdict.INCONCLUSIVE, "it refused nothing"),
    ],
)
def test_only_what_the_charger_refused_must_be_reported(more: dict[str, Any], verdict: Verdict, words: str) -> None:
    """A stranger's refusal owes no report of the charger's; nor does an acceptance, which is judged elsewhere."""
    found = report(login(shake(login(T()).closes(1), 2, **more).named("met").wait(1), 3))
    assert found.verdict is verdict and words in found.seen


def test_a_crowd_that_leaves_the_charger_no_room_is_none_of_its_doing() -> None:
    """Our backend was full when it came back: two minutes without a login are not the charger's."""
    t = login(T()).acts("csms.network", "cut:reset").named("cut").wait(1).closes(1, by="harness")
    t.acts("csms.network", "restore").named("restored").wait(2)
    full = {"state": "refused", "reason": "x", "cause": "full", "proof": [], "tls": None, "identity": None}
    t.connects(9, remote=f"{HERE}:9", **full).wait(130)
    found = t.claims("connectivity.reconnects", "SC-05.1", cut="@cut", restored="@restored").judged()
    assert (found.verdict, found.acted) == (Verdict.INCONCLUSIVE, "harness")


def test_a_stranger_that_we_send_away_takes_nothing_from_the_share() -> None:
    """Only a line of the charger that we closed makes time unknown."""
    t = login(T()).wait(1).closes(2, by="harness", remote=f"{THERE}:2").wait(1)
    t.claims("connected_share.at_least_98_percent", "SC-05.5")
    assert "between 100.0 % and 100.0 %" in t.judged().seen


def test_a_stranger_that_leaves_does_not_excuse_a_reset_that_never_came() -> None:
    """The charger accepted the reset and stayed on its line; who came and went beside it was somebody else."""
    t = login(T()).event("step.started", "harness").named("reset").asks("Reset", {"type": "Immediate"}).answers()
    t.wait(5).closes(2, remote=f"{THERE}:2").wait(30)
    t.claims("core_ocpp.boots_in_order", "SC-09.1", since="@reset", reasons=["RemoteReset"], boot_s=30)
    assert t.judged().verdict is Verdict.FAIL
