"""Sealing: from a campaign's evidence folder to one canonical, signed zip."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from harness.evidence._facts import harness_version
from harness.evidence.bundle import _model, _zip
from harness.evidence.bundle._chain import ambiguities
from harness.evidence.bundle._documents import read_documents
from harness.evidence.signing._predicate import predicate
from harness.evidence.signing._sign import Signer
from harness.evidence.surrogates._private import leaks, write_whole
from harness.evidence.verification._contradictions import edited
from harness.evidence.verification._facts import Facts
from harness.evidence.verification._stated import stated
from harness.trace import OLD_SCHEMA, Trace, TraceError, line_hash, read_trace
from plain_files import octets_of, real

_OURS = (_model.MANIFEST, _model.ATTESTATION, _model.SIGNER_KEY)  # written by sealing, never taken from the folder


class SealError(ValueError):
    """The folder cannot be sealed as it is: which file, what is wrong, what would be right."""


@dataclass(frozen=True)
class Sealed:
    """A bundle as it was written. `size_bytes` and `sha256` are the zip's."""

    path: Path
    sha256: str
    size_bytes: int
    files: int
    events: int
    head: str
    keyid: str
    decision: str


def seal(evidence_dir: Path, bundle_path: Path, signer: Signer) -> Sealed:
    """Seal a folder into `bundle_path`, whole or not at all; a file that is there already is never written over.

    The same folder and key give the same bytes: no clock is read. Raises SealError, or OSError for the disk.
    """
    if real(bundle_path).is_relative_to(real(evidence_dir)):
        raise SealError(f"{bundle_path} lies inside the evidence folder; choose a place outside it")
    if os.path.lexists(bundle_path):
        raise SealError(f"{bundle_path} exists, and a bundle is never written over; give another place")
    files = _collect(evidence_dir)
    documents = read_documents(files)
    complaints = [*(str(p) for p in [*documents.problems, *documents.disagreements]), *documents.newer]
    if complaints:
        raise SealError("; ".join(complaints))
    if documents.older:
        made = f"chargeproof {documents.made_by or '0.1'}"
        raise SealError(f"{min(documents.older)} is of a shape that {made} wrote; seal the folder with that version")
    trace, summary = _trace(evidence_dir, files)
    if documents.plan is not None and documents.verdicts is not None:
        says = stated(documents.plan, trace, documents.verdicts)
        facts = Facts(documents.plan, documents.verdicts, trace, says, documents.values, files)
        if complaints := [str(problem) for problem in edited(facts)]:
            raise SealError("; ".join(complaints))
    files[_model.SIGNER_KEY] = signer.public.pem
    manifest = _model.Manifest(
        created=trace[-1].utc,
        harness_version=harness_version(),
        trace=summary,
        files=tuple(
            _model.FileEntry(path=name, size=len(data), sha256=hashlib.sha256(data).hexdigest())
            for name, data in sorted(files.items())
        ),
    )
    files[_model.MANIFEST] = _model.to_json(manifest)
    statement = _model.Statement(
        subject=tuple(
            _model.Subject(name=name, digest={"sha256": hashlib.sha256(data).hexdigest()})
            for name, data in sorted(files.items())
        ),
        predicate=predicate(documents, manifest),
    )
    files[_model.ATTESTATION] = _model.to_json(signer.envelope(_model.to_json(statement)))
    image = _zip.build(sorted(files.items()))
    write_whole(bundle_path, image)
    return Sealed(
        path=bundle_path,
        sha256=hashlib.sha256(image).hexdigest(),
        size_bytes=len(image),
        files=len(files),
        events=summary.events,
        head=summary.head,
        keyid=signer.public.keyid,
        decision=statement.predicate.decision,
    )


def _collect(folder: Path) -> dict[str, bytes]:
    if not folder.is_dir():
        raise SealError(f"{folder} is not a folder")
    files: dict[str, bytes] = {}
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            raise SealError(f"{name} is a symbolic link; put the file itself there")
        if path.is_dir() or name in _OURS:
            continue
        if not path.is_file():
            raise SealError(f"{name} is neither a file nor a folder")
        fault = _zip.name_fault(name)
        if fault:
            raise SealError(f"the name {name!r} {fault}; rename the file")
        total += path.stat().st_size
        if total > _zip.MAX_BUNDLE_BYTES:
            raise SealError(f"the folder exceeds {_zip.MAX_BUNDLE_BYTES >> 20} MiB, the most a bundle may hold")
        files[name] = octets_of(path, most=_zip.MAX_BUNDLE_BYTES)
        if name != _model.TRACE and b"PRIVATE KEY-----" in files[name]:
            raise SealError(f"{name} holds a private key; evidence is handed to strangers, take the key out")
    if len(files) > _zip.MAX_FILES - len(_OURS):
        raise SealError(f"{len(files)} files; a bundle holds at most {_zip.MAX_FILES}")
    for name, twin in _zip.twins(files):
        raise SealError(f"{twin} and {name} {_zip.TWINS}; rename one")
    for name in leaks(folder, files):
        raise SealError(f"{name} holds the profile's password or id_token; strangers get to see evidence, take it out")
    return files


def _trace(folder: Path, files: Mapping[str, bytes]) -> tuple[Trace, _model.TraceSummary]:
    try:
        trace = read_trace(folder / _model.TRACE)
    except (TraceError, OverflowError) as error:
        raise SealError(f"{error}; a run that was killed is sealed with `chargeproof seal`") from error
    if not trace:
        raise SealError(f"{_model.TRACE} is empty: nothing was recorded")
    lines = files[_model.TRACE].split(b"\n")
    if len(lines) - 1 != len(trace):
        raise SealError(f"{_model.TRACE} grew while it was being sealed; stop the campaign first")
    for problem in ambiguities(files[_model.TRACE]):
        raise SealError(str(problem))
    return trace, _model.TraceSummary(
        schema=trace[0].schema or OLD_SCHEMA, head=line_hash(lines[-2]), events=len(trace)
    )
