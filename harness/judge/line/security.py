"""TLS and security events: whom the charger trusts, what it offers, and whether it reports a refusal."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, ResolvedLimit, Verdict, held_against, judge
from harness.judge._say import found, holds, run_start, seconds, unseen
from harness.judge.line._attribution import Callers, Whose, callers_of
from harness.judge.line._tls_versions import is_new
from harness.judge.line._tls_versions import named as tls_named
from harness.judge.line.connectivity import opened_after
from harness.judge.ocpp._clock import moment, skew
from harness.trace import Event, OcppMessage, Trace, came_without_certificate, messages
from requirement_catalog import own_count, own_number

# Suites with authenticated encryption by their IANA numbers: TLS 1.3's own, and GCM, CCM, ChaCha20 of TLS 1.2.
_AEAD_TLS_1_3 = frozenset(("1301", "1302", "1303", "1304", "1305"))
_AEAD_GCM = frozenset(("009c", "009d", "009e", "009f", "c02b", "c02c", "c02d", "c02e", "c02f", "c030"))
_AEAD = _AEAD_TLS_1_3 | _AEAD_GCM | frozenset(("c0ac", "c0ad", "cca8", "cca9", "ccaa"))
_BEFORE_S = own_number("line.before_the_meeting")
_NAMELESS = own_count("line.came_without_certificate")
_SCENARIOS = {
    "wrong_host": "a certificate for another host name",
    "unknown_ca": "a certificate from an authority it does not know",
    "expired": "an expired certificate",
    "not_yet_valid": "a certificate that is not valid yet",
    "old_tls": "a server that speaks only TLS 1.1 or older",
}


_CLAUSES = {
    "wrong_host": "OCPP 2.0.1 A00.FR.309, A00.FR.412",
    "unknown_ca": "OCPP 2.0.1 A00.FR.308, A00.FR.411, A00.FR.414",
    "expired": "OCPP 2.0.1 A00.FR.308, A00.FR.411, A00.FR.414",
    "not_yet_valid": "OCPP 2.0.1 A00.FR.308, A00.FR.411, A00.FR.414",
    "old_tls": "OCPP 2.0.1 A00.FR.313, A00.FR.316, A00.FR.416, A00.FR.419",
}
_ABOUT_VERSIONS = ("protocol_version", "inappropriate_fallback")  # alerts that say nothing of a certificate


def _handshakes(trace: Trace, claim: Claim, scenario: str) -> list[Event]:
    """The handshakes of this run of the case with a server that played `scenario`, whoever came."""
    since = max(int(claim.params.get("since", -1)), run_start(trace, claim) if scenario != "good" else -1)
    return [e for e in trace.of("tls.handshake").after(since).up_to(claim.seq) if e.data.get("scenario") == scenario]


@judge("security.control_client_connects")
def control_client_connects(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A permissive client of ours completes the handshake with the same hostile server: the server does work."""
    scenario = claim.params["scenario"]
    expected = f"a careless client connects to {_SCENARIOS.get(scenario, scenario)}"
    shakes = callers_of(trace).by(Whose.OURS, _handshakes(trace, claim, scenario))
    done = [e for e in shakes if e.data.get("outcome") == "completed"]
    # each kind of certificate has its control, because which one is shown is the charger's choice (A00.FR.318, .319)
    if not done or {e.data.get("shown") for e in shakes} - {e.data.get("shown") for e in done}:
        return unseen(expected, "our own careless client could not connect, so the server proves nothing")
    return holds(True, expected, f"it connected with {done[0].data.get('version')}", done[0], acted="harness")


@judge("security.connects_to_the_right_server")
def connects_to_the_right_server(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The DUT completes a handshake with the good server since `since`: it is there, and it does connect."""
    expected = "the charger connects to the right server"
    callers = callers_of(trace)
    completed = [e for e in _handshakes(trace, claim, "good") if _completed(e)]
    done = callers.charger(completed)
    if not done:
        seen = callers.doubt(completed) if callers.unclear(completed) else f"it did not{callers.aside(completed)}"
        return unseen(expected, seen, acted="dut")
    return holds(True, expected, f"{done[-1].data.get('version')}, {done[-1].data.get('cipher')}", done[-1])


@judge("security.refuses")
def refuses(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The DUT ended every handshake of `scenario` itself; none became a connection. Who sent the alert is recorded.

    Where the server is old, what counts is the version (`least_tls`), and the good server's may be no older either.
    Only what is the charger's doing counts. Where somebody connected who may or may not be the charger, it is not told.
    """
    scenario = claim.params["scenario"]
    expected = f"the charger refuses {_SCENARIOS.get(scenario, scenario)}"
    clause = _CLAUSES.get(scenario, "OCPP 2.0.1 A00")
    callers = callers_of(trace)
    shakes = _handshakes(trace, claim, scenario)
    since = run_start(trace, claim)
    lines = trace.of("ocpp.connection").after(since).up_to(claim.seq)
    spoke = [e for e in lines if e.data.get("scenario") == scenario and _is_open(e)]
    came, aside = [e for e in shakes if _completed(e)] + spoke, callers.aside(shakes)
    trusted, mine = callers.charger(came), callers.charger(shakes)
    doubtful = callers.unclear(came) if not trusted else []
    if doubtful or (not mine and (doubtful := callers.unclear(shakes))):
        seen = f"somebody {'connected' if callers.unclear(came) else 'did'}; {callers.doubt(doubtful)}{aside}"
        return found(Verdict.INCONCLUSIVE, expected, seen, doubtful[0], clause=clause, acted="caller")
    if scenario == "old_tls":
        good = callers.charger(_handshakes(trace, claim, "good"))
        agreed = [e for e in (*mine, *good) if _completed(e)]
        if settled := _by_version(mine, agreed, bool(trusted), limits["least_tls"], expected, aside):
            return settled
    if trusted:
        suite = trusted[0].data if trusted[0].kind == "tls.handshake" else trusted[0].data.get("tls") or {}
        with_what = f" ({suite['version']}, {suite.get('cipher')})" if suite.get("version") else ""
        return holds(False, expected, f"it connected{with_what}{aside}", trusted[0], clause=clause)
    if not mine:
        seen = f"the charger never tried to connect while that server stood there{aside}"
        return unseen(expected, seen, acted="dut", clause=clause)
    verdict, seen, event = _how_it_ended(scenario, mine)
    return found(verdict, expected, seen + aside, event, clause=clause)


def _how_it_ended(scenario: str, shakes: list[Event]) -> tuple[Verdict, str, Event]:
    """What the charger's handshakes prove, none of which was completed."""
    own = _broken_off(shakes)
    about = [e for e in own if scenario == "old_tls" or _alert(e) not in _ABOUT_VERSIONS]
    if about:
        return Verdict.PASS, f"it broke off {len(about)} time(s), with the alert {_alert(about[0])}", about[0]
    seen = f"it broke off for another reason ({_alert(own[0])})" if own else "it was not the charger that broke off"
    return Verdict.INCONCLUSIVE, f"the handshake failed, but {seen}", shakes[0]


def _completed(event: Event) -> bool:
    return event.data.get("outcome") == "completed"


def _broken_off(shakes: list[Event]) -> list[Event]:
    return [e for e in shakes if e.data.get("ended_by") == "dut" and e.data.get("outcome") == "refused"]


def _by_version(
    shakes: list[Event], agreed: list[Event], spoke: bool, least: ResolvedLimit, expected: str, aside: str
) -> Finding | None:
    """What the versions alone decide: one that it agreed to is too old, or new enough, or it offers no old one."""
    clause = _CLAUSES["old_tls"]
    if old := next((e for e in agreed if e.data.get("version") and not is_new(e.data["version"], least)), None):
        seen = f"it connected ({old.data.get('version')}, {old.data.get('cipher')}), older than {tls_named(least)}"
        return holds(False, expected, seen + aside, old, clause=clause)
    if taken := next((e for e in shakes if e in agreed and e.data.get("version")), None):
        seen = f"it connected with {taken.data.get('version')}, which is not older than {tls_named(least)}"
        return holds(True, expected, seen + aside, taken, clause=clause)
    own = _broken_off(shakes)
    if shakes and not own and not spoke and all(_offers_only_new(e, least) and _lists_versions(e) for e in shakes):
        seen = f"it offers only {tls_named(least)} and newer, so there is nothing the old server could agree to"
        return holds(True, expected, seen + aside, shakes[0], clause=clause)
    return None


def _nameless(event: Event) -> bool:
    """Whether our backend ended a handshake because the client, asked for a certificate, sent none."""
    data = event.data
    if event.kind != "tls.handshake" or data.get("peer") == "control_client" or data.get("scenario") != "good":
        return False
    return came_without_certificate(event)


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


def _offers_only_new(handshake: Event, least: ResolvedLimit) -> bool:
    versions = (handshake.data.get("client_hello") or {}).get("versions") or []
    return bool(versions) and all(is_new(version, least) for version in versions)


@judge("security.client_hello_is_modern", whole=True)
def client_hello_is_modern(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Every ClientHello of the DUT offers only `least_tls` or newer, no compression, and a suite that is required."""
    least = limits["least_tls"]
    expected = f"it offers {tls_named(least)} or newer only, no compression, and an authenticated-encryption suite"
    clause = "OCPP 2.0.1 A00.FR.416, A00.FR.422, A00.FR.424"
    callers = callers_of(trace)
    everybody = [e for e in trace.of("tls.handshake") if e.data.get("client_hello")]
    hellos, aside = callers.charger(everybody), callers.aside(everybody)
    for event in hellos:
        if fault := _outdated(event, least):
            return holds(False, expected, fault + aside, event, clause=clause)
    if doubtful := [e for e in callers.unclear(everybody) if not hellos or _outdated(e, least)]:
        seen = f"{_outdated(doubtful[0], least) or 'a ClientHello was seen'}; {callers.doubt(doubtful)}{aside}"
        return found(Verdict.INCONCLUSIVE, expected, seen, doubtful[0], clause=clause, acted="caller")
    if not hellos:
        return unseen(expected, f"no ClientHello of the charger was seen{aside}", acted="dut", clause=clause)
    versions = ", ".join(hellos[0].data["client_hello"]["versions"])
    return holds(True, expected, f"{len(hellos)} handshakes, offering {versions}{aside}", hellos[0], clause=clause)


def _outdated(handshake: Event, least: ResolvedLimit) -> str:
    """What a ClientHello offers that is no longer considered safe, in words; empty when nothing."""
    hello = handshake.data["client_hello"]
    if not _offers_only_new(handshake, least):
        return f"it offers {', '.join(hello.get('versions', []))}"
    if any(str(c) not in ("null", "0", "none") for c in hello.get("compression", [])):
        return f"it offers compression {hello['compression']}"
    if not any(_authenticated(str(suite)) for suite in hello.get("suites", [])):
        return "it offers no authenticated-encryption suite"
    return ""


@judge("security.reports_event")
def reports_event(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A SecurityEventNotification of one of `types` came within the `event` time after reconnection (A04)."""
    types: list[str] = list(claim.params["types"])
    limit = limits["event"]
    expected = f"it reports {' or '.join(types)} within {limit.value:g} {limit.unit} of being connected again"
    clause = "OCPP 2.0.1 A04.FR.01, A04.FR.02, A00.FR.310, A00.FR.413"
    if "after" not in claim.params:
        return unseen(expected, "it never met the hostile server", acted="dut", clause=clause)
    callers = callers_of(trace)
    unmet = _nothing_to_report(trace, claim, callers)
    since = opened_after(trace, int(claim.params["after"]), claim.seq, callers)
    if since is None:
        return unseen(expected, unmet or "it was never connected again", acted="dut", clause=clause)
    hits = [
        m
        for m in messages(trace.after(since.seq), action="SecurityEventNotification", direction="in")
        if m.type == 2 and m.payload.get("type") in types and not _stale(trace, claim, m)
    ]
    if unmet and (not hits or callers.whose(trace.by_seq(int(claim.params["after"]))) is not Whose.UNCLEAR):
        return unseen(expected, unmet, acted="dut", clause=clause)
    if not hits:
        watched_s = seconds(trace.by_seq(claim.seq), since)
        verdict = Verdict.FAIL if watched_s > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"no such report in {watched_s:.1f} s", since, clause=clause)
    verdict, measured = held_against("time to report", seconds(hits[0].event, since), limit)
    seen = f"{hits[0].payload.get('type')} after {measured.value:.2f} s"
    return found(verdict, expected, seen, hits[0].event, clause=clause, measurements=[measured])


def _nothing_to_report(trace: Trace, claim: Claim, callers: Callers) -> str:
    """Why the charger owes no report, in words: it is not known to have refused that server; empty when it has."""
    met = trace.by_seq(int(claim.params["after"]))
    shakes = [met, *_handshakes(trace, claim, str(met.data.get("scenario")))]
    mine = callers.charger(shakes)
    if any(not _completed(e) for e in mine):
        return ""
    if mine:
        return "it refused nothing, so there was nothing to report"
    if callers.unclear(shakes):
        return f"somebody met the hostile server; {callers.doubt(shakes)}{callers.aside(shakes)}"
    return f"it never met the hostile server{callers.aside(shakes)}"


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

    A charger that was never let in, because it came again and again without a certificate, did not use it either: if it
    is known that this was the charger. Once is not enough. Where the bench asks for no certificate it is no fault to
    show none: which security profile is used, the bench chooses.
    """
    expected = "it connects by TLS and identifies itself with its own certificate (security profile 3)"
    clause = "OCPP 2.0.1 A00.FR.401, A00.FR.402, A00.FR.415; D5.4 no. 9 and 20"
    callers = callers_of(trace)
    everybody = [e for e in trace.of("ocpp.connection") if _is_open(e)]
    opened = callers.charger(everybody)
    if not opened:
        nameless = [e for e in trace.of("tls.handshake") if _nameless(e)]
        again, aside = callers.charger(nameless), callers.aside(nameless)
        if len(again) >= _NAMELESS:
            seen = f"it came {len(again)} times by TLS, was asked for its certificate, and showed none{aside}"
            return holds(False, expected, seen, *again[:2], clause=clause)
        if doubtful := callers.unclear(everybody + nameless):
            what = "showed no certificate" if doubtful[0] in nameless else "connected"
            seen = f"somebody {what}; {callers.doubt(doubtful)}{aside}"
            return found(Verdict.INCONCLUSIVE, expected, seen, doubtful[0], clause=clause, acted="caller")
        return unseen(expected, f"it never connected{aside}", acted="dut", clause=clause)
    bare = [e for e in opened if not (e.data.get("tls") or {}).get("peer_subject")]
    if refused := [e for e in bare if (e.data.get("tls") or {}).get("asked_for_certificate")]:
        seen = "it was asked for its certificate and connected with TLS without one"
        return holds(False, expected, seen, refused[0], clause=clause)
    if bare:
        how = "TLS without a certificate of its own" if bare[0].data.get("tls") else "no TLS"
        seen = f"it connected with {how}, as the bench asked: the bench must be set to security profile 3 to see more"
        return found(Verdict.INCONCLUSIVE, expected, seen, bare[0], clause=clause, acted="harness")
    tls = opened[-1].data["tls"]
    seen = f"{len(opened)} connections, {tls.get('version')}, certificate {tls.get('peer_subject')}"
    return holds(True, expected, seen, opened[-1], clause=clause)
