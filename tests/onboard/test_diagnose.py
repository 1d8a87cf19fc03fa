"""Diagnosis by hand-written traces: what cannot easily be brought about on a socket, and how advice is gathered."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.onboard import Advice, diagnose
from harness.trace import Event, Trace

T0 = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
BOOT = {"reason": "PowerUp", "chargingStation": {"model": "R22", "vendorName": "Tests", "serialNumber": "SN-1"}}


class Scene:
    """A trace under construction; `at_s` is when things happen."""

    def __init__(self, **told: Any) -> None:
        self.events: list[Event] = []
        self.add(0, "onboard.started", {"url": "wss://bench:9000/ocpp", "identity": "CS001", "port": 9000, **told})

    def add(self, at_s: float, kind: str, data: dict[str, Any]) -> Scene:
        utc = (T0 + timedelta(seconds=at_s)).isoformat().replace("+00:00", "Z")
        seq = len(self.events)
        self.events.append(Event(seq=seq, t_ns=int(at_s * 1e9), utc=utc, kind=kind, who="dut", data=data))
        return self

    def shook(self, at_s: float, alert: str | None, by: str = "dut", **more: Any) -> Scene:
        data = {"conn": len(self.events), "peer": "dut", "outcome": "refused", "ended_by": by, "remote": "10.0.0.7:99"}
        named = {"level": "fatal", "code": 0, "name": alert} if alert else None
        hello = {"versions": ["TLSv1.2"], "suites": ["A"], "sni": "bench"}
        return self.add(at_s, "tls.handshake", {**data, "alert": named, "client_hello": hello, **more})

    def link(self, at_s: float, state: str, **more: Any) -> Scene:
        data = {"conn": 1, "state": state, "identity": "CS001", "path": "/ocpp/CS001", "offered": ["ocpp2.0.1"]}
        data |= {"subprotocol": "ocpp2.0.1", "remote": "10.0.0.7:99", "tls": None}
        return self.add(at_s, "ocpp.connection", {**data, **more})

    def frame(self, at_s: float, way: str, frame: list[Any], **more: Any) -> Scene:
        action = more.pop("action", frame[2] if frame[0] == 2 else None)
        data = {"conn": 1, "dir": way, "raw": json.dumps(frame), "type": frame[0], "id": frame[1], "action": action}
        return self.add(at_s, "ocpp.frame", {**data, "errors": [], "reply_to": None, **more})

    def call(self, at_s: float, action: str, payload: dict[str, Any], **more: Any) -> Scene:
        return self.frame(at_s, "in", [2, f"i{at_s}", action, payload], **more)

    def booted(self, at_s: float) -> Scene:
        self.call(at_s, "BootNotification", BOOT)
        answer = [3, f"i{at_s}", {"status": "Accepted"}]
        return self.frame(at_s, "out", answer, action="BootNotification", reply_to=len(self.events) - 1)

    def advice(self, now_s: float | None = None) -> dict[str, Advice]:
        found = diagnose(Trace(self.events), None if now_s is None else int(now_s * 1e9))
        assert len({a.topic for a in found}) == len(found)
        return {a.topic: a for a in found}


@pytest.mark.parametrize(
    ("alert", "by", "more", "topic", "words"),
    [
        ("unknown_ca", "dut", {}, "tls.unknown_ca", "Install this CA"),
        ("certificate_expired", "dut", {}, "tls.certificate_expired", "clock to UTC"),
        ("bad_certificate", "dut", {}, "tls.bad_certificate", "It asked for 'bench'"),
        ("certificate_unknown", "dut", {}, "tls.certificate_unknown", "host names: bench"),
        ("unsupported_certificate", "dut", {}, "tls.unsupported_certificate", "--key-type rsa"),
        ("handshake_failure", "dut", {}, "tls.handshake_failure", "TLS 1.2"),
        ("internal_error", "dut", {}, "tls.internal_error", "own log"),
        (None, "dut", {"detail": "closed the TCP connection after our ServerHello"}, "tls.closed_silently", "CA"),
        (None, "dut", {"detail": "completed the TLS handshake, then closed"}, "tls.closed_after", "host names: bench"),
        (None, "dut", {"client_hello": None}, "tls.broken_off", "cable"),
        ("handshake_failure", "harness", {"detail": "no shared cipher"}, "tls.no_common_suite", "suites"),
        ("decode_error", "harness", {"detail": "bad record"}, "tls.ours", "own log"),
    ],
)
def test_each_alert_has_its_remedy(alert: str | None, by: str, more: dict[str, Any], topic: str, words: str) -> None:
    """Every way a handshake ends names who ended it and what to change."""
    scene = Scene(host_names=["bench"], ca_file="/bench/root.pem", security_profile=2)
    advice = scene.shook(1, alert, by, **more).advice()[topic]
    assert advice.severity == "problem"
    assert words in advice.do
    assert advice.see.startswith("We" if by == "harness" else ("The charger", "Something"))


def test_a_charger_of_the_other_kind_is_told_the_other_root() -> None:
    """A charger that knows RSA only was shown the RSA certificate: it is that root which it must trust (A00.FR.319)."""
    told = {"ca_file": "/bench/root.pem", "other_ca_file": "/bench/root-rsa.pem", "security_profile": 2}
    for shown, file in (("ec", "/bench/root.pem"), ("rsa", "/bench/root-rsa.pem")):
        advice = Scene(**told).shook(1, "unknown_ca", "dut", shown=shown).advice()["tls.unknown_ca"]
        assert advice.do.endswith(file)


def test_the_control_client_is_not_the_charger() -> None:
    """Our own control handshakes are no sign of a charger."""
    found = Scene().shook(1, "unknown_ca", peer="control_client").advice(60)
    assert list(found) == ["nothing"]


def test_the_same_thing_again_is_counted() -> None:
    """Ten attempts that fail alike are one advice, seen ten times, resting on the first."""
    scene = Scene()
    for at_s in range(10):
        scene.shook(at_s, "unknown_ca")
    advice = scene.advice()["tls.unknown_ca"]
    assert (advice.times, advice.seq) == (10, 1)


def test_a_tls_failure_that_was_told_as_a_refusal_is_told_once() -> None:
    """Plain HTTP on a TLS port leaves two events; the person reads one sentence."""
    scene = Scene(security_profile=2).shook(1, None, "harness", conn=7, detail="the other side spoke plain HTTP")
    found = scene.link(1, "refused", conn=7, reason="spoke plain HTTP (ws://) on a TLS port (wss://)").advice()
    assert [t for t, a in found.items() if a.severity == "problem"] == ["plain_on_tls"]


def test_two_things_that_are_wrong_are_told_at_once() -> None:
    """A wrong password and OCPP 1.6 only: nobody should find the second after correcting the first."""
    data = {"conn": 5, "code": 401, "reason": "no HTTP Basic credentials were sent", "offered": ["ocpp1.6"]}
    found = Scene().link(1, "refused", **data).advice()
    assert {"password.none", "version.old"} <= set(found)


def test_problems_before_the_charger_came_in_are_settled_and_later_ones_are_not() -> None:
    """A wrong password after the connection opened stands; one before it does not."""
    scene = Scene().link(1, "refused", conn=5, code=401, reason="no HTTP Basic credentials were sent")
    scene.link(2, "open").booted(2.1)
    scene.link(3, "refused", conn=6, code=401, reason="wrong password for 'CS001'")
    found = scene.advice()
    assert found["password.none"].settled and not found["password.wrong"].settled


@pytest.mark.parametrize(("now_s", "topics"), [(10, set()), (40, {"boot.silent"})])
def test_a_charger_that_says_nothing_is_told_after_a_while(now_s: float, topics: set[str]) -> None:
    """Connected and silent: patience first, then advice."""
    found = Scene().link(1, "open").advice(now_s)
    assert {t for t in found if t.startswith("boot")} == topics


def test_talk_without_a_boot_is_told() -> None:
    """Heartbeats without a BootNotification: the charger believes that it has introduced itself."""
    found = Scene().link(1, "open").call(2, "Heartbeat", {}).advice(60)
    assert "Heartbeat" in found["boot.missing"].see


def test_a_reconnect_after_a_boot_needs_no_second_boot() -> None:
    """A charger that lost its connection goes on without a BootNotification (B01.FR.05); that is no fault."""
    scene = Scene().link(1, "open").booted(1.5).link(2, "closed", code=1006, closed_by="dut", reason="reset")
    found = scene.link(3, "open", conn=2).call(4, "Heartbeat", {}, conn=2).advice(60)
    assert not [t for t in found if t.startswith("boot.")]


def test_a_boot_that_was_not_accepted_is_told() -> None:
    """Pending and Rejected keep the charger waiting."""
    scene = Scene().link(1, "open").call(2, "BootNotification", BOOT)
    scene.frame(2, "out", [3, "i2", {"status": "Rejected"}], action="BootNotification", reply_to=2)
    assert "Rejected" in scene.advice()["boot.rejected"].see


def test_a_boot_that_cannot_be_read_is_told_once_and_not_as_something_to_be_tested_all_the_same() -> None:
    """It keeps the charger from starting to work; one that holds the fields of OCPP 1.6 is told so."""
    scene = Scene().link(1, "open")
    scene.call(2, "BootNotification", {"chargePointVendor": "V"}, errors=["payload: 'reason' is a required property"])
    found = scene.advice()
    assert "OCPP 1.6" in found["boot.invalid"].means and "faulty.BootNotification" not in found


def test_old_news_do_not_make_a_clock_wrong() -> None:
    """A queue of the past is delivered with its own times; one message with the right time clears the clock."""
    scene = Scene().link(1, "open").booted(1)
    old = (T0 - timedelta(hours=7)).isoformat()
    for at_s in (2, 3):
        scene.call(at_s, "TransactionEvent", {"timestamp": old})
    assert "clock.off" in scene.advice()
    scene.call(4, "StatusNotification", {"timestamp": (T0 + timedelta(seconds=4)).isoformat()})
    found = scene.advice()
    assert "clock.right" in found and "clock.off" not in found


@pytest.mark.parametrize("text", ["", "yesterday", "2026-13-45T00:00:00Z", 7, None])
def test_times_that_are_no_times_say_nothing_of_the_clock(text: Any) -> None:
    """Rubbish in a time field never breaks the diagnosis."""
    found = Scene().link(1, "open").booted(1).call(2, "StatusNotification", {"timestamp": text}).advice()
    assert not [t for t in found if t.startswith("clock")]


@pytest.mark.parametrize("identity", ["CS001", None])
@pytest.mark.parametrize("path", ["/CS001", "/steve/CS001", "/ocpp/x/CS001"])
def test_a_path_without_the_endpoint_is_not_called_another_identity(path: str, identity: str | None) -> None:
    """The identity is right and the path is not: the person reads which path is wanted, not the name that it has."""
    data = {"path": path, "code": 404, "reason": f"the path is {path!r}; this CSMS is at /ocpp/IDENTITY"}
    found = Scene(identity=identity).link(1, "refused", **data).advice()
    assert "identity.CS001" not in found and "identity.form" not in found
    assert "wss://bench:9000/ocpp" in found["path.wrong"].do and path in found["path.wrong"].see


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/ocpp/CS001", None),
        ("/ocpp/CS001/CS001", "stands twice"),
        ("/webServices/ocpp/CS001", "may not"),
    ],
)
def test_an_odd_path_is_let_in_and_noted(path: str, words: str | None) -> None:
    """We are lenient about the path; the person reads that other backends are not."""
    found = Scene().link(1, "open", path=path).advice()
    notes = [a.means for t, a in found.items() if t.startswith("path")]
    assert notes == [] if words is None else words in notes[0]


def test_messages_that_break_the_schema_are_noted_by_action() -> None:
    """A faulty message does not keep the charger out; its action, fault and number are told."""
    scene = Scene().link(1, "open").booted(1)
    for at_s in (2, 3):
        scene.call(at_s, "StatusNotification", {}, errors=["'timestamp' is missing"])
    note = scene.advice()["faulty.StatusNotification"]
    assert (note.severity, note.times) == ("note", 2)
    assert "'timestamp' is missing" in note.see


def test_an_empty_trace_tells_nothing() -> None:
    """Before anything was recorded there is nothing to say."""
    assert diagnose(Trace(())) == []


def test_a_stranger_beside_the_charger_is_none_of_its_problems() -> None:
    """Once the charger has logged in, what comes from elsewhere and never logs in is not advice for it."""
    before = Scene().shook(1, "unknown_ca", remote="10.0.0.9:5")
    assert "tls.unknown_ca" in before.advice()
    assert "tls.unknown_ca" not in before.link(2, "open").booted(2.1).advice()
