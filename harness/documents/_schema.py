"""JSON Schemas of document records and the register, for editors: committed, and refused when stale."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec

from harness.documents._record import DocumentRecord, RegisterFile

SCHEMAS: dict[str, type[msgspec.Struct]] = {"document": DocumentRecord, "duty_register": RegisterFile}


def schema_text(name: str) -> str:
    """The JSON Schema of one kind of file, as it must be committed."""
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"chargeproof/documents/{name}/1",
        **msgspec.json.schema(SCHEMAS[name]),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def schema_folder() -> Path:
    """Where the committed schemas stand."""
    return Path(__file__).parent / "schema"


def write_schemas() -> None:
    """Write every schema anew: `python -m harness.documents._schema`."""
    schema_folder().mkdir(exist_ok=True)
    for name in SCHEMAS:
        (schema_folder() / f"{name}.json").write_text(schema_text(name), encoding="utf-8")


if __name__ == "__main__":
    write_schemas()
