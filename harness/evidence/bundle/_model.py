"""The shapes of a bundle's own files: manifest, statement, the DUT and the surroundings."""

from __future__ import annotations

from typing import Any

import msgspec

from harness.plan import Bound, DutFacts
from harness.trace import SCHEMA

PREDICATE_TYPE = "https://chargeproof.example/acceptance/v2"  # a name, not a page: `.example` is never registered
STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"

MANIFEST = "manifest.json"
ATTESTATION = "attestation.dsse.json"
SIGNER_KEY = "signer.pub.pem"
TRACE = "trace.jsonl"
PLAN = "plan.json"
VERDICTS = "verdicts.json"
DUT = "dut.json"
ENVIRONMENT = "environment.json"
CATALOGUE = "catalogue.json"
PROFILE = "profile.yaml"
SUITES = "suites.json"
OVERLAY = "overlay.yaml"
REQUIRED = (DUT, ENVIRONMENT, PLAN, TRACE, VERDICTS)


class FileEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One file of the bundle; `size` in bytes, `sha256` lower-case hex."""

    path: str
    size: int
    sha256: str


class TraceSummary(msgspec.Struct, frozen=True, kw_only=True):
    """The journal's end: the hash of its last line and the number of its events."""

    schema: str = SCHEMA
    head: str
    events: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """manifest.json: every other file but the attestation. `created` is the trace's last wall time."""

    schema: str = "chargeproof/manifest/1"
    created: str
    harness_version: str
    trace: TraceSummary
    files: tuple[FileEntry, ...]


class DutIdentity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a station is; an empty string is "not said"."""

    manufacturer: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


class DutRecord(msgspec.Struct, frozen=True, kw_only=True):
    """dut.json: what the profile says, and the `chargingStation` object of the first BootNotification, as it came.

    `reported` is empty when the station never booted on our side. `firmware_versions_seen` lists every version it
    reported during the campaign, in alphabetical order.
    """

    schema: str = "chargeproof/dut/1"
    profile: DutFacts
    reported: dict[str, Any] = {}
    reported_in_event: int | None = None
    firmware_versions_seen: tuple[str, ...] = ()

    @property
    def declared_identity(self) -> DutIdentity:
        """The profile's word on who it is."""
        dut = self.profile
        return DutIdentity(manufacturer=dut.manufacturer, model=dut.model, serial=dut.serial, firmware=dut.firmware)

    @property
    def reported_identity(self) -> DutIdentity | None:
        """The station's own word, or None when it gave none."""
        said = {name: str(self.reported.get(key, "")) for name, key in REPORTED_AS.items()}
        return DutIdentity(**said) if self.reported else None


REPORTED_AS = {
    "manufacturer": "vendorName",
    "model": "model",
    "serial": "serialNumber",
    "firmware": "firmwareVersion",
}


class Environment(msgspec.Struct, frozen=True, kw_only=True):
    """environment.json: what ran the campaign. `judges` gives the digest of each judge module's source."""

    schema: str = "chargeproof/environment/1"
    chargeproof: str
    python: str
    system: str
    packages: dict[str, str] = {}
    judges: dict[str, str] = {}
    captured_at_recovery: bool = False  # written by `seal` after a kill, not by the campaign itself


class Predicate(msgspec.Struct, frozen=True, kw_only=True):
    """What the signer states about the bundle; documented in docs/evidence-predicate.md.

    `dut` is the profile's word, `tested` what the trace tells; what it does not tell is an empty text there.
    """

    schema: str = "chargeproof/predicate/2"
    decision: str
    tested: DutIdentity
    firmware_after: str
    emulated: bool
    began: str
    ended: str
    dut: DutIdentity
    tender: str
    client: str
    depth: str
    narrowed: tuple[str, ...]
    bound: Bound
    evaluation_date: str
    partial: bool
    interrupted: bool
    trace: TraceSummary
    harness_version: str


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """One file the statement speaks of."""

    name: str
    digest: dict[str, str]


class Statement(
    msgspec.Struct, frozen=True, kw_only=True, rename={"type_": "_type", "predicate_type": "predicateType"}
):
    """An in-toto Statement v1."""

    type_: str = STATEMENT_TYPE
    subject: tuple[Subject, ...]
    predicate_type: str = PREDICATE_TYPE
    predicate: Predicate


class Signature(msgspec.Struct, frozen=True, kw_only=True):
    """One DSSE signature; `keyid` is the SHA-256 of the public key's SubjectPublicKeyInfo."""

    keyid: str
    sig: str


class Envelope(msgspec.Struct, frozen=True, kw_only=True, rename={"payload_type": "payloadType"}):
    """attestation.dsse.json: a DSSE envelope around the statement, both base64."""

    payload: str
    payload_type: str = PAYLOAD_TYPE
    signatures: tuple[Signature, ...]


def to_json(value: Any) -> bytes:
    """The one way a bundle's own JSON is written: two-space indent, fields in the order of the shape, final newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2) + b"\n"
