"""What chargeproof 0.1 wrote, in the shapes of today: so that its bundles verify and say what they said then.

Nothing is judged from it: purposes, runs and limits by role did not exist, and stay empty.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from harness.evidence.bundle import _model
from harness.plan import Plan

PREDICATE_TYPE = "https://chargeproof.example/acceptance/v1"
SHAPES = {_model.PLAN: "plan", _model.VERDICTS: "verdicts"}  # which have another major number by now
_VERSION = re.compile(r"^chargeproof/[a-z_]+/(\d+)$")


class Predicate1(msgspec.Struct, frozen=True, kw_only=True):
    """The statement of 0.1: `dut` by the profile, `dut_reported` by the first BootNotification."""

    schema: str = "chargeproof/predicate/1"
    decision: str
    dut: _model.DutIdentity
    dut_reported: _model.DutIdentity | None
    tender: str
    client: str
    catalogue_digest: str
    evaluation_date: str
    emulated: bool
    partial: bool
    interrupted: bool
    trace: _model.TraceSummary
    harness_version: str


class Statement1(
    msgspec.Struct, frozen=True, kw_only=True, rename={"type_": "_type", "predicate_type": "predicateType"}
):
    """An in-toto Statement v1 around it."""

    type_: str = _model.STATEMENT_TYPE
    subject: tuple[_model.Subject, ...]
    predicate_type: str = PREDICATE_TYPE
    predicate: Predicate1


def major(schema: object) -> int:
    """The major number of a shape; 0 where it names none."""
    found = _VERSION.match(schema) if isinstance(schema, str) else None
    return int(found[1]) if found else 0


def upgraded(name: str, value: dict[str, Any]) -> dict[str, Any]:
    """A plan or verdicts of 0.1, which fit their schema, with today's keys; `schema` stays what it was."""
    if name == _model.VERDICTS:
        return dict(value)  # every key of then is one of today's
    criteria = [{k: v for k, v in each.items() if k != "cases"} for each in value["criteria"]]
    cases = [
        {k: each[k] for k in ("id", "title", "estimate_s", "run")} | {"function": each["id"], "purposes": []}
        for each in value["cases"]
    ]
    waivers = [{**each, "of": each["criterion"]} for each in value.get("waivers", [])]
    bound = {"profile": "", "catalogue": value["catalogue_digest"], "suites": ""}
    changed = {"criteria": criteria, "cases": cases, "waivers": waivers, "bound": bound, "limits": {}}
    narrowed = [f"-r {each}" for each in value.get("selection", [])]
    return {**value, **changed, "purposes": [], "runs": [], "narrowed": narrowed}


def is_older(plan: Plan) -> bool:
    """Whether a plan was read from a shape before today's."""
    return major(plan.schema) < 2
