"""JSON Schemas of a bundle's files: made from the shapes that write them, published, and used to verify."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import jsonschema_rs
import msgspec

from harness.evidence.bundle import _model
from harness.judge import CampaignResult
from harness.judge.rules import LogVerdicts
from harness.plan import Plan
from harness.trace import OLD_SCHEMA, SCHEMA, Event

DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHAPES: dict[str, Any] = {
    "event": Event,
    "plan": Plan,
    "verdicts": CampaignResult,
    "manifest": _model.Manifest,
    "statement": _model.Statement,
    "attestation": _model.Envelope,
    "environment": _model.Environment,
    "dut": _model.DutRecord,
    "log-verdicts": LogVerdicts,
}
_ALSO_READ = {SCHEMA: [OLD_SCHEMA, SCHEMA]}  # shapes that were written once and are still verified
FILES = {
    _model.PLAN: "plan",
    _model.VERDICTS: "verdicts",
    _model.MANIFEST: "manifest",
    _model.ATTESTATION: "attestation",
    _model.ENVIRONMENT: "environment",
    _model.DUT: "dut",
}


def generate(name: str) -> bytes:
    """The schema of one shape as it should be published. Unknown keys are allowed: a later 1.x may add some."""
    (reference,), components = msgspec.json.schema_components([SHAPES[name]], ref_template="#/$defs/{name}")
    own = reference["$ref"].rpartition("/")[2]
    for shape in components.values():
        stated = shape.get("properties", {}).get("schema", {})
        if isinstance(stated.get("default"), str):
            known = _ALSO_READ.get(stated["default"])
            shape["properties"]["schema"] = {"enum": known} if known else {"const": stated["default"]}
            shape["required"] = sorted({*shape.get("required", ()), "schema"})
    identity = f"https://chargeproof.example/schema/{name}/{_major(SHAPES[name])}"
    schema = {"$schema": DIALECT, "$id": identity, **components.pop(own)}
    if components:
        schema["$defs"] = components
    return _model.to_json(schema)


def _major(shape: Any) -> str:
    """The major number that a shape's own `schema` ends in; an event and the statement name theirs elsewhere."""
    named = [d for d in shape.__struct_defaults__ if isinstance(d, str) and d.startswith("chargeproof/")]
    return named[0].rpartition("/")[2] if named else "2" if shape in (Event, _model.Statement) else "1"


def published(name: str) -> bytes:
    """The schema as it stands in this release; "plan.1" is that of an earlier major number."""
    return (resources.files("harness.evidence.schema") / f"{name}.json").read_bytes()


@cache
def validator(name: str) -> Any:
    """A validator of the published schema."""
    return jsonschema_rs.validator_for(msgspec.json.decode(published(name)))


def faults(name: str, value: Any, most: int = 5) -> list[str]:
    """What does not fit the published schema `name`: JSON path and message, at most `most` of them."""
    found: list[str] = []
    for error in validator(name).iter_errors(value):
        path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
        found.append(f"at {path.lstrip('.') or 'the top'}: {error.message[:300]}")
        if len(found) == most:
            break
    return found
