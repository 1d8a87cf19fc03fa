"""The JSON Schema of a DUT profile, for editors: `python -m harness.profile.schema` writes it anew."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec

from harness.profile._model import Profile

FILE = Path(__file__).with_name("profile.schema.json")


def schema_text() -> str:
    """The schema as committed, ending in a newline."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "chargeproof/profile/1",
        "title": "chargeproof DUT profile",
        **msgspec.json.schema(Profile),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema_text(), encoding="utf-8")
    print(f"wrote {FILE.name}")
