"""OCPP seen in a trace: frames as messages, read from their octets, and CALLs with the answers that belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from harness.trace._conversations import conversations
from harness.trace._events import Event
from harness.trace._message import OcppMessage
from harness.trace._view import Trace

CALL = 2


@dataclass(frozen=True)
class Exchange:
    """A CALL and its answer; `answer` is None while or when none came."""

    call: OcppMessage
    answer: OcppMessage | None

    @property
    def took_s(self) -> float | None:
        """Seconds from CALL to answer."""
        return None if self.answer is None else (self.answer.event.t_ns - self.call.event.t_ns) / 1e9


def messages(
    events: Iterable[Event], *, action: str | tuple[str, ...] | None = None, direction: str | None = None
) -> list[OcppMessage]:
    """All OCPP messages in order, optionally of some actions or one direction ("in" from the station, "out" to it)."""
    trace = Trace(events)
    return conversations(trace._store).listed(action, direction).inside(trace._at)


def faulty_messages(events: Iterable[Event], *, direction: str | None = None) -> list[OcppMessage]:
    """The messages that break OCPP: in their octets, or by answering what nobody asked, or by a used message id."""
    trace = Trace(events)
    return conversations(trace._store).faulty(direction).inside(trace._at)


def exchanges(
    events: Iterable[Event], *, action: str | tuple[str, ...] | None = None, direction: str | None = None
) -> list[Exchange]:
    """CALLs with their answers. `direction` is the CALL's; an answer counts when it is among the events too."""
    trace = Trace(events)
    found = conversations(trace._store).listed(action, direction)
    return [_exchange(trace, message) for message in found.inside(trace._at) if message.type == CALL]


def exchange_of(events: Iterable[Event], seq: int) -> Exchange | None:
    """The CALL of event `seq` with its answer; None when that event is no CALL."""
    trace = Trace(events)
    at = trace._at_seq(seq)
    call = conversations(trace._store).at(at) if at is not None else None
    return _exchange(trace, call) if call is not None and call.type == CALL else None


def _exchange(trace: Trace, call: OcppMessage) -> Exchange:
    answer = call.answer
    return Exchange(call, answer if answer is not None and answer.seq in trace.numbers else None)
