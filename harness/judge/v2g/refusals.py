"""A charger that refuses what it must: a message out of turn, of another session, of nothing that it offers."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge.v2g._v2g_messages import body, session_messages, sessions
from harness.trace import Event, Trace

__all__ = ["accepted", "refused", "setup_is_new"]

_NOBODY = "0000000000000000"


@judge("refusals.refused")
def refused(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The first request after `since` was answered with one of `codes`, and nothing was agreed to after it.

    Where the charger `may_close`, it need not answer. Which refusal is the right one was read in public descriptions
    alone: with another FAILED code, or with silence, nothing is decided. That it agreed is a fault by any reading.
    """
    codes, may_close = claim.params.get("codes") or [], bool(claim.params.get("may_close"))
    expected = f"it refuses: {' or '.join(codes)}" if codes else "it agrees to nothing more"
    events = session_messages(trace, claim)
    asked = next((e for e in events if e.data.get("dir") == "out"), None)
    if asked is None:
        return unseen(expected, "the request was never sent", acted="ev")
    answers = [e for e in events if e.data.get("dir") == "in" and e.seq > asked.seq]
    said = [(e, code_of(e)) for e in answers]
    if agreed := next(((e, code) for e, code in said if code.upper().startswith("OK")), None):
        return holds(False, expected, f"{asked.data.get('name')} got {agreed[0].data['name']} {agreed[1]}", agreed[0])
    if not said:
        closed = _closed_by_the_charger(trace, claim, asked)
        if closed is not None and may_close:
            return holds(True, expected, "it closed the connection", asked, closed)
        seen = "it closed the connection without an answer" if closed is not None else "it did not answer"
        return found(Verdict.INCONCLUSIVE, expected, seen, asked, closed)
    event, code = said[0]
    if code in codes or (not codes and code.upper().startswith("FAILED")):
        return holds(True, expected, f"{event.data['name']} {code}", asked, event)
    seen = f"{event.data.get('name') or 'what cannot be read'} {code}".strip()
    return found(Verdict.INCONCLUSIVE, expected, f"{seen}: no agreement, and not what was expected", asked, event)


@judge("refusals.accepted")
def accepted(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """A request of this kind was agreed to in the newest session after `since`: its `answer`, by name, said OK."""
    answer = str(claim.params["answer"])
    expected = f"{answer} agrees, where the request is as it should be"
    events = [e for e in session_messages(trace, claim) if str(e.data.get("name")).endswith(answer)]
    if not events:
        return unseen(expected, f"no {answer} came", acted="dut")
    code = code_of(events[-1])
    return holds(code.startswith("OK"), expected, f"{answer} {code}", events[-1])


@judge("refusals.setup_is_new")
def setup_is_new(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The last SessionSetupRes after `since` began a new session, with a SessionID that was neither asked for nor used.

    A charger that refuses instead has joined nothing either: that is not decided.
    """
    expected = "a new session with a SessionID of its own"
    setups = [e for events in sessions(trace, claim) for e in events if "SessionSetup" in str(e.data.get("name"))]
    answers = [e for e in setups if e.data["name"] == "SessionSetupRes"]
    if not answers:
        return unseen(expected, "no SessionSetupRes came", acted="dut")
    last, code = answers[-1], code_of(answers[-1])
    told, used = _session_id(last), {_session_id(e) for e in setups if e is not last} | {_NOBODY}
    seen = f"{code} with SessionID {told}"
    if code.startswith("FAILED"):
        return found(Verdict.INCONCLUSIVE, expected, seen, last)
    return holds(code == "OK_NewSessionEstablished" and told not in used, expected, seen, *answers)


def code_of(event: Event) -> str:
    """Its ResponseCode; empty where it has none."""
    said = body(event).get("ResponseCode")
    return said if isinstance(said, str) else ""


def _session_id(event: Event) -> str:
    header = body(event).get("Header")
    return str(header.get("SessionID", "")).upper() if isinstance(header, dict) else ""


def _closed_by_the_charger(trace: Trace, claim: Claim, asked: Event) -> Event | None:
    own = [e for e in trace.of("v2g.connection").after(asked.seq).up_to(claim.seq) if _same(e, asked)]
    return next((e for e in own if e.data.get("what") == "closed" and e.data.get("closed_by") == "dut"), None)


def _same(one: Event, other: Event) -> bool:
    return bool(one.data.get("session") == other.data.get("session"))
