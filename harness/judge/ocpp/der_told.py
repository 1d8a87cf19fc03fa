"""Scheduled grid-code settings: does the charger tell when one starts, and when it ends (OCPP 2.1 R04)?"""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import OcppMessage, Trace, messages

_CLAUSE = "OCPP 2.1 R04.FR.20, R04.FR.21, R04.FR.22"


@judge("der_told.start_and_end")
def start_and_end(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """SetDERControl `set` of a control with startTime and duration: NotifyDERStartStop told its start, then its end.

    With `supersedes`, the id of a control that ran until then, the start names it. The claim's case has waited long
    enough for both.
    """
    pair = asked_by(trace, claim.params["set"])
    number, over = pair.call.payload.get("controlId"), claim.params.get("supersedes")
    expected = "the start and the end of the setting are told" + (
        ", and which one it takes the place of" if over else ""
    )
    status = pair.answer.payload.get("status", pair.answer.error_code) if pair.answer is not None else "nothing"
    if pair.answer is None or status != "Accepted":
        return unseen(expected, f"the setting was answered {status}", acted="dut", clause=_CLAUSE)
    part = trace.after(pair.call.seq).up_to(claim.seq)
    told = [
        m
        for m in messages(part, action="NotifyDERStartStop", direction="in")
        if m.type == 2 and m.payload.get("controlId") == number
    ]
    said = [_word(m) for m in told]
    seen = f"it told {', '.join(said) or 'neither'}"
    events = (pair.call.event, *(m.event for m in told[:4]))
    if "start" not in said or "end" not in said or said.index("start") > said.index("end"):
        return holds(False, expected, seen, *events, clause=_CLAUSE)
    named = next(m.payload.get("supersededIds") or [] for m in told if _word(m) == "start")
    if over and over not in named:
        return holds(False, expected, f"{seen}; its start names {len(named)} others, and not that one", *events)
    return holds(True, expected, seen, *events, clause=_CLAUSE)


def _word(message: OcppMessage) -> str:
    return "start" if message.payload.get("started") is True else "end"
