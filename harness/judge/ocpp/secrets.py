"""What may only be written: does the charger keep it to itself?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds, unseen
from harness.judge.ocpp._variables import name_of
from harness.judge.power._asked import asked_by
from harness.trace import Trace, messages

_CLAUSE = "OCPP B06.FR.09"
_KEPT = ("Rejected", "UnknownComponent", "UnknownVariable", "NotSupportedAttributeType")


@judge("secrets.stay_secret")
def stay_secret(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """GetVariables `calls` of write-only variables tell no value, nor do the parts of GetReport `report`.

    One that it does not have it cannot tell. An empty value tells nothing (B06.FR.13). A value of stars in a report may
    stand for one that is hidden: what a report shows of it OCPP leaves open (VariableAttributeType.value).
    """
    expected = "what may only be written is not told"
    pairs = [asked_by(trace, int(seq)) for seq in claim.params["calls"]]
    kept = []
    for pair in pairs:
        results = pair.answer.payload.get("getVariableResult") if pair.answer is not None else None
        if pair.answer is None or not results:
            return unseen(expected, "it was not answered", acted="dut", clause=_CLAUSE)
        for result in results:
            name, status = name_of(result), str(result.get("attributeStatus"))
            if result.get("attributeValue"):
                seen = f"{name} was answered {status}, with a value"
                return holds(False, expected, seen, pair.call.event, pair.answer.event, clause=_CLAUSE)
            kept.append(f"{name}: {status}" + ("" if status in _KEPT else ", empty"))
    shown = [name for name, value in _reported(trace, claim) if value.strip("*")]
    events = [pair.answer.event for pair in pairs if pair.answer is not None]
    if shown:
        seen = f"its report shows a value of {', '.join(shown)}"
        return found(Verdict.INCONCLUSIVE, expected, seen, *events, clause=_CLAUSE)
    return holds(True, expected, "; ".join(kept), *events, clause=_CLAUSE)


def _reported(trace: Trace, claim: Claim) -> Iterator[tuple[str, str]]:
    """Name and value of each write-only attribute in the report."""
    request = asked_by(trace, claim.params["report"]).call
    part = trace.after(request.seq).up_to(claim.seq)
    for message in messages(part, action="NotifyReport", direction="in"):
        if message.type != 2 or message.payload.get("requestId") != request.payload.get("requestId"):
            continue
        for entry in message.payload.get("reportData") or []:
            yield from ((name_of(entry), value) for value in _write_only(entry))


def _write_only(entry: dict[str, Any]) -> Iterator[str]:
    for attribute in entry.get("variableAttribute") or []:
        if attribute.get("mutability") == "WriteOnly" and attribute.get("value"):
            yield str(attribute["value"])
