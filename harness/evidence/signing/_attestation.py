"""The attestation: who signed, whether the signature fits, and which digests it vouches for."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from harness.evidence.bundle import _model, _strict_json
from harness.evidence.bundle._older import PREDICATE_TYPE, Statement1
from harness.evidence.bundle._problem import Problem
from harness.evidence.signing._sign import KeyFault, PublicKey, open_envelope, pre_authentication

_SHAPES: tuple[tuple[tuple[str, str, str], type[_model.Statement] | type[Statement1]], ...] = (
    ((_model.STATEMENT_TYPE, _model.PREDICATE_TYPE, "chargeproof/predicate/2"), _model.Statement),
    ((_model.STATEMENT_TYPE, PREDICATE_TYPE, "chargeproof/predicate/1"), Statement1),
)


@dataclass
class Attested:
    """`digests` (file name to SHA-256) is None unless a signature vouches for them."""

    signer: str = "none"
    keyid: str = ""
    statement: _model.Statement | Statement1 | None = None
    digests: dict[str, str] | None = None
    problems: list[Problem] = field(default_factory=list)
    newer: list[str] = field(default_factory=list)


def read_attestation(files: Mapping[str, bytes | memoryview], expected: PublicKey | None) -> Attested:
    """Check the signature against `expected`, or against the bundle's own key when none is given."""
    found = Attested()
    own = _own_key(files, found)
    if _model.ATTESTATION not in files:
        found.problems.append(Problem(where=_model.ATTESTATION, what="is missing: nobody has signed this bundle"))
        return found
    raw = bytes(files[_model.ATTESTATION])
    try:
        envelope, payload, signature = open_envelope(raw)
    except ValueError as error:
        found.problems.append(_here(str(error)))
        return found
    (stated,) = envelope.signatures
    found.keyid = stated.keyid
    canonical = base64.b64encode(payload).decode() == envelope.payload
    canonical &= base64.b64encode(signature).decode() == stated.sig
    if not canonical or _model.to_json(envelope) != raw:
        found.problems.append(_here("is not written the one way chargeproof writes it: bytes of it were altered"))
    signed = pre_authentication(envelope.payload_type, payload)
    keys = [key for key in (expected, own) if key is not None]
    by = next((key for key in keys if key.verifies(signature, signed)), None)
    if by is None:
        if keys:
            found.problems.append(
                _here("the signature does not fit: the statement, the signature or the key was altered")
            )
        return found
    if stated.keyid != by.keyid:
        found.problems.append(_here(f"names key {stated.keyid[:16]}…, but {by.keyid[:16]}… signed it"))
    if expected is not None and by is not expected:
        found.problems.append(
            _here(f"was signed by key {by.keyid[:16]}…, not by the key you gave ({expected.keyid[:16]}…)")
        )
    found.signer = "known" if by is expected else "unknown"
    _read_statement(payload, found)
    return found


def _own_key(files: Mapping[str, bytes | memoryview], found: Attested) -> PublicKey | None:
    if _model.SIGNER_KEY not in files:
        found.problems.append(Problem(where=_model.SIGNER_KEY, what="is missing"))
        return None
    try:
        return PublicKey.from_pem(bytes(files[_model.SIGNER_KEY]))
    except KeyFault as error:
        found.problems.append(Problem(where=_model.SIGNER_KEY, what=str(error)))
        return None


def _read_statement(payload: bytes, found: Attested) -> None:
    try:
        head = _strict_json.decode(payload)
        kind, about = head["_type"], head["predicateType"]
        version = head["predicate"]["schema"]
    except _strict_json.JsonFault as fault:
        found.problems.append(_here(f"the signed payload {fault}"))
        return
    except (KeyError, TypeError):
        found.problems.append(_here("the signed payload is not an in-toto statement of chargeproof"))
        return
    shape = next((made for key, made in _SHAPES if key == (kind, about, version)), None)
    if shape is None:
        found.newer.append(
            f"the statement is of type {about} ({version}), this chargeproof reads {_model.PREDICATE_TYPE} "
            "(chargeproof/predicate/2): use the version that wrote it or later"
        )
        return
    try:
        found.statement = msgspec.json.decode(payload, type=shape)
    except msgspec.DecodeError as error:
        found.problems.append(_here(f"the statement does not fit its schema: {error}"))
        return
    found.digests = {subject.name: subject.digest.get("sha256", "") for subject in found.statement.subject}


def _here(what: str) -> Problem:
    return Problem(where=_model.ATTESTATION, what=what)
