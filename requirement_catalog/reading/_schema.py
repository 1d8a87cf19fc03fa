"""JSON Schemas of the catalogue's files, for editors: made from the structs, committed, and refused when stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import fields

from requirement_catalog._catalogue import FeatureFile, ReferenceFile, RequirementFile, StandardsFile
from requirement_catalog._method import MethodFile
from requirement_catalog._standards import GridSettingSet
from requirement_catalog.purposes._suite_model import Purpose, Rule, SuiteFile
from requirement_catalog.tender._overlay import Overlay
from requirement_catalog.tender._tender import DefaultTender


def _suite_with_defaults() -> type[msgspec.Struct]:
    """A suite's file as it is written, with `defaults:` at its head: what purposes and rules share but their names."""
    shared = {each.encode_name: each for kind in (Rule, Purpose) for each in fields(kind)}
    for name in ("id", "statement", "successor"):
        del shared[name]
    optional = [(name, each.type | msgspec.UnsetType, msgspec.UNSET) for name, each in shared.items()]
    defaults = msgspec.defstruct("Defaults", optional, forbid_unknown_fields=True)
    given = [("defaults", defaults | msgspec.UnsetType, msgspec.UNSET)]
    return msgspec.defstruct("Suite", given, bases=(SuiteFile,), kw_only=True)


SCHEMAS: dict[str, type[msgspec.Struct]] = {
    "requirements": RequirementFile,
    "features": FeatureFile,
    "reference_numbers": ReferenceFile,
    "method": MethodFile,
    "standards": StandardsFile,
    "grid_settings": GridSettingSet,
    "default_tender": DefaultTender,
    "tender_overlay": Overlay,
    "suite": _suite_with_defaults(),
}


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file, as it must be committed."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"chargeproof/catalogue/{name}/1",
        **msgspec.json.schema(SCHEMAS[name]),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_folder() -> Path:
    """Where the committed schemas stand."""
    return Path(__file__).parents[1] / "schema"


def write_schemas() -> None:
    """Write every schema anew: `python -m requirement_catalog.reading._schema`."""
    schema_folder().mkdir(exist_ok=True)
    for name in SCHEMAS:
        (schema_folder() / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
