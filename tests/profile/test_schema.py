"""The profile's JSON Schema stays in step with what the loader accepts."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

from harness.profile.schema import FILE, schema_text
from requirement_catalog.reading._yaml import read_yaml

_BUILTIN = sorted(p for p in (FILE.parent / "builtin").glob("*.yaml") if not p.stem.endswith("_answers"))


def test_the_committed_schema_is_the_structs_schema() -> None:
    """A changed profile struct needs `python -m harness.profile.schema`; a stale schema is refused."""
    assert FILE.read_text(encoding="utf-8") == schema_text()


@pytest.mark.parametrize("path", _BUILTIN, ids=lambda p: p.stem)
def test_the_profiles_that_ship_fit_the_schema(path: Path) -> None:
    """What an editor underlines in red must be what the loader refuses, so our own profiles fit."""
    jsonschema_rs.validator_for(json.loads(schema_text())).validate(read_yaml(path).data)


def test_a_misspelt_key_does_not_fit() -> None:
    """The schema forbids unknown keys, as the loader does."""
    data = read_yaml(_BUILTIN[0]).data
    assert not jsonschema_rs.validator_for(json.loads(schema_text())).is_valid({**data, "prodct": {}})
