"""The published JSON Schemas: never stale, fitting what is written, refusing what is not."""

from __future__ import annotations

import base64

import jsonschema_rs
import msgspec
import pytest

from harness.evidence import dut_record, environment
from harness.evidence.bundle import _schemas
from harness.evidence.bundle._survey import survey
from harness.judge import CampaignResult
from harness.trace import Trace
from tests.evidence._campaign import the_plan


@pytest.mark.parametrize("name", sorted(_schemas.SHAPES))
def test_the_published_schema_is_not_stale(name: str) -> None:
    """A shape that changed must be published: run `python -m harness.evidence.schema` and look at the difference."""
    assert _schemas.published(name) == _schemas.generate(name)


@pytest.mark.parametrize("name", sorted(_schemas.SHAPES))
def test_each_schema_is_a_schema(name: str) -> None:
    """Valid in its dialect, with an identity that ends in its major version."""
    schema = msgspec.json.decode(_schemas.published(name))
    jsonschema_rs.meta.validate(schema)
    raised = ("event", "plan", "statement", "verdicts")
    assert schema["$id"].endswith(f"/{name}/{2 if name in raised else 1}")


def test_everything_in_a_bundle_fits(sealed_raw: bytes) -> None:
    """Each file, each line of the trace and the signed statement."""
    files = survey(sealed_raw).files
    for name, schema in _schemas.FILES.items():
        assert _schemas.faults(schema, msgspec.json.decode(files[name])) == []
    for line in bytes(files["trace.jsonl"]).splitlines():
        assert _schemas.faults("event", msgspec.json.decode(line)) == []
    payload = base64.b64decode(msgspec.json.decode(files["attestation.dsse.json"])["payload"])
    assert _schemas.faults("statement", msgspec.json.decode(payload)) == []


def test_a_misfit_is_named_by_its_path() -> None:
    """Where and what, not only that."""
    verdicts = {"schema": "chargeproof/verdicts/2", "requirements": [{"id": 4}]}
    faults = _schemas.faults("verdicts", verdicts, most=50)
    assert any(fault.startswith("at requirements[0].id: ") for fault in faults)
    assert any('"decision" is a required property' in fault for fault in faults)


def test_unknown_keys_are_allowed() -> None:
    """The compatibility promise: a later 1.x may add keys, and this release still reads the file."""
    value = {**msgspec.to_builtins(environment()), "added_in_1_7": True}
    assert _schemas.faults("environment", value) == []


def test_the_surroundings_name_no_machine() -> None:
    """Versions and the judges' digests, and neither a host name nor a path."""
    here = environment()
    assert here.packages["msgspec"] == msgspec.__version__
    assert set(here.judges) >= {"harness.judge._core", "harness.judge._evaluate"}
    import platform

    assert platform.node() not in msgspec.json.encode(here).decode() or not platform.node()


def test_a_station_that_never_booted_reported_nothing() -> None:
    """No BootNotification: no reported identity, and no event it came from."""
    record = dut_record(the_plan(), Trace([]))
    assert (record.reported, record.reported_in_event, record.reported_identity) == ({}, None, None)
    assert record.declared_identity.serial == "A-17"


def test_verdicts_schema_knows_every_field() -> None:
    """The schema lists what the struct has."""
    schema = msgspec.json.decode(_schemas.published("verdicts"))
    assert set(schema["properties"]) == {f.encode_name for f in msgspec.structs.fields(CampaignResult)}
