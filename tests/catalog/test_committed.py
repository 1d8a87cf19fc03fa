"""Committed files made from others: JSON Schemas may not be stale, and the shipped YAML must satisfy them."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from requirement_catalog.reading._schema import SCHEMAS, schema_folder, schema_text
from requirement_catalog.reading._yaml import read_yaml
from tests.catalog._copies import SHIPPED

FILES = {
    "requirements": "d5_4/*.yaml",
    "features": "features.yaml",
    "reference_numbers": "reference_numbers.yaml",
    "method": "method.yaml",
    "standards": "standards.yaml",
    "grid_settings": "grid_settings/*.yaml",
    "default_tender": "tenders/default.yaml",
    "tender_overlay": "tenders/demo.yaml",
    "suite": "suites/**/*.yaml",
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_the_structs(name: str) -> None:
    """`python -m requirement_catalog.reading._schema` was run after the structs changed."""
    assert (schema_folder() / f"{name}.json").read_text(encoding="utf-8") == schema_text(name)


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_editor_accepts_the_shipped_files(name: str) -> None:
    """What the loader accepts, an editor with the schema accepts too; and it marks a misspelt key."""
    validator = jsonschema_rs.validator_for(json.loads(schema_text(name)))
    paths = sorted(SHIPPED.glob(FILES[name]))
    assert paths
    for path in paths:
        data = read_yaml(path).data
        assert [error.message for error in validator.iter_errors(data)] == [], path.name
        assert not validator.is_valid({**data, "misspelt": 1})
