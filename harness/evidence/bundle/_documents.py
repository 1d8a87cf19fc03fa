"""The bundle's JSON files: of the published shape, of a version we read, and in agreement with each other."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from harness.evidence.bundle import _model, _older, _schemas, _strict_json
from harness.evidence.bundle._problem import Problem
from harness.judge import CampaignResult
from harness.plan import Plan

_VERSION = re.compile(r"^(chargeproof/[a-z_]+)/(\d+)$")


@dataclass
class Documents:
    """What could be read. `newer` says, in plain words, which files only a newer chargeproof can read."""

    plan: Plan | None = None
    verdicts: CampaignResult | None = None
    verdicts_raw: dict[str, Any] = field(default_factory=dict)
    dut: _model.DutRecord | None = None
    values: dict[str, Any] = field(default_factory=dict)  # each file that could be read, as JSON
    problems: list[Problem] = field(default_factory=list)
    disagreements: list[Problem] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)
    older: set[str] = field(default_factory=set)  # files of a shape before today's
    made_by: str = ""  # the chargeproof that ran the campaign

    @property
    def schema(self) -> str:
        """The shape of the plan."""
        return self.plan.schema if self.plan else ""


def read_documents(files: Mapping[str, bytes | memoryview]) -> Documents:
    """Decode and check every JSON file there is; missing required files are problems."""
    found = Documents()
    for name in _model.REQUIRED:
        if name not in files:
            found.problems.append(Problem(where=name, what="is missing"))
    values: dict[str, Any] = {}
    for name, raw in files.items():
        if not name.endswith(".json") or "/" in name:  # what stands in folders was made by others
            continue
        try:
            value = values[name] = _strict_json.decode(raw)
        except _strict_json.JsonFault as no_json:
            found.problems.append(Problem(where=name, what=str(no_json)))
            continue
        if name not in _schemas.FILES:
            continue
        newer = newer_version(name, value)
        if newer:
            found.newer.append(newer)
            continue
        schema = _schemas.FILES[name]
        if _is_older(name, value):
            found.older.add(name)
            schema = f"{schema}.1" if name in _older.SHAPES else schema
        for fault in _schemas.faults(schema, value):
            found.problems.append(Problem(where=name, what=f"does not fit its schema {fault}"))
    bad = {problem.where for problem in found.problems}
    readable = {n: v for n, v in values.items() if n not in bad and not any(w.startswith(f"{n} ") for w in found.newer)}
    found.values = readable
    shaped = {n: _older.upgraded(n, v) if n in found.older & _older.SHAPES.keys() else v for n, v in readable.items()}
    found.plan = _shape(found, shaped, _model.PLAN, Plan)
    found.verdicts = _shape(found, shaped, _model.VERDICTS, CampaignResult)
    found.verdicts_raw = readable.get(_model.VERDICTS, {})
    found.dut = _shape(found, shaped, _model.DUT, _model.DutRecord)
    found.made_by = str(readable.get(_model.ENVIRONMENT, {}).get("chargeproof", ""))
    found.disagreements = [*_disagreements(found, readable), *_mixed(found)]
    return found


def _is_older(name: str, value: Any) -> bool:
    """Whether a file is of the shapes of 0.1; the manifest is by what it says of the trace."""
    if not isinstance(value, dict):
        return False
    if name == _model.MANIFEST:
        trace = value.get("trace")
        return isinstance(trace, dict) and _older.major(trace.get("schema")) == 1
    return name in _older.SHAPES and value.get("schema") == f"chargeproof/{_older.SHAPES[name]}/1"


def _mixed(found: Documents) -> list[Problem]:
    """Plan, verdicts and trace are of one generation: none was put in the place of another."""
    all_of = {*_older.SHAPES, *({_model.MANIFEST} & found.values.keys())}
    if not found.older or found.older == all_of or found.newer:
        return []
    old, new = (" and ".join(sorted(each)) for each in (found.older, all_of - found.older))
    what = f"of the shapes of chargeproof 0.1, while {new} is not: one was put in another's place"
    return [Problem(where=min(found.older), what=f"({old}) is {what}")]


def newer_version(name: str, value: Any) -> str:
    """A sentence when `value` was written in a later major version of its shape, else an empty string."""
    if not isinstance(value, dict):
        return ""
    newer = _newer(name, value.get("schema"), _schemas.SHAPES[_schemas.FILES[name]])
    if not newer and name == _model.MANIFEST and isinstance(value.get("trace"), dict):
        newer = _newer(_model.TRACE, value["trace"].get("schema"), _model.TraceSummary)
    return newer


def _newer(name: str, stated: object, shape: Any) -> str:
    reads = getattr(shape, "__struct_defaults__", ())
    ours = next((_VERSION.match(d) for d in reads if isinstance(d, str) and _VERSION.match(d)), None)
    theirs = _VERSION.match(stated) if isinstance(stated, str) else None
    if ours and theirs and ours[1] == theirs[1] and int(theirs[2]) > int(ours[2]):
        return f"{name} is of shape {stated}, this chargeproof reads {ours[0]}: use the version that wrote it or later"
    return ""


def _shape(found: Documents, values: Mapping[str, Any], name: str, shape: Any) -> Any:
    if name not in values:
        return None
    try:
        return msgspec.convert(values[name], shape)
    except msgspec.ValidationError as error:
        found.problems.append(Problem(where=name, what=f"cannot be read: {error}"))
        return None


def _disagreements(found: Documents, values: Mapping[str, Any]) -> list[Problem]:
    """Facts that stand in two files and must be the same in both."""
    problems = []
    plan, verdicts, dut = found.plan, found.verdicts, found.dut
    if plan and verdicts and verdicts.evaluation_date != plan.evaluation_date:
        what = f"was judged as of {verdicts.evaluation_date}, but the plan says {plan.evaluation_date}"
        problems.append(Problem(where=_model.VERDICTS, what=what))
    if plan and dut and dut.profile != plan.dut:
        problems.append(Problem(where=_model.DUT, what="holds another profile of the DUT than the plan"))
    catalogue = values.get(_model.CATALOGUE)
    stated = catalogue.get("digest") if isinstance(catalogue, dict) else None
    if plan and isinstance(stated, str) and stated != plan.catalogue_digest:
        problems.append(
            Problem(
                where=_model.CATALOGUE, what=f"has digest {stated}, but the plan was made from {plan.catalogue_digest}"
            )
        )
    return problems
