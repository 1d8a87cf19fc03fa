"""Whose doing an event at our listener is: the charger's, a stranger's, or not to be told.

Anybody may connect to a listener. What came by a connection before its login is therefore attributed afterwards, by
what the trace holds of all connections. The first row that fits decides:

| what the connection shows                                                        | whose              |
| -------------------------------------------------------------------------------- | ------------------ |
| it is our own control client                                                     | ours               |
| it named the station and gave what the bench asks for (certificate, password)    | the charger's      |
| the same, where the bench asks for nothing, and all who did came from one address | the charger's      |
| the same, from several addresses                                                 | unclear            |
| it is the program that the campaign started as its emulated charger              | the charger's      |
| it is another program on the machine where that one runs                         | a stranger's       |
| it showed a certificate whose key a login has shown                              | the charger's      |
| nobody ever logged in                                                            | unclear            |
| its address is not known                                                         | unclear            |
| nobody ever logged in from its address                                           | a stranger's       |
| on the backend's own machine, and another program than those that logged in      | a stranger's       |
| address and ClientHello are those of a login, and nobody else was seen with them | the charger's      |
| address of a login, another ClientHello                                          | unclear            |
| address and ClientHello of a login, and somebody else was seen with them         | unclear            |

"Somebody else was seen with them": from the same address with the same ClientHello came one who named another
station, one who showed another key, or one who knocked while the charger was speaking on its own line.

What this cannot see: a second device with the same TLS software, behind the same router, that comes only while the
charger is away and then proves nothing of itself. On a bench that no router joins to other devices there is none.

So that neither a pass nor a fail rests on what may be a stranger's, a judge reads only what is the charger's. What is
unclear makes a verdict inconclusive where it could have changed it; what is a stranger's is told, and decides nothing.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from functools import cached_property
from typing import Any

from harness.judge.line._attempts import Attempt, attempts_in, host_of, is_unreadable
from harness.trace import Event, Trace


class Whose(StrEnum):
    """Whose doing an event is."""

    CHARGER = "charger"
    STRANGER = "stranger"
    UNCLEAR = "unclear"
    OURS = "ours"


def callers_of(trace: Trace) -> Callers:
    """The callers up to the end of a trace; asked again before anything more came, the same ones.

    In a scope, those of its station; everybody who came is looked at all the same, to tell them from it.
    """
    station, everybody = trace.of_station, trace.unscoped
    newest: dict[Any, Callers] = everybody.once(("callers", station), dict)
    wire = everybody.of("tls.handshake", "ocpp.")
    key = (len(wire), wire[0].seq, wire[-1].seq) if len(wire) else (0,)
    if key not in newest:
        found = Callers(everybody, station)
        newest.clear()
        newest[key] = found
    return newest[key]


def _joined(spans: Iterable[tuple[int | None, int]]) -> list[tuple[int, int]]:
    """Stretches of time, those that overlap joined, in order."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted((start, end) for start, end in spans if start is not None and start < end):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


class Callers:
    """Everybody who came to our listener in a trace, and who of them was the charger (`station`; None: any)."""

    def __init__(self, trace: Trace | Iterable[Event], station: str | None = None) -> None:
        self._station = station
        self._attempts = attempts_in(trace)
        callers = [each for each in self._attempts if not each.control]
        mine = [each for each in callers if station is None or each.identity == station]
        bare = [each for each in mine if each.admitted and not each.proof]
        one_address = len({each.host for each in bare}) == 1
        self._logins = [each for each in mine if each.proof] or (bare if one_address else [])
        self._login_ids = {id(each) for each in self._logins}
        self._spoken = _joined([(each.opened_ns, each.asked_and_answered_ns) for each in self._logins])
        self._hosts = {each.host for each in self._logins if each.host is not None}
        self._keys = {each.key for each in self._logins if each.key is not None}
        self._names = {each.identity for each in self._logins}
        self._looks = {each.look for each in self._logins if not is_unreadable(each)}
        self._programs = {(each.host, each.process) for each in self._logins if each.process is not None}
        self._shared = {each.look for each in callers if each.look in self._looks and self._is_somebody_else(each)}
        self._said: dict[int, Whose] = {}

    @cached_property
    def _by_seq(self) -> dict[int, Attempt]:
        return {event.seq: attempt for attempt in self._attempts for event in attempt.events}

    def whose(self, event: Event) -> Whose:
        """Whose doing a `tls.handshake` or `ocpp.connection` event of this trace is."""
        attempt = self._by_seq.get(event.seq)
        if attempt is None:
            return Whose.UNCLEAR
        if id(attempt) not in self._said:
            self._said[id(attempt)] = self._whose(attempt)
        return self._said[id(attempt)]

    def by(self, whose: Whose, events: Iterable[Event]) -> list[Event]:
        """Those of the events that are this one's doing."""
        return [event for event in events if self.whose(event) is whose]

    def charger(self, events: Iterable[Event]) -> list[Event]:
        """Those of the events that are the charger's doing."""
        return self.by(Whose.CHARGER, events)

    def unclear(self, events: Iterable[Event]) -> list[Event]:
        """Those of the events that may be the charger's doing or not."""
        return self.by(Whose.UNCLEAR, events)

    def was_connected(self, closed: Event) -> bool:
        """Whether a `closed` event is the end of a connection that the charger had opened."""
        attempt = self._by_seq.get(closed.seq)
        return attempt is not None and attempt.opened_ns is not None and self.whose(closed) is Whose.CHARGER

    def aside(self, events: Iterable[Event]) -> str:
        """What is said of the strangers among them, to follow other words; empty without any."""
        hosts: Counter[str] = Counter(host_of(e) or "an unknown address" for e in self.by(Whose.STRANGER, events))
        told = [
            f"{count} attempt{'s' if count > 1 else ''} from {host} {'were' if count > 1 else 'was'} not the charger's"
            for host, count in sorted(hosts.items())
        ]
        return "".join(f"; {each}" for each in told[:3]) + (f"; and others from {len(told) - 3} more" * (len(told) > 3))

    def doubt(self, events: Iterable[Event]) -> str:
        """Why it cannot be told of these events whether they are the charger's doing, in words."""
        event = next(iter(self.unclear(events)), None)
        attempt = self._by_seq.get(event.seq) if event is not None else None
        if attempt is None:
            return "it cannot be told who that was"
        where = attempt.host or "an unknown address"
        if not self._logins:
            why = "nobody has logged in as the charger" if not attempt.admitted else "the bench asks nobody for a proof"
        elif attempt.look in self._shared:
            why = "somebody else with the same kind of TLS client was there at the same address"
        else:
            why = "the charger comes from there too, with another kind of TLS client"
        return f"whether {where} was the charger cannot be told: {why}"

    def _is_somebody_else(self, caller: Attempt) -> bool:
        """Whether an attempt that is no login shows that not only the charger looks like it."""
        if id(caller) in self._login_ids or caller.started is not None or self._is_another_program(caller):
            return False  # known already, or told apart by more than its look
        if caller.identity is not None and caller.identity not in self._names:
            return True
        if self._keys and caller.key is not None and caller.key not in self._keys:
            return True
        began_ns = caller.began_ns
        if began_ns is None:
            return False
        at = bisect_left(self._spoken, (began_ns, began_ns)) - 1
        return at >= 0 and self._spoken[at][0] < began_ns < self._spoken[at][1]

    def _is_another_program(self, caller: Attempt) -> bool | None:
        """Whether it is another program, on the backend's own machine, than those of the logins; None: not known."""
        here = {program for host, program in self._programs if host == caller.host}
        if not here:
            return False
        return caller.process not in here if caller.process is not None else None

    def _is_another_station(self, caller: Attempt) -> bool:
        """Whether another station that we serve has logged in by it."""
        return self._station is not None and caller.opened_ns is not None and caller.identity != self._station

    def _whose(self, caller: Attempt) -> Whose:
        if caller.control:
            return Whose.OURS
        if id(caller) in self._login_ids:
            return Whose.CHARGER
        if self._is_another_station(caller):
            return Whose.STRANGER
        if caller.admitted:
            return Whose.UNCLEAR
        if caller.started is not None:
            return Whose.CHARGER if caller.started else Whose.STRANGER
        if caller.key is not None and caller.key in self._keys:
            return Whose.CHARGER
        if not self._logins or caller.host is None:
            return Whose.UNCLEAR
        if caller.host not in self._hosts:
            return Whose.STRANGER
        if (other := self._is_another_program(caller)) is not False:
            return Whose.STRANGER if other else Whose.UNCLEAR
        known = caller.look in self._looks and caller.look not in self._shared
        return Whose.CHARGER if known else Whose.UNCLEAR
