"""A part of a trace that is about one station, one EVSE, one stretch of time: what a judge is given."""

from __future__ import annotations

from array import array
from typing import Any

from harness.trace._evses import evses_of
from harness.trace._store import PartStore, Store
from harness.trace._view import Trace

_LINES = ("ocpp.connection", "ocpp.frame", "tls.handshake")  # what belongs to a connection, and so to its station


class Scope(Trace):
    """The events of a trace that are about `station` and `evse`, after event `since` and up to event `until`.

    What says of no station or EVSE what it is about (a case's step, a whole station's limit) is about all of them; so
    is what we sent. None: any. An attempt to connect that came to nothing is nobody's, and stands in every view.
    """

    def __init__(
        self,
        trace: Trace,
        *,
        station: str | None = None,
        evse: int | None = None,
        since: int | None = None,
        until: int | None = None,
    ) -> None:
        self.station, self.evse, self.since, self.until = station, evse, since, until
        part = trace
        if station is not None or evse is not None:
            store = trace._store
            about = store.once(("about", station, evse), lambda: _part(store, station, evse))
            part = Trace.over(about)
            if len(trace) != len(store):
                seqs = {store.seqs[n] for n in trace._at} if not isinstance(trace._at, range) else None
                part = _within(part, trace) if seqs is None else part.where(lambda e: e.seq in seqs)
        part = part if since is None else part.after(since)
        part = part if until is None else part.up_to(until)
        super().__init__(part)


def under_test(trace: Trace) -> Trace:
    """What is about the one station that the cases and claims name; all of it where they name none, or several."""
    store = trace._store
    named = {store.about(n)[0] for n in store.of(("case.", "claim"))} - {None}
    return Scope(trace, station=named.pop()) if len(named) == 1 else trace


def _within(part: Trace, view: Trace) -> Trace:
    """What of a part lies in a view without gaps."""
    if not len(view):
        return part[:0]  # type: ignore[no-any-return]
    first, last = view._at[0], view._at[-1]
    seqs = view._store.seqs
    return part.after(seqs[first] - 1).up_to(seqs[last])


def _part(store: Store, station: str | None, evse: int | None) -> Store:
    """The store's events that are about this station and EVSE, or about none."""
    stations = store.once("stations", lambda: _stations(store))
    evses = {} if evse is None else store.once("evses", lambda: evses_of(store, stations))
    one_station = station is None or store.once("station names", lambda: set(stations.values())) <= {station}
    if one_station and store.once(("evse numbers", evse is None), lambda: set(evses.values())) <= {evse}:
        return store
    wanted = (
        n
        for n in range(len(store))
        if (station is None or stations.get(n, station) == station) and (evse is None or evses.get(n, evse) == evse)
    )
    return PartStore(store, array("I", wanted), station, evse)


def _stations(store: Store) -> dict[int, str]:
    """The station that an event is about: it says so, or its connection's opening does (chargeproof/trace/1)."""
    found = {n: name for n in range(len(store)) if isinstance(name := store.about(n)[0], str)}
    owner: dict[Any, str] = {}
    waiting: dict[Any, list[int]] = {}
    for n in store.of(_LINES):
        if n in found:
            continue
        data = store.data(n)
        conn, identity = data.get("conn"), data.get("identity")
        if store.kinds[n] == "tls.handshake":  # whose it was shows only when somebody speaks over it
            owner.pop(conn, None)
            waiting.setdefault(conn, []).append(n)
        elif data.get("state") == "refused":  # who names a station is not yet that station
            waiting.pop(conn, None)
        elif isinstance(identity, str):
            owner[conn] = found[n] = identity
            found |= dict.fromkeys(waiting.pop(conn, ()), identity)
        elif conn in owner:
            found[n] = owner[conn]
    return found
