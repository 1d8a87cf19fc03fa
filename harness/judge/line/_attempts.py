"""The connection attempts in a trace: what was seen of each caller at our listener, and what it proved."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import Any

from harness.trace import Event, Trace, exchanges

Hello = tuple[Any, ...]
Answered = dict[int | None, tuple[list[int], list[int]]]  # by connection: numbers of answers, when asked at the latest
_UNREADABLE: Hello = ("unreadable",)
_ADMITTED_BUT_UNSPOKEN = 101  # turned away only for its versions of OCPP: whoever it is had come in by then
# SNI, padding, session ticket, pre-shared key, early data, cookie: these change from one connection to the next
_PASSING = frozenset((0, 21, 35, 41, 42, 44))


class Look:
    """How a caller looks; of one look there is one object, so that a thousand callers are told apart quickly."""

    def __init__(self, host: str | None, hello: Hello | None) -> None:
        self.host, self.hello = host, hello


@cache
def look_of(host: str | None, hello: Hello | None) -> Look:
    """The look of who comes from this address with this hello."""
    return Look(host, hello)


@dataclass(eq=False)
class Attempt:
    """One TCP connection. `hello` is what its ClientHello looked like (None: no TLS); `key` its certificate's.

    `admitted`: it named a station that may come in and gave what the bench asked for; `proof` is what that was, and is
    empty where the bench asks for nothing. `began_ns` is None in traces that do not tell it. `process` is which program
    on the backend's own machine it was, `started` whether that is the emulated charger that the campaign started.
    """

    control: bool = False
    host: str | None = None
    hello: Hello | None = None
    key: str | None = None
    identity: str | None = None
    proof: tuple[str, ...] = ()
    admitted: bool = False
    process: int | None = None
    started: bool | None = None
    began_ns: int | None = None
    opened_ns: int | None = None
    opened_seq: int | None = None
    asked_and_answered_ns: int = -1  # when we asked the newest thing that was answered here
    events: list[Event] = field(default_factory=list)

    @cached_property
    def look(self) -> Look:
        """By what two callers that prove nothing are told apart."""
        return look_of(self.host, self.hello)


def attempts_in(events: Iterable[Event]) -> list[Attempt]:
    """Every attempt, in the order in which it was first told. A number may come again when a campaign is continued."""
    trace = Trace(events)
    if not len(trace):
        return []
    first, last = trace[0].seq, trace[-1].seq
    answered = trace.once("answered", lambda: _answered(trace.whole))
    if not trace.is_prefix:
        return [_as_of(each, last, answered) for each in _all_attempts(trace)]
    every = trace.once("attempts", lambda: [_final(each, answered) for each in _all_attempts(trace.whole)])
    begun = bisect_right(every, last, key=lambda pair: pair[0].events[0].seq)
    return [
        each if over <= last else _as_of(each, last, answered)
        for each, over in every[:begun]
        if first <= each.events[0].seq
    ]


def _final(attempt: Attempt, answered: Answered) -> tuple[Attempt, int]:
    """An attempt as the whole trace tells of it, and the number of the last event that says something of it."""
    seqs, _ = answered.get(attempt.opened_seq, ([], []))
    over = max([attempt.events[-1].seq, *seqs[-1:]])
    return _as_of(attempt, over, answered), over


def _all_attempts(trace: Trace) -> list[Attempt]:
    attempts: list[Attempt] = []
    running: dict[Any, Attempt] = {}
    for event in trace.of("tls.handshake", "ocpp.connection"):
        conn = event.data.get("conn")
        attempt = running.get(conn)
        if attempt is None or conn is None or _is_another(attempt, event):
            attempt = Attempt()
            attempts.append(attempt)
            running[conn] = attempt
        _take_in(attempt, event)
    return attempts


def _as_of(attempt: Attempt, last: int, answered: Answered) -> Attempt:
    """An attempt as a trace up to event `last` tells of it."""
    then = attempt
    if attempt.events[-1].seq > last:
        then = Attempt()
        for event in attempt.events:
            if event.seq <= last:
                _take_in(then, event)
    seqs, asked_ns = answered.get(then.opened_seq, ([], []))
    at = bisect_right(seqs, last)
    asked = asked_ns[at - 1] if at else -1
    return then if then.asked_and_answered_ns == asked else replace(then, asked_and_answered_ns=asked)


def _answered(trace: Trace) -> Answered:
    """By the opening of each connection: the answers that came over it, and when we asked the newest thing answered."""
    openings: dict[Any, list[int]] = {}
    for event in trace.of("ocpp.connection"):
        if event.data.get("state") == "open":
            openings.setdefault(event.data.get("conn"), []).append(event.seq)
    found: Answered = {}
    pairs = [(e.call, e.answer) for e in exchanges(trace, direction="out") if e.answer is not None]
    for call, answer in sorted(pairs, key=lambda pair: pair[1].seq):
        opened = openings.get(answer.event.data.get("conn"), [])
        at = bisect_right(opened, answer.seq)
        seqs, asked_ns = found.setdefault(opened[at - 1] if at else None, ([], []))
        seqs.append(answer.seq)
        asked_ns.append(max(call.event.t_ns, asked_ns[-1] if asked_ns else -1))
    return found


def _is_another(attempt: Attempt, event: Event) -> bool:
    """Whether the event cannot belong to this attempt, because it has had its like or has ended."""
    if event.kind == "tls.handshake" or (attempt.host and (host_of(event) or attempt.host) != attempt.host):
        return True
    told = [e.data.get("state") for e in attempt.events if e.kind == "ocpp.connection"]
    return "closed" in told or (bool(told) and event.data.get("state") != "closed")


def _take_in(attempt: Attempt, event: Event) -> None:
    data = event.data
    attempt.events.append(event)
    attempt.host = host_of(event) or attempt.host
    attempt.key = data.get("peer_key") or (data.get("tls") or {}).get("peer_key") or attempt.key
    attempt.process = data.get("process") or attempt.process
    if data.get("started") is not None:
        attempt.started = bool(data["started"])
    if data.get("began_ns") is not None:
        attempt.began_ns = int(data["began_ns"])
    if event.kind == "tls.handshake":
        attempt.control = data.get("peer") == "control_client"
        attempt.hello = _hello(data.get("client_hello"))
        return
    state = data.get("state")
    attempt.identity = data.get("identity") or attempt.identity
    if state == "open":
        attempt.opened_ns, attempt.opened_seq = event.t_ns, event.seq
    if state in ("open", "refused"):
        attempt.admitted = state == "open" or data.get("code") == _ADMITTED_BUT_UNSPOKEN
        # traces that do not tell how: what was let in there had given what was asked for
        attempt.proof = tuple(data.get("proof", ("unsaid",))) if attempt.admitted else ()


def host_of(event: Event) -> str | None:
    """The address an event came from, without its port."""
    return str(event.data.get("remote") or "").rpartition(":")[0] or None


def _hello(hello: dict[str, Any] | None) -> Hello:
    """What stays the same in a client's hellos, as far as the trace tells it."""
    if not hello:
        return _UNREADABLE
    extensions = sorted({int(each) for each in hello.get("extensions") or ()} - _PASSING)
    lists = (hello.get(name) or () for name in ("versions", "suites", "compression", "signature_algorithms", "groups"))
    return (*(tuple(each) for each in lists), tuple(extensions), bool(hello.get("supported_versions_extension")))


def is_unreadable(attempt: Attempt) -> bool:
    """Whether it spoke TLS and its hello is not known, so that it looks like nobody."""
    return attempt.hello == _UNREADABLE
