"""TLS and security events: whom the charger trusts, what it offers, and whether it reports a refusal."""

from __future__ import annotations

from harness.judge._clock import moment, skew
from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, run_start, seconds, unseen
from harness.judge.connectivity import opened_after
from harness.trace import Event, OcppMessage, Trace, messages

# Suites with authenticated encryption by their IANA numbers: TLS 1.3's own, and GCM, CCM, ChaCha20 of TLS 1.2.
_AEAD_TLS_1_3 = frozenset(("1301", "1302", "1303", "1304", "1305"))
_AEAD_GCM = frozenset(("009c", "009d", "009e", "009f", "c02b", "c02c", "c02d", "c02e", "c02f", "c030"))
_AEAD = _AEAD_TLS_1_3 | _AEAD_GCM | frozenset(("c0ac", "c0ad", "cca8", "cca9", "ccaa"))
_BEFORE_S = 1.0  # the meeting is recorded when it ended; what it was about happened a little before
_NAMELESS = 2
_SCENARIOS = {
    "wrong_host": "a certificate for another host name",
    "unknown_ca": "a certificate from an authority it does not know",
    "expired": "an expired certificate",
    "old_tls": "a server that speaks only TLS 1.1 or older",
}


_CLAUSES = {
    "wrong_host": "OCPP 2.0.1 A00.FR.309, A00.FR.412",
    "unknown_ca": "OCPP 2.0.1 A00.FR.308, A00.FR.411, A00.FR.414",
    "expired": "OCPP 2.0.1 A00.FR.308, A00.FR.411, A00.FR.414",
    "old_tls": "OCPP 2.0.1 A00.FR.313, A00.FR.316, A00.FR.416, A00.FR.419",
}
_ABOUT_VERSIONS = ("protocol_version", "inappropriate_fallback")  # alerts that say nothing of a certificate


def _handshakes(trace: Trace, claim: Claim, scenario: str, peer: str) -> list[Event]:
    """The handshakes of this run of the case with a server that played `scenario`."""
    since = max(int(claim.params.get("since", -1)), run_start(trace, claim) if scenario != "good" else -1)
    return [
        e
        for e in trace.of("tls.handshake").after(since).up_to(claim.seq)
        if e.data.get("scenario") == scenario and e.data.get("peer", "dut") == peer
    ]


@judge("security.control_client_connects")
def control_client_connects(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A permissive client of ours completes the handshake with the same hostile server: the server does work."""
    scenario = claim.params["scenario"]
    expected = f"a careless client connects to {_SCENARIOS.get(scenario, scenario)}"
    shakes = _handshakes(trace, claim, scenario, "control_client")
    done = [e for e in shakes if e.data.get("outcome") == "completed"]
    # each kind of certificate has its control, because which one is shown is the charger's choice (A00.FR.318, .319)
    if not done or {e.data.get("shown") for e in shakes} - {e.data.get("shown") for e in done}:
        return unseen(expected, "our own careless client could not connect, so the server proves nothing")
    return holds(True, expected, f"it connected with {done[0].data.get('version')}", done[0], acted="harness")


@judge("security.connects_to_the_right_server")
def connects_to_the_right_server(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The DUT completes a handshake with the good server since `since`: it is there, and it does connect."""
    expected = "the charger connects to the right server"
    done = [e for e in _handshakes(trace, claim, "good", "dut") if e.data.get("outcome") == "completed"]
    if not done:
        return unseen(expected, "it did not", acted="dut")
    return holds(True, expected, f"{done[-1].data.get('version')}, {done[-1].data.get('cipher')}", done[-1])


@judge("security.refuses")
def refuses(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The DUT ended every handshake of `scenario` itself; none became a connection. Who sent the alert is recorded."""
    scenario = claim.params["scenario"]
    expected = f"the charger refuses {_SCENARIOS.get(scenario, scenario)}"
    clause = _CLAUSES.get(scenario, "OCPP 2.0.1 A00")
    shakes = _handshakes(trace, claim, scenario, "dut")
    if not shakes:
        return unseen(expected, "the charger never tried to connect while that server stood there", acted="dut")
    done = [e for e in shakes if e.data.get("outcome") == "completed"]
    after = trace.of("ocpp.connection").after(run_start(trace, claim))
    spoke = [e for e in after if e.data.get("scenario") == scenario and _is_open(e)]
    if done or spoke:
        seen = f"it connected ({done[0].data.get('version')}, {done[0].data.get('cipher')})" if done else "it connected"
        return holds(False, expected, seen, (done or spoke)[0], clause=clause)
    own = [e for e in shakes if e.data.get("ended_by") == "dut" and e.data.get("outcome") == "refused"]
    about = [e for e in own if scenario == "old_tls" or _alert(e) not in _ABOUT_VERSIONS]
    if about:
        seen = f"it broke off {len(about)} time(s), with the alert {_alert(about[0])}"
        return holds(True, expected, seen, about[0], clause=clause)
    if scenario == "old_tls" and all(_offers_only_new(e) and _lists_versions(e) for e in shakes):
        seen = "it offers only TLS 1.2 and newer, so there is nothing the old server could agree to"
        return holds(True, expected, seen, shakes[0], clause=clause)
    seen = f"it broke off for another reason ({_alert(own[0])})" if own else "it was not the charger that broke off"
    return found(Verdict.INCONCLUSIVE, expected, f"the handshake failed, but {seen}", shakes[0], clause=clause)


def _came_without_certificate(event: Event) -> bool:
    """Whether our backend ended a handshake because the client, asked for a certificate, sent none."""
    data = event.data
    if event.kind != "tls.handshake" or (data.get("peer", "dut"), data.get("scenario")) != ("dut", "good"):
        return False
    detail = str(data.get("detail", "")).lower().replace("_", " ")
    return data.get("ended_by") == "harness" and "did not return a certificate" in detail


def _host(handshake: Event) -> str:
    return str(handshake.data.get("remote", "")).rpartition(":")[0]


def _alert(handshake: Event) -> str:
    return str((handshake.data.get("alert") or {}).get("name", "none"))


def _is_open(event: Event) -> bool:
    return event.kind == "ocpp.connection" and event.data.get("state") == "open"


def _lists_versions(handshake: Event) -> bool:
    """Whether the hello lists the versions it takes; without that list it names but the newest of them."""
    return bool((handshake.data.get("client_hello") or {}).get("supported_versions_extension"))


def _authenticated(suite: str) -> bool:
    """Whether a suite, by its IANA name or number, encrypts with authentication."""
    return suite.lower().removeprefix("0x") in _AEAD or any(m in suite for m in ("_GCM_", "_CHACHA20_", "_CCM"))


def _offers_only_new(handshake: Event) -> bool:
    versions = (handshake.data.get("client_hello") or {}).get("versions") or []
    return bool(versions) and set(versions) <= {"TLSv1.2", "TLSv1.3"}


@judge("security.client_hello_is_modern", whole=True)
def client_hello_is_modern(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every ClientHello of the DUT offers only TLS 1.2 or newer, no compression, and a suite the standard requires."""
    expected = "it offers TLS 1.2 or newer only, no compression, and an authenticated-encryption suite"
    clause = "OCPP 2.0.1 A00.FR.416, A00.FR.422, A00.FR.424"
    hellos = [e for e in trace.of("tls.handshake") if e.data.get("peer", "dut") == "dut" and e.data.get("client_hello")]
    if not hellos:
        return unseen(expected, "no ClientHello was seen", acted="dut", clause=clause)
    for event in hellos:
        hello = event.data["client_hello"]
        if not _offers_only_new(event):
            return holds(False, expected, f"it offers {', '.join(hello.get('versions', []))}", event, clause=clause)
        if any(str(c) not in ("null", "0", "none") for c in hello.get("compression", [])):
            return holds(False, expected, f"it offers compression {hello['compression']}", event, clause=clause)
        if not any(_authenticated(str(suite)) for suite in hello.get("suites", [])):
            return holds(False, expected, "it offers no authenticated-encryption suite", event, clause=clause)
    versions = ", ".join(hellos[0].data["client_hello"]["versions"])
    return holds(True, expected, f"{len(hellos)} handshakes, offering {versions}", hellos[0], clause=clause)


@judge("security.reports_event")
def reports_event(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A SecurityEventNotification of one of `types` came within security.event_time after reconnection (A04)."""
    types: list[str] = list(claim.params["types"])
    limit = limits["security.event_time"]
    expected = f"it reports {' or '.join(types)} within {limit.value:g} {limit.unit} of being connected again"
    clause = "OCPP 2.0.1 A04.FR.01, A04.FR.02, A00.FR.310, A00.FR.413"
    if "after" not in claim.params:
        return unseen(expected, "it never met the hostile server", acted="dut", clause=clause)
    since = opened_after(trace, int(claim.params["after"]), claim.seq)
    if since is None:
        return unseen(expected, "it was never connected again", acted="dut", clause=clause)
    hits = [
        m
        for m in messages(trace.after(since.seq), action="SecurityEventNotification", direction="in")
        if m.type == 2 and m.payload.get("type") in types and not _stale(trace, claim, m)
    ]
    if not hits:
        watched_s = seconds(trace.by_seq(claim.seq), since)
        verdict = Verdict.FAIL if watched_s > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"no such report in {watched_s:.1f} s", since, clause=clause)
    verdict, measured = held_against("time to report", seconds(hits[0].event, since), limit)
    seen = f"{hits[0].payload.get('type')} after {measured.value:.2f} s"
    return found(verdict, expected, seen, hits[0].event, clause=clause, measurements=[measured])


def _stale(trace: Trace, claim: Claim, report: OcppMessage) -> bool:
    """Whether a report is about something that happened before the charger met this server."""
    happened, met = moment(report.payload.get("timestamp")), trace.by_seq(int(claim.params["after"]))
    clocks, then = skew(trace, claim.seq), moment(met.utc)
    if happened is None or clocks is None or then is None:
        return False
    return (happened - then).total_seconds() - clocks.ahead_s < -clocks.within_s - _BEFORE_S


@judge("security.highest_profile", whole=True)
def highest_profile(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The charger's accepted connection uses mutual TLS: security profile 3, the highest OCPP defines.

    A charger that was never let in, because it came again and again without a certificate, did not use it either. Once
    is not enough: whoever looks at the port with a browser or a scanner shows none.
    """
    expected = "it connects by TLS and identifies itself with its own certificate (security profile 3)"
    clause = "OCPP 2.0.1 A00.FR.401, A00.FR.402, A00.FR.415; D5.4 no. 9 and 20"
    opened = [e for e in trace.of("ocpp.connection") if _is_open(e)]
    if not opened:
        nameless = [e for e in trace.of("tls.handshake") if _came_without_certificate(e)]
        again = [e for e in nameless if _host(e) == _host(nameless[-1])]
        if len(again) >= _NAMELESS:
            seen = f"it came {len(again)} times by TLS, was asked for its certificate, and showed none"
            return holds(False, expected, seen, *again[:2], clause=clause)
        return unseen(expected, "it never connected", acted="dut", clause=clause)
    bare = [e for e in opened if not (e.data.get("tls") or {}).get("peer_subject")]
    if bare:
        how = "TLS without a certificate of its own" if bare[0].data.get("tls") else "no TLS"
        return holds(False, expected, f"it connected with {how}", bare[0], clause=clause)
    tls = opened[-1].data["tls"]
    seen = f"{len(opened)} connections, {tls.get('version')}, certificate {tls.get('peer_subject')}"
    return holds(True, expected, seen, opened[-1], clause=clause)
