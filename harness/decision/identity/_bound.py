"""Whether a trace is of the campaign that a plan was made for: the digests that its first events hold. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from harness.decision.identity._nameplate import PARTS
from harness.plan import Plan
from harness.trace import Event, Trace


def bound_problems(plan: Plan, plan_sha256: str, trace: Trace) -> list[str]:
    """Why this trace is not of a campaign that was made from this plan, in plain words; [] when it is.

    `plan_sha256` is the digest (hex) of plan.json's bytes. A trace of schema 1 binds nothing.
    """
    starts = [e for e in trace if e.kind in PARTS]
    if not starts or starts[0].kind != "campaign.started" or starts[0].seq != trace[0].seq:
        return ["the trace does not begin with the start of a campaign"]
    first = starts[0].data
    if first.get("schema") != "chargeproof/trace/2":
        return [f"the trace is of schema {first.get('schema', 1)!r}, which does not say from which plan it was made"]
    problems = []
    if sum(e.kind == "campaign.started" for e in starts) > 1:
        problems.append("the trace holds more than one campaign")
    for event in starts:
        where = "the campaign" if event.kind == "campaign.started" else f"the rerun at event {event.seq}"
        problems += [f"{where} was made from another {what}" for what in _unlike(plan, plan_sha256, event)]
    return problems


def _unlike(plan: Plan, plan_sha256: str, event: Event) -> Iterator[str]:
    if event.data.get("plan") != plan_sha256:
        yield "plan (plan.json's digest is not the one that the trace holds)"
    bound, wanted = event.data.get("bound"), msgspec.to_builtins(plan.bound)
    for name, digest in wanted.items():
        if not isinstance(bound, dict) or bound.get(name) != digest:
            yield f"{name} (its digest in the plan is not the one that the trace holds)"
