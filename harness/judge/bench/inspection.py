"""What a person saw: an answer to a prompt, with the photograph that goes with it."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, Verdict, judge
from harness.judge._say import found, holds
from harness.trace import Trace


@judge("inspection.answered_yes")
def answered_yes(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """The operator answered `prompt` with yes; with `photo` a photograph must be there. Unanswered: pending."""
    expected = str(claim.params.get("expected", "the observer says yes"))
    answers = [
        e for e in trace.of("operator.answer").up_to(claim.seq) if e.data.get("prompt") == claim.params["prompt"]
    ]
    asked = [e for e in trace.of("operator.prompt") if e.data.get("prompt") == claim.params["prompt"]]
    if not answers or (asked and asked[-1].seq > answers[-1].seq):
        return found(Verdict.PENDING, expected, "nobody has looked yet", acted="operator")
    last = answers[-1]
    who = last.data.get("observer") or "the observer"
    said = last.data.get("value", last.data.get("answer"))
    if said is not True and str(said).lower() not in ("yes", "true"):
        return holds(False, expected, f"{who} answered no", last)
    if claim.params.get("photo") and not last.data.get("photo"):
        return found(Verdict.PENDING, expected, f"{who} answered yes, but the photograph is missing", last)
    return holds(True, expected, f"{who} answered yes{', with a photograph' if last.data.get('photo') else ''}", last)
