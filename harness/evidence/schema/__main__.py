"""Write the published JSON Schemas anew: python -m harness.evidence.schema."""

from __future__ import annotations

from pathlib import Path

from harness.evidence.bundle._schemas import SHAPES, generate

for name in SHAPES:
    Path(__file__).with_name(f"{name}.json").write_bytes(generate(name))
    print(f"wrote {name}.json")
