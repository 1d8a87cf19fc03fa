"""Connection, loss and recovery; and what happened in between must arrive afterwards."""

from __future__ import annotations

import datetime

from harness.judge._core import Claim, Finding, Limits, Verdict, held_against, judge
from harness.judge._say import found, holds, seconds, unseen
from harness.judge.line._attribution import Callers, Whose, callers_of
from harness.judge.line._silence import notices_silence as notices_silence
from harness.judge.line._trying import goes_on_to_the_next as goes_on_to_the_next
from harness.judge.line._trying import keeps_trying as keeps_trying
from harness.judge.ocpp._clock import moment, skew
from harness.judge.ocpp._transactions import number_of, transaction_of, value_read, without_retries
from harness.trace import Event, OcppMessage, Trace, had_no_room, messages


def opened_after(trace: Trace, seq: int, until: int, callers: Callers | None = None) -> Event | None:
    """The charger's first accepted connection after an event; `callers` of the trace, when they are known already."""
    seen = [e for e in trace.of("ocpp.connection").after(seq).up_to(until) if _is(e, "open")]
    return next(iter((callers or callers_of(trace)).charger(seen)), None)


@judge("connectivity.connects")
def connects(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The charger opened an OCPP connection to our backend and spoke on it, at the latest when it was asked to."""
    expected = "the charger connects to the backend by its own means of communication"
    callers = callers_of(trace)
    event = opened_after(trace, -1, claim.seq, callers)
    if event is None:
        others = [e for e in trace.of("ocpp.connection").up_to(claim.seq) if _is(e, "open")]
        seen = callers.doubt(others) if callers.unclear(others) else "no connection was seen"
        return unseen(expected, seen, acted="dut")
    heard = messages(trace.after(event.seq), direction="in")
    spoke = next((m for m in heard if m.event.data.get("conn") == event.data.get("conn")), None)
    if spoke is None:
        told = messages(trace.after(event.seq), direction="out")
        asked = next((m for m in told if m.event.data.get("conn") == event.data.get("conn")), None)
        if asked is None:
            return unseen(expected, "it connected, said nothing, and was asked nothing", acted="dut")
        return holds(False, expected, "it connected and said nothing, also when it was asked", event, asked.event)
    return holds(True, expected, f"connected by {event.data.get('subprotocol')}", event, spoke.event)


@judge("connectivity.reconnects")
def reconnects(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After the network was given back (`restored`), the charger is connected within the contract's time.

    The control is in the trace itself: the connection was lost between `cut` and `restored`.
    """
    limit = limits["reconnect"]
    expected = f"connected again within {limit.value:g} {limit.unit} of the network's return"
    clause = "OCPP-J Part 4, 5.3 (reconnecting)"
    cut, restored = trace.by_seq(claim.params["cut"]), trace.by_seq(claim.params["restored"])
    callers = callers_of(trace)
    lines = trace.of("ocpp.connection").up_to(claim.seq)
    lost = [e for e in lines.after(cut.seq) if _is(e, "closed") and callers.was_connected(e)]
    if not lost:
        return unseen(expected, "the connection was never lost, so nothing was recovered")
    if opened_after(trace, cut.seq, restored.seq, callers) is not None:
        return unseen(expected, "it connected while the network was cut: the cut did not cut it off")
    back = opened_after(trace, restored.seq, claim.seq, callers)
    if back is None:
        if doubtful := _may_have_been_back(trace, restored, claim, callers):
            return found(Verdict.INCONCLUSIVE, expected, *doubtful, acted="harness", clause=clause)
        watched_s = seconds(trace.by_seq(claim.seq), restored)
        verdict = Verdict.FAIL if watched_s > limit.value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"not back after {watched_s:.1f} s", restored, clause=clause)
    verdict, measured = held_against("time to reconnect", seconds(back, restored), limit, at_ns=back.t_ns)
    seen = f"back after {measured.value:.1f} s"
    return found(verdict, expected, seen, lost[0], restored, back, clause=clause, measurements=[measured])


def _may_have_been_back(trace: Trace, restored: Event, claim: Claim, callers: Callers) -> tuple[str, Event] | None:
    """Why a charger that was not seen to connect may have come all the same, in words, and the event that says so."""
    for event in trace.of("ocpp.connection").after(restored.seq).up_to(claim.seq):
        whose = callers.whose(event)
        if _is(event, "open") and whose is Whose.UNCLEAR:
            return f"somebody connected; {callers.doubt([event])}", event
        if had_no_room(event) and whose in (Whose.CHARGER, Whose.UNCLEAR):
            return "our backend had too many connections and turned away what may have been the charger", event
    return None


def _is(event: Event, state: str) -> bool:
    return event.kind == "ocpp.connection" and event.data.get("state") == state


@judge("connectivity.offline_events_delivered")
def offline_events_delivered(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A transaction that ended while offline is told in full afterwards: no number missing, its end among them.

    The events of the gap carry a time between `cut` and `restored`, and say that they happened offline. They may arrive
    in any order: that is what the numbers are for (Part 2, E 1.3.2). GetVariables `leaving`, if given, read
    StopTxOnEVSideDisconnect: only where it is true does the car's leaving oblige the charger to end (E09, E10). With
    `many`, at least `offline_events` of them must have happened offline, or too little was seen.
    """
    expected = "what happened while offline is delivered afterwards, complete, with the time it happened"
    clause = "OCPP 2.0.1 E04.FR.01, E04.FR.03, E12.FR.01, E12.FR.02"
    cut, restored = trace.by_seq(claim.params["cut"]), trace.by_seq(claim.params["restored"])
    told: dict[str, list[OcppMessage]] = {}
    for message in messages(trace, action="TransactionEvent", direction="in"):
        if message.type == 2 and message.event.seq <= claim.seq:
            told.setdefault(transaction_of(message), []).append(message)
    open_then = [k for k, v in told.items() if v[0].event.seq < cut.seq and not _ended(v, before=cut.seq)]
    if not open_then:
        return unseen(expected, "no transaction was running when the network was cut")
    events = without_retries(told[open_then[-1]])
    if any(cut.seq < m.event.seq < restored.seq for m in events):
        return unseen(expected, "it was heard while the network was cut: the cut did not cut it off")
    callers = callers_of(trace)
    if opened_after(trace, restored.seq, claim.seq, callers) is None:
        if doubtful := _may_have_been_back(trace, restored, claim, callers):
            return found(Verdict.INCONCLUSIVE, expected, *doubtful, acted="harness", clause=clause)
        waited_s = seconds(trace.by_seq(claim.seq), restored)
        verdict = Verdict.FAIL if waited_s > limits["reconnect"].value else Verdict.INCONCLUSIVE
        return found(verdict, expected, f"it was not connected again in {waited_s:.1f} s", cut, restored, clause=clause)
    late = [m for m in events if m.event.seq > restored.seq]
    numbers = [number_of(m) for m in events]
    if not _ended(events, before=claim.seq):
        if (leaving := claim.params.get("leaving")) is not None and (keeps := value_read(trace, leaving)) != "true":
            seen = f"no end came, and the charger keeps StopTxOnEVSideDisconnect at {keeps!r}: the car may come back"
            return found(Verdict.INCONCLUSIVE, expected, seen, cut, restored, acted="dut", clause=clause)
        return found(Verdict.FAIL, expected, f"the end never came; numbers {numbers}", cut, restored, clause=clause)
    if sorted(numbers) != list(range(min(numbers), max(numbers) + 1)):
        seen = f"numbers missing or repeated: {numbers}"
        return holds(False, expected, seen, *(m.event for m in late), clause=clause)
    return _timed_and_marked(trace, limits, expected, clause, cut, restored, late, many=bool(claim.params.get("many")))


def _stamped_when_sent(
    late: list[OcppMessage],
    ahead: datetime.timedelta,
    within: datetime.timedelta,
    began: datetime.datetime,
    over: datetime.datetime,
    least: float,
) -> str:
    """What is wrong if the events of a whole outage all carry times of after it, close together; else nothing.

    A clock that was set meanwhile moves them all, and leaves them as far apart as they were.
    """
    told = [moment(m.payload.get("timestamp")) for m in late if m.payload.get("offline")]
    times = [at - ahead for at in told if at is not None]
    if len(times) < least or min(times) < over - within or max(times) - min(times) > (over - began) / 3:
        return ""
    return f"all {len(times)} events of the outage carry times of after it: when they were sent, not when they happened"


def _timed_and_marked(
    trace: Trace,
    limits: Limits,
    expected: str,
    clause: str,
    cut: Event,
    restored: Event,
    late: list[OcppMessage],
    *,
    many: bool,
) -> Finding:
    """Whether what came late tells when it happened, by the charger's clock of before, and that it was offline."""
    clocks, began, over = skew(trace, cut.seq), moment(cut.utc), moment(restored.utc)
    last = next(m for m in late if m.payload.get("eventType") == "Ended")
    stamped = moment(last.payload.get("timestamp"))
    said = f"its end carries the time {last.payload.get('timestamp')}"
    if stamped is None or clocks is None or began is None or over is None:
        seen = f"{said}; how the charger's clock ran before is not known"
        if stamped is None:
            return holds(False, expected, f"{said}, which is none", last.event, clause=clause)
        return found(Verdict.INCONCLUSIVE, expected, seen, cut, restored, last.event, clause=clause)
    ahead = datetime.timedelta(seconds=clocks.ahead_s)
    within = datetime.timedelta(seconds=clocks.within_s)
    notices = datetime.timedelta(seconds=limits["notice"].value)  # so long it may still take itself to be online
    when = stamped - ahead
    if not began - within <= when <= over + within:
        return holds(False, expected, f"{said}, not that of the offline time", cut, restored, last.event, clause=clause)
    if many and (sent := _stamped_when_sent(late, ahead, within, began, over, limits["offline_events"].value)):
        return holds(False, expected, sent, cut, restored, last.event, clause=clause)
    if when > over:
        seen = f"{said}, about when the network came back: whether it happened or was sent then cannot be told"
        return found(Verdict.INCONCLUSIVE, expected, seen, cut, restored, last.event, clause=clause)
    for message in late:
        at = moment(message.payload.get("timestamp"))
        offline_then = at is not None and began + notices + within <= at - ahead <= over - within
        if offline_then and not message.payload.get("offline"):
            kind = message.payload.get("eventType")
            seen = f"{kind} of the offline time does not say that it happened offline"
            return holds(False, expected, seen, cut, restored, message.event, clause=clause)
    numbers = sorted(number_of(m) for m in late)
    least, offline = limits["offline_events"].value if many else 0, sum(bool(m.payload.get("offline")) for m in late)
    if offline < least:
        return unseen(expected, f"only {offline} event(s) happened while offline", acted="dut", clause=clause)
    text = f"{len(late)} event(s) delivered after the gap, numbers {numbers[0]} to {numbers[-1]} complete"
    return holds(True, expected, text, cut, restored, last.event, clause=clause)


def _ended(events: list[OcppMessage], before: int) -> bool:
    return any(m.payload.get("eventType") == "Ended" and m.event.seq <= before for m in events)
