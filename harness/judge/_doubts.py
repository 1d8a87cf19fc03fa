"""What the bench itself did to the times and the lines that a finding rests on: a fail under it is not the charger's.

Pure, and from the trace alone, so that whoever judges the evidence again finds the same doubts.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from harness.ocppj import CALL
from harness.trace import Event, OcppMessage, Trace, exchanges, messages, was_replaced
from requirement_catalog import own_count, own_ns, own_number

JUMP_S = own_number("bench.clock_jump")
SLOW_S = own_number("bench.standstill")
_MARGIN_S = own_number("bench.standstill_margin")
_STRIDE, _CONFIRMED = own_count("bench.clock_stride"), own_count("bench.clock_confirmed")
_AGREES_S = own_number("bench.clock_agrees")
_FOREVER_NS = 2**63
_TIMES = ("timestamp", "generatedAt")
_NO_CLOSING_HANDSHAKE = 1006  # nobody was there any more
_AFTER_NS = own_ns("bench.worked_off")
_AT_ONCE = own_count("bench.twice_alive")


@dataclass(frozen=True)
class Doubt:
    """From `first_ns` to `last_ns` of the trace's own time; `why` names what the bench did, in plain words."""

    first_ns: int
    last_ns: int
    why: str
    clock: bool = False
    lost_s: float = 0.0  # for how long our own side stood still
    identity: bool = False

    def touches(self, first_ns: int, last_ns: int) -> bool:
        """Whether anything between these two moments falls into it."""
        return self.first_ns <= last_ns and first_ns <= self.last_ns


def too_slow(doubts: Sequence[Doubt], late_s: Sequence[float]) -> Doubt | None:
    """The moment in which our own side stood still, where that may be why something failed; None where it may not.

    `late_s`: by how much times that were measured lie beyond their limits, if any do. A close call is one where that is
    no more than what was lost; where nothing was timed, a long moment may have moved anything.
    """
    slow = [each for each in doubts if each.lost_s]
    if not slow:
        return None
    longest, lost_s = max(slow, key=lambda each: each.lost_s), sum(each.lost_s for each in slow)
    if late_s:
        return longest if min(late_s) <= lost_s + _MARGIN_S else None
    return longest if longest.lost_s >= SLOW_S else None


def doubts_of(trace: Trace) -> tuple[Doubt, ...]:
    """All of them, the clock's first."""
    return (*_of_the_clock(trace), *_of_the_load(trace), *_of_the_identity(trace))


# --- the bench's clock ------------------------------------------------------------------------------------------------


def _of_the_clock(trace: Trace) -> Iterator[Doubt]:
    stamps: list[_Stamp] | None = None
    for at, by_s in _jumps(trace):
        event = trace[at]
        stamps = _stamps(trace) if stamps is None else stamps
        until_ns = _told_again(stamps, event, by_s)
        words = f"the bench's own clock jumped by {by_s:+.0f} s (now {event.utc[:19]} UTC)"
        yield Doubt(trace[max(0, at - 1)].t_ns, until_ns, words, clock=True)


def _jumps(events: Sequence[Event]) -> Iterator[tuple[int, float]]:
    """The first event after each jump, and by how many s wall time ran away from the time that passed."""
    if not events:
        return
    at, offset = 0, _offset_s(events[0])
    for ahead in range(_STRIDE, len(events) + _STRIDE, _STRIDE):
        ahead = min(ahead, len(events) - 1)
        now = _offset_s(events[ahead])
        if offset is not None and now is not None and abs(now - offset) > JUMP_S and _stays(events, ahead, now):
            first = next(i for i in range(at, ahead + 1) if _is_over(events[i], offset, now))
            yield first, now - offset
        at, offset = ahead, now if now is not None else offset


def _offset_s(event: Event) -> float | None:
    try:
        return datetime.datetime.fromisoformat(event.utc).timestamp() - event.t_ns / 1e9
    except ValueError:
        return None


def _is_over(event: Event, before: float, after: float) -> bool:
    offset = _offset_s(event)
    return offset is not None and abs(offset - after) < abs(offset - before)


def _stays(events: Sequence[Event], at: int, offset: float) -> bool:
    """Whether the next events have it, too: one alone may have been stamped late."""
    later = [o for e in events[at : at + _CONFIRMED] if (o := _offset_s(e)) is not None]
    return all(abs(o - offset) < JUMP_S for o in later)


class _Stamp(NamedTuple):
    """A message that the charger stamped: event number, time, and how far its clock was ahead of ours, in s."""

    seq: int
    t_ns: int
    ahead_s: float


def _stamps(trace: Trace) -> list[_Stamp]:
    """All that the charger stamped when it sent it, in order."""
    found = []
    for message in messages(trace, direction="in"):
        told = (message.payload.get(name) for name in _TIMES)
        stamp = next((s for s in told if isinstance(s, str)), None)
        if message.type != CALL or stamp is None or message.payload.get("offline"):
            continue
        event = message.event
        try:
            found.append(_Stamp(event.seq, event.t_ns, _moment(stamp) - _moment(event.utc)))
        except ValueError:
            continue
    return found


def _told_again(stamps: Sequence[_Stamp], jump: Event, by_s: float) -> int:
    """When the charger's stamps agree with our clock again, as well as they did before; it may be told so by then."""
    later = next((n for n, stamp in enumerate(stamps) if stamp.seq >= jump.seq), len(stamps))
    before_s, near_s = stamps[later - 1].ahead_s if later else 0.0, min(_AGREES_S, abs(by_s) / 2)
    agrees = (stamp.t_ns for stamp in islice(stamps, later, None) if abs(stamp.ahead_s - before_s) < near_s)
    return next(agrees, _FOREVER_NS)


def _moment(text: str) -> float:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


# --- the machine ------------------------------------------------------------------------------------------------------


def _of_the_load(trace: Trace) -> Iterator[Doubt]:
    for event in trace.of("harness.slow"):
        for_s = event.data.get("for_s")
        if isinstance(for_s, int | float) and for_s > 0:
            words = f"the machine was too slow: our own side stood still for {for_s:.1f} s until {event.utc[11:19]} UTC"
            yield Doubt(event.t_ns - int(for_s * 1e9), event.t_ns + _AFTER_NS, words, lost_s=for_s)


# --- who is at the other end ------------------------------------------------------------------------------------------


def _of_the_identity(trace: Trace) -> Iterator[Doubt]:
    """Two that are alive by one identity: each takes the other's place, and neither can be told from the other."""
    for identity, moments in _two_alive(trace.of("ocpp.connection"), _about_to_reboot(trace)).items():
        if len(moments) >= _AT_ONCE:
            words = (
                f"two connections by the identity {identity} lived at once, {len(moments)} times: another charger has "
                "the same identity, or this one connects a second time beside its first"
            )
            yield Doubt(moments[0] - _AFTER_NS, moments[-1] + _AFTER_NS, words, identity=True)


def _about_to_reboot(trace: Trace) -> frozenset[object]:
    """Connections whose charger was going to reboot; one left open by that is no second charger (B11.FR.03, L01)."""
    resets = (e.call for e in exchanges(trace, direction="out") if e.call.action == "Reset" and _was_taken(e.answer))
    updates = (m for m in messages(trace, action="FirmwareStatusNotification", direction="in") if m.type == CALL)
    return frozenset(m.event.data.get("conn") for m in (*resets, *updates))


def _was_taken(answer: OcppMessage | None) -> bool:
    return answer is not None and answer.payload.get("status") in ("Accepted", "Scheduled")


def _two_alive(connections: Iterable[Event], rebooting: frozenset[object]) -> dict[str, list[int]]:
    """By identity, when one that was replaced turned out to be alive: it closed as it was asked to."""
    found: dict[str, list[int]] = defaultdict(list)
    for event in connections:
        data = event.data
        if data.get("conn") in rebooting:
            continue
        if was_replaced(event) and data.get("code") not in (None, _NO_CLOSING_HANDSHAKE):
            found[str(event.station or data.get("identity"))].append(event.t_ns)
    return found
