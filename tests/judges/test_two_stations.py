"""Two stations in one trace: each gets its own findings, and what came before a login is seen by both."""

from __future__ import annotations

import pytest

from harness.judge import Finding, Verdict
from harness.judge.line._attribution import Whose, callers_of
from harness.trace import Scope, messages, under_test
from tests.judges._trace import T
from tests.judges.test_attribution import HERE, THERE, login, shake

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
ONE, TWO = "CS-1", "CS-2"


def here_and_there(t: T | None = None, **two: str) -> T:
    """Both log in: station 1 from here by connection 1, station 2 from there by connection 2."""
    return login(login(t or T(), 1, HERE), 2, two.pop("host", THERE), identity=TWO, **two)


def by(t: T, conn: int) -> T:
    """The next frames come by this connection."""
    t.conn = conn
    return t


def each(t: T, judge: str, criterion: str, **params: object) -> list[Finding]:
    """What the judge finds of each station."""
    for station in (ONE, TWO):
        t.of(station).claims(judge, criterion, **params)
    return [judged.finding for judged in t.all_judged()[-2:]]


def test_a_faulty_message_is_that_of_its_station() -> None:
    """Station 2 sends one that breaks OCPP; station 1's are all valid."""
    t = here_and_there()
    by(t, 1).says("Heartbeat").is_answered({"currentTime": t.stamp()})
    by(t, 2).says("Heartbeat", {"who": "knows"}).is_answered({"currentTime": t.stamp()})
    one, two = each(t, "core_ocpp.every_frame_valid", "SC-09.9")
    assert (one.verdict, two.verdict) == (PASS, FAIL)
    assert one.seen.startswith("1 messages") and two.seen.startswith("1 of 1")


def test_the_same_transaction_id_at_two_stations_is_two_transactions() -> None:
    """Chargers count as they like: "7" at one is not "7" at the other, and its EVSE neither."""
    t = here_and_there()
    for conn, last in ((1, 1), (2, 2)):
        by(t, conn).tells("Started", 0, tx="7", evse={"id": conn}).tells("Ended", last, tx="7")
    for station, evse in ((ONE, 1), (TWO, 2)):
        t.of(station, evse).claims("core_ocpp.transaction_in_sequence", "SC-09.3", since=0)
    assert [found.finding.verdict for found in t.all_judged()] == [PASS, FAIL]


def test_a_message_id_at_two_stations_is_no_duplicate() -> None:
    """Ids are unique within a station; both may begin with 1."""
    t = here_and_there()
    for conn in (1, 2):
        by(t, conn).says("Heartbeat", id="1").is_answered({"currentTime": t.stamp()})
    assert {found.verdict for found in each(t, "core_ocpp.every_frame_valid", "SC-09.9")} == {PASS}


@pytest.mark.parametrize(
    ("host", "whose"), [(HERE, (Whose.CHARGER, Whose.STRANGER)), (THERE, (Whose.STRANGER, Whose.CHARGER))]
)
def test_a_refusal_before_any_login_is_that_of_the_station_it_came_from(host: str, whose: tuple[Whose, Whose]) -> None:
    """A handshake names nobody: address and hello tell which of the two it was."""
    t = here_and_there(shake(T(), 9, host))
    refused = next(e for e in t.events if e.kind == "tls.handshake")
    scopes = [Scope(t.trace(), station=station) for station in (ONE, TWO)]
    assert all(refused.seq in scope.numbers for scope in scopes), "both see it"
    assert tuple(callers_of(scope).whose(refused) for scope in scopes) == whose


def test_at_one_address_with_one_kind_of_client_it_cannot_be_told() -> None:
    """Two stations of a model behind one router: what neither proved is unclear to both."""
    t = here_and_there(shake(T(), 9), host=HERE)
    refused = next(e for e in t.events if e.kind == "tls.handshake")
    scopes = [Scope(t.trace(), station=station) for station in (ONE, TWO)]
    assert [callers_of(scope).whose(refused) for scope in scopes] == [Whose.UNCLEAR, Whose.UNCLEAR]


def test_another_station_s_login_is_a_stranger_s() -> None:
    """It proved to be somebody else."""
    t = here_and_there(host=HERE)
    opened = {e.data["identity"]: e for e in t.events if e.kind == "ocpp.connection"}
    mine = callers_of(Scope(t.trace(), station=ONE))
    assert (mine.whose(opened[ONE]), mine.whose(opened[TWO])) == (Whose.CHARGER, Whose.STRANGER)


def test_one_station_s_refusal_is_no_other_station_s() -> None:
    """Station 1 breaks off our bad certificate, station 2 completes the handshake: pass and fail."""
    t = here_and_there()
    shake(t, 3, HERE).wait(1)
    shake(t, 4, THERE, outcome="completed", ended_by=None)
    t.wait(1)
    here_and_there(t)
    one, two = each(t, "security.refuses", "SC-06.2", scenario="unknown_ca")
    assert (one.verdict, two.verdict) == (PASS, FAIL)


def test_a_station_that_is_away_is_not_excused_by_the_other() -> None:
    """Station 2 stays connected; station 1 does not come back after the network's return."""
    t = here_and_there().wait(1)
    t.of(ONE).acts("network_switch", "NET OFF").named("cut").closes(1, proof=["certificate"]).wait(5)
    t.acts("network_switch", "NET ON").named("restored").wait(10)
    login(t, 7, THERE, identity=TWO).wait(200)
    one, two = each(t, "connectivity.reconnects", "SC-05.1", cut="@cut", restored="@restored")
    assert one.verdict is FAIL and two.verdict is not PASS


def test_a_campaign_s_decision_is_about_the_station_that_its_cases_name() -> None:
    """The boot of another station is not the boot of the one under test; where two are named, nothing is left out."""
    t = here_and_there()
    for conn, serial in ((1, "S-1"), (2, "S-2")):
        plate = {"vendorName": "ACME", "model": "Box", "serialNumber": serial}
        by(t, conn).says("BootNotification", {"reason": "PowerUp", "chargingStation": plate})
    t.of(ONE).claims("core_ocpp.every_frame_valid", "SC-09.9")
    said = [m.payload["chargingStation"]["serialNumber"] for m in messages(under_test(t.trace()), direction="in")]
    assert said == ["S-1"]
    t.of(TWO).claims("core_ocpp.every_frame_valid", "SC-09.9")
    assert len(messages(under_test(t.trace()), direction="in")) == 2
