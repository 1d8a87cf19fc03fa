"""Readings of an instrument: some of its quantities, read without decoding the rest; numbers as columns."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec

from harness.trace._store import Store, bounds_of
from harness.trace._view import Trace

Reading = tuple[int, int, list[Any], list[Any]]  # t_ns, number of the event, values, uncertainties


@dataclass
class Column:
    """All readings of one quantity: time, value, uncertainty (both in its unit), and the number of the event."""

    t_ns: array[int] = field(default_factory=lambda: array("q"))
    value: array[float] = field(default_factory=lambda: array("d"))
    uncertainty: array[float] = field(default_factory=lambda: array("d"))
    seq: array[int] = field(default_factory=lambda: array("q"))

    @cached_property
    def bounds(self) -> tuple[array[int], array[int]]:
        """For each reading the latest time up to it and the earliest from it on, to look times up by halving."""
        return bounds_of(self.t_ns)

    def add(self, t_ns: int, value: float, uncertainty: float, seq: int) -> None:
        """The next reading."""
        self.t_ns.append(t_ns)
        self.value.append(value)
        self.uncertainty.append(uncertainty)
        self.seq.append(seq)


def samples(trace: Trace, who: str, name: str) -> Column:
    """What `who` ("bench.meter") read of one quantity in the whole trace that this is a view of; numbers only."""
    return trace.once(("samples", who, name), lambda: _column(trace, who, name))


def readings(trace: Trace, who: str, names: tuple[str, ...]) -> Iterator[Reading]:
    """Each reading of `who` in the whole trace that this is a view of: these quantities, None where one is missing.

    An uncertainty is the one stated for the quantity, else that of its kind ("i_a" for "i_l1_a"), else 0.
    """
    store = trace._store
    read = _reader(names)
    for at in store.of(("bench.sample",), who):
        values, spreads = read(store, at)
        yield store.t_ns[at], store.seqs[at], values, spreads


def is_number(value: Any) -> bool:
    """Whether it is a number, which true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _column(trace: Trace, who: str, name: str) -> Column:
    column = Column()
    for t_ns, seq, (value,), (spread,) in readings(trace, who, (name,)):
        if is_number(value):
            column.add(t_ns, float(value), as_spread(spread), seq)
    return column


def as_spread(stated: Any) -> float:
    """A stated uncertainty as a number; what is none is no statement that can be used."""
    return float(stated) if is_number(stated) else float("nan")


def _reader(names: tuple[str, ...]) -> Callable[[Store, int], tuple[list[Any], list[Any]]]:
    """What picks these quantities out of an event, from its line where it still is one."""
    kinds = [_kind(name) for name in names]
    every = list(dict.fromkeys([*names, *kinds]))
    fields: list[tuple[str, Any, Any]] = [(name, Any, None) for name in every]
    picked = msgspec.defstruct("Picked", fields)
    inner: list[tuple[str, Any, Any]] = [("values", picked | None, None), ("uncertainty", picked | None, None)]
    line = msgspec.defstruct("Line", [("data", msgspec.defstruct("Sample", inner))])
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(line)
    nothing = picked()

    def read(store: Store, at: int) -> tuple[list[Any], list[Any]]:
        octets = store.line(at)
        if octets is None:
            return pick(store.data(at))
        try:
            data = decoder.decode(octets).data
        except msgspec.ValidationError:  # values that are no object, say
            return pick(store.data(at))
        values, spread = data.values or nothing, data.uncertainty or nothing
        return [getattr(values, n) for n in names], [_stated(spread, n, k) for n, k in zip(names, kinds, strict=True)]

    def pick(data: dict[str, Any]) -> tuple[list[Any], list[Any]]:
        values, spread = _object(data.get("values")), _object(data.get("uncertainty"))
        return [values.get(n) for n in names], [
            next((s for s in (spread.get(n), spread.get(k)) if s is not None), 0.0)
            for n, k in zip(names, kinds, strict=True)
        ]

    return read


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _stated(spread: Any, name: str, kind: str) -> Any:
    own = getattr(spread, name)
    if own is None:
        own = getattr(spread, kind)
    return 0.0 if own is None else own


def _kind(name: str) -> str:
    parts = name.split("_")
    return f"{parts[0]}_{parts[-1]}" if len(parts) == 3 else name
