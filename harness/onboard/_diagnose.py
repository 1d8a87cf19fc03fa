"""Diagnosis of a charger that is to be connected: a pure function from what was recorded to advice in plain words."""

from __future__ import annotations

import dataclasses

from harness.judge import Callers, Whose
from harness.onboard._advice import STARTED, Advice, Told, told
from harness.onboard._connections import hung_up, refused_connection
from harness.onboard._conversation import conversation
from harness.onboard._tls_words import refused_handshake
from harness.trace import Event, Trace


def diagnose(trace: Trace, now_ns: int | None = None, expected: Told | None = None) -> list[Advice]:
    """What can be told from a trace at `now_ns` (default: its last event), oldest first, each topic once.

    `expected` is what the charger was told to use (default: as onboarding recorded it in the trace). The same thing
    seen again is counted in `times`; a problem of a charger that got in afterwards is `settled`. Until somebody logs in
    all who come may be the charger; what a stranger does beside one that has logged in is not told as its problem.
    """
    if not len(trace):
        return []
    now = trace[-1].t_ns if now_ns is None else now_ns
    expected = expected or told(trace)
    callers = Callers(trace)
    wire = trace.of("ocpp.connection", "tls.handshake")
    seen = [e for e in wire if callers.whose(e) in (Whose.CHARGER, Whose.UNCLEAR)]
    if not seen:
        return _nothing_came(trace, expected, now)
    opened = [e for e in seen if e.kind == "ocpp.connection" and e.data.get("state") == "open"]
    last_open = opened[-1] if opened else None
    found = [_reached(seen[0]), *_kept_out(seen, expected, last_open)]
    if last_open is not None:
        found += conversation(trace, last_open, expected, now)
    return _each_once(found)


def _nothing_came(trace: Trace, expected: Told, now_ns: int) -> list[Advice]:
    started = next(iter(trace.of(STARTED)), trace[0])
    waited_s = (now_ns - started.t_ns) / 1e9
    if waited_s < expected.nothing_after_s:
        return []
    see = f"Nothing has arrived at port {expected.port} yet."
    means = "The charger does not find this computer: a wrong URL, another network, a firewall, a cable, or no restart."
    here = ", ".join(expected.addresses) or "none but its own"
    do = f"Check that the charger's URL is {expected.url} and that it was restarted after it was entered. This "
    do += f"computer listens at: {here}. From the charger's network, `curl -v {_probe(expected)}` must connect. "
    do += f"Allow TCP port {expected.port} in this computer's firewall."
    if all(each == "::1" or each.startswith("127.") for each in expected.addresses):
        do += f" Nothing but this computer itself reaches that: for a charger in the network, {expected.listen_wider}."
    return [Advice("problem", "nothing", see, means, do, started.seq)]


def _probe(expected: Told) -> str:
    return expected.url.replace("wss://", "https://").replace("ws://", "http://")


def _reached(first: Event) -> Advice:
    where = str(first.data.get("remote") or "?").rpartition(":")[0]
    return Advice("good", "reached", f"Something at {where} reaches this computer.", seq=first.seq)


def _kept_out(seen: list[Event], expected: Told, last_open: Event | None) -> list[Advice]:
    refused = {e.data.get("conn") for e in seen if e.kind == "ocpp.connection" and e.data.get("state") == "refused"}
    opened = {e.data.get("conn") for e in seen if e.kind == "ocpp.connection" and e.data.get("state") == "open"}
    found: list[Advice] = []
    for event in seen:
        conn = event.data.get("conn")
        advice: list[Advice] = []
        if event.kind == "tls.handshake":
            if event.data.get("outcome") != "completed" and conn not in refused:
                advice = [refused_handshake(event, expected)]
        elif event.data.get("state") == "refused":
            advice = refused_connection(event, expected)
        elif event.data.get("state") == "closed" and conn not in opened | refused:
            advice = [hung_up(event)]
        over = last_open is not None and event.seq < last_open.seq
        found += [dataclasses.replace(each, settled=over) for each in advice]
    return found


def _each_once(found: list[Advice]) -> list[Advice]:
    kept: dict[str, Advice] = {}
    for advice in found:
        before = kept.get(advice.topic)
        if before is None:
            kept[advice.topic] = advice
        else:
            times = before.times + advice.times
            kept[advice.topic] = dataclasses.replace(before, times=times, settled=before.settled and advice.settled)
    return list(kept.values())
