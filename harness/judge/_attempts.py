"""The connection attempts in a trace: what was seen of each caller at our listener, and what it proved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from harness.trace import Event

Hello = tuple[Any, ...]
_UNREADABLE: Hello = ("unreadable",)
_ADMITTED_BUT_UNSPOKEN = 101  # turned away only for its versions of OCPP: whoever it is had come in by then
# SNI, padding, session ticket, pre-shared key, early data, cookie: these change from one connection to the next
_PASSING = frozenset((0, 21, 35, 41, 42, 44))
_ANSWERS = (3, 4)


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
    asked_and_answered_ns: int = -1  # when we asked the newest thing that was answered here
    events: list[Event] = field(default_factory=list)

    @property
    def look(self) -> tuple[str | None, Hello | None]:
        """By what two callers that prove nothing are told apart."""
        return self.host, self.hello

    def spoke_at(self, t_ns: int) -> bool:
        """Whether it was there at this time: open before, and it answered something that was asked after."""
        return self.opened_ns is not None and self.opened_ns < t_ns < self.asked_and_answered_ns


def attempts_in(trace: Iterable[Event]) -> list[Attempt]:
    """Every attempt, in the order in which it was first told. A number may come again when a campaign is continued."""
    attempts: list[Attempt] = []
    running: dict[Any, Attempt] = {}
    asked: dict[int, int] = {}
    for event in trace:
        conn = event.data.get("conn")
        if event.kind == "ocpp.frame":
            if event.data.get("dir") == "out":
                asked[event.seq] = event.t_ns
            elif conn in running and event.data.get("type") in _ANSWERS:
                line = running[conn]
                line.asked_and_answered_ns = max(
                    line.asked_and_answered_ns, asked.get(event.data.get("reply_to") or -1, -1)
                )
        elif event.kind in ("tls.handshake", "ocpp.connection"):
            attempt = running.get(conn)
            if attempt is None or conn is None or _is_another(attempt, event):
                attempt = Attempt()
                attempts.append(attempt)
                running[conn] = attempt
            _take_in(attempt, event)
    return attempts


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
        attempt.opened_ns = event.t_ns
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
