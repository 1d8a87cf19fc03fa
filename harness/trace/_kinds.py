"""The kinds of events there are: who may act in each, and what each says it is about."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from harness.trace._events import Event

US, DUT, EV, BENCH, PERSON, CALLER = "harness", "dut", "ev", "bench.", "operator", "caller"


class Kind(msgspec.Struct, frozen=True):
    """A kind of event. `who` may act ("bench." is any instrument); what applies to it: station, EVSE, connection.

    `octets` names the data that holds what went over the wire, of a kind that was seen there. `causes` are what `cause`
    may be in its data, where it is there; `alert` says that its data tells a TLS alert as {level, code, name}. Judges
    read these; `detail` and `reason` are words for people.
    """

    who: tuple[str, ...]
    means: str
    station: bool = False
    evse: bool = False
    connection: bool = False
    octets: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    alert: bool = False


KINDS: dict[str, Kind] = {
    "bench.action": Kind((US,), "we told an instrument or a person at the bench to do something", evse=True),
    "bench.bad_telegram": Kind((BENCH,), "an instrument said what cannot be read", evse=True, octets=("raw",)),
    "bench.reply": Kind((BENCH, US), "an instrument answered what it was told", evse=True),
    "bench.sample": Kind((BENCH,), "an instrument's reading", evse=True),
    "campaign.broken": Kind((US,), "the harness could not go on"),
    "campaign.ended": Kind((US,), "the run came to its end"),
    "campaign.recovered": Kind((US,), "a run that was killed was made ready to be judged"),
    "campaign.rerun": Kind((US,), "cases are run again"),
    "campaign.started": Kind((US,), "the run began"),
    "case.begun": Kind(
        (US,), "what a case needs ahead of it was reached, its stimulus begins", station=True, evse=True
    ),
    "case.broken_off": Kind((PERSON, US), "a person ended a case"),
    "case.cut_short": Kind((US, DUT), "a case ended before its end", station=True, evse=True),
    "case.ended": Kind((US,), "a case came to its end", station=True, evse=True),
    "case.started": Kind((US,), "a case began", station=True, evse=True),
    "claim": Kind((US,), "what a case asserts of the trace", station=True, evse=True),
    "claim.cut": Kind((US,), "a claim's window was cut off before it could be made", station=True, evse=True),
    "claim.intended": Kind((US,), "what a case will assert, said before it is seen", station=True, evse=True),
    "csms.certificate": Kind((US,), "our backend issued or turned down a certificate", station=True),
    "document.reviewed": Kind((US, PERSON), "a paper was looked at"),
    "dut.absent": Kind((US,), "the charger did not come back, and how long it was waited for", station=True),
    "dut.cured": Kind((US,), "the charger was gone, and what we tried brought it back", station=True),
    "dut.lost": Kind((US, DUT), "the charger went and did not come back, so that the rest is not tried", station=True),
    "duties.register": Kind((US, PERSON), "obligations of the operation phase as they stood"),
    "evaluation.date": Kind((US,), "the day of which all dates are judged"),
    "file.kept": Kind((US,), "a file was put beside the trace, and what it held"),
    "file.request": Kind((DUT, CALLER), "our file server was asked for something, or given it"),
    "harness.error": Kind((US,), "a fault of chargeproof itself"),
    "harness.slow": Kind((US,), "our own side did not come to its turn, and for how long"),
    "ocpp.connection": Kind(
        (DUT, US, CALLER), "a WebSocket opened, closed or was refused", True, False, True, causes=("full", "replaced")
    ),
    "ocpp.frame": Kind(
        (DUT, US), "an OCPP-J message", station=True, connection=True, octets=("raw", "octets", "sha256")
    ),
    "operator.answer": Kind((PERSON,), "a person answered"),
    "operator.prompt": Kind((US, PERSON), "a person was asked"),
    "owed.found": Kind((US,), "what an earlier run changed in the charger and did not put back", station=True),
    "owed.put_back": Kind((US,), "what was changed in the charger was put back, and what could not be", station=True),
    "profiles.set_aside": Kind((US,), "charging profiles of the charger's operator were cleared for the run"),
    "peer.budget": Kind(
        (DUT, CALLER), "a peer went beyond what it may have; what was left out is counted", True, False, True
    ),
    "provoked": Kind((US,), "what we did wrong on purpose, before we did it", station=True, evse=True, connection=True),
    "run.explained": Kind((PERSON,), "why a run of a case that came to no verdict counts for nothing"),
    "step.ended": Kind((US,), "a step of a case ended", station=True, evse=True),
    "step.started": Kind((US,), "a step of a case began", station=True, evse=True),
    "tls.handshake": Kind(
        (DUT, US, CALLER), "a TLS handshake ended, well or not", connection=True, causes=("no_certificate",), alert=True
    ),
    "v2g.connection": Kind(
        (EV, DUT), "what the car and the charger did to find and reach each other", evse=True, alert=True
    ),
    "v2g.message": Kind((EV, DUT), "an ISO 15118 message", evse=True, octets=("exi",)),
    "wait.ended": Kind((US,), "a named wait was over"),
    "wait.started": Kind((US,), "we wait for something, by name"),
}


def kind_of(name: str) -> Kind:
    """The kind of this name. Raises KeyError with the names there are."""
    if name not in KINDS:
        raise KeyError(f"no kind of event is called {name!r}; there are: {', '.join(KINDS)}")
    return KINDS[name]


def oddities(events: Iterable[Event]) -> list[str]:
    """Where events do not keep to what their kinds say; a kind that is not known here is a later version's."""
    return [f"event {event.seq} ({event.kind}): {fault}" for event in events for fault in _faults(event)]


def _faults(event: Event) -> list[str]:
    kind = KINDS.get(event.kind)
    if kind is None:
        return ["no kind of this name is known"]
    faults = []
    if not any(event.who == who or (who.endswith(".") and event.who.startswith(who)) for who in kind.who):
        faults.append(f"{event.who} cannot have acted, only {' or '.join(kind.who)}")
    for name in ("station", "evse", "connection"):
        if getattr(event, name) is not None and not getattr(kind, name):
            faults.append(f"it is about no {name}")
    if kind.octets and not any(event.data.get(name) is not None for name in kind.octets):
        faults.append(f"its octets are not there ({' or '.join(kind.octets)})")
    if kind.causes and event.data.get("cause") not in (None, *kind.causes):
        faults.append(f"its cause is none of {', '.join(kind.causes)}")
    if kind.alert and not _is_alert(event.data.get("alert")):
        faults.append("its alert is not told as {level, code, name}")
    return faults


def _is_alert(told: object) -> bool:
    return told is None or (isinstance(told, dict) and isinstance(told.get("name"), str))
