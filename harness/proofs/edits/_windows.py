"""Windows: committed stretches of recorded traces, of at most 500 events, in which rules were exercised and green."""

from __future__ import annotations

import functools
import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from harness.trace import Event, Trace

MOST_EVENTS = 500
FOLDER = Path(__file__).parent / "windows"
_KINDS = ("ocpp.frame", "ocpp.connection", "provoked", "bench.action")  # what rules look at
_FRAME = ("conn", "dir", "raw", "version")  # of a frame's data: the rest only repeats what its octets say
_LINE = ("conn", "state", "identity", "subprotocol")
_V2G_KINDS = {  # and what rules look at of the sessions between car and charger
    "v2g.message": ("session", "dir", "exi", "payload_type"),
    "v2g.connection": ("session", "what", "state"),
}
_decoder = msgspec.json.Decoder(Event)


def names() -> tuple[str, ...]:
    """The windows there are."""
    return tuple(sorted(path.name.removesuffix(".jsonl.gz") for path in FOLDER.glob("*.jsonl.gz")))


@functools.cache
def window(name: str) -> tuple[Event, ...]:
    """A window's events, numbered from 0. Raises KeyError with the names there are."""
    path = FOLDER / f"{name}.jsonl.gz"
    if not path.is_file():
        raise KeyError(f"no window is called {name!r}; there are: {', '.join(names())}")
    return tuple(_decoder.decode(line) for line in gzip.decompress(path.read_bytes()).splitlines())


def relevant(trace: Trace) -> list[Event]:
    """What of a trace rules look at, as a window keeps it, numbered anew."""
    return [
        Event(
            seq=number,
            t_ns=event.t_ns,
            utc=event.utc,
            kind=event.kind,
            who=event.who,
            station=event.station,
            evse=event.evse,
            connection=event.connection,
            data=_kept(event),
        )
        for number, event in enumerate(_looked_at(trace))
    ]


def cut_sessions(trace: Trace, session: int, most: int = MOST_EVENTS) -> list[Event]:
    """At most so many events of the ISO 15118 session with this number, as a window keeps them."""
    mine = [event for event in trace.of(*_V2G_KINDS) if event.data.get("session") == session]
    return [
        Event(
            seq=number,
            t_ns=event.t_ns,
            utc=event.utc,
            kind=event.kind,
            who=event.who,
            data={name: event.data[name] for name in _V2G_KINDS[event.kind] if name in event.data},
        )
        for number, event in enumerate(mine[:most])
    ]


def _looked_at(trace: Trace) -> Iterator[Event]:
    for event in trace.of(*_KINDS):
        if event.kind != "bench.action" or event.data.get("role") == "csms.network":
            yield event


def _kept(event: Event) -> dict[str, object]:
    names = {"ocpp.frame": _FRAME, "ocpp.connection": _LINE}.get(event.kind, tuple(event.data))
    return {name: event.data[name] for name in names if name in event.data}


def cut(events: Sequence[Event], connection: int = 1, most: int = MOST_EVENTS) -> list[Event]:
    """At most so many events from where the n-th connection opened. Raises ValueError where there are not so many."""
    opened = [n for n, e in enumerate(events) if e.kind == "ocpp.connection" and e.data.get("state") == "open"]
    if not 1 <= connection <= len(opened):
        raise ValueError(f"the trace holds {len(opened)} connections, and {connection} was asked for")
    first = opened[connection - 1]
    taken = events[first : first + most]
    return [msgspec.structs.replace(event, seq=number) for number, event in enumerate(taken)]


def keep(name: str, events: Sequence[Event]) -> Path:
    """Write a window; the same events give the same octets."""
    lines = b"".join(msgspec.json.encode(_bare(event)) + b"\n" for event in events)
    path = FOLDER / f"{name}.jsonl.gz"
    path.write_bytes(gzip.compress(lines, compresslevel=9, mtime=0))
    window.cache_clear()
    return path


def _bare(event: Event) -> dict[str, object]:
    """A window is no chain: its events name no predecessor."""
    plain: dict[str, object] = msgspec.to_builtins(event)
    return {name: value for name, value in plain.items() if name != "prev" and value is not None}
