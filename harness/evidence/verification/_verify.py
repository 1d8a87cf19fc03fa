"""Verifying a bundle offline: every byte, every digest, the trace's chain, the signature, and the verdicts."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from harness.evidence.bundle import _model, _zip
from harness.evidence.bundle._chain import chain_problems
from harness.evidence.bundle._documents import Documents, newer_version, read_documents
from harness.evidence.bundle._problem import Problem
from harness.evidence.bundle._survey import survey
from harness.evidence.signing._attestation import Attested, read_attestation
from harness.evidence.signing._predicate import unfounded
from harness.evidence.signing._sign import PublicKey
from harness.evidence.verification._contradictions import contradictions
from harness.evidence.verification._facts import Facts
from harness.evidence.verification._rejudge import Rejudged, rejudge
from harness.evidence.verification._report import Report
from harness.evidence.verification._stated import Stated, stated
from harness.trace import trace_of
from plain_files import is_plain, octets_of


class NotABundle(ValueError):
    """The file cannot be a bundle at all: something else was given, or it is too large to be one."""


def verify(bundle: Path, public_key: PublicKey | None = None, rejudge: bool = False) -> Report:
    """Check a bundle and name everything that does not hold. Needs no network and unpacks nothing to disk.

    Without `public_key` the report's `signer` is "unknown": integrity only. Raises NotABundle or OSError when there is
    nothing to verify; whatever is inside the file never raises.
    """
    raw = _read(bundle)
    surveyed = survey(raw)
    attested = read_attestation(surveyed.files, public_key) if surveyed.files else Attested()
    documents = read_documents(surveyed.files) if surveyed.files else Documents()
    manifest, problems = _manifest(surveyed.files) if surveyed.files else (None, [])
    digests = _digest_problems(surveyed.files, manifest, attested)
    known = {problem.where for problem in [*digests, *attested.problems]}
    if _model.MANIFEST in known:
        manifest = None  # it bears no witness against others
    problems = [*surveyed.problems, *attested.problems, *digests, *(p for p in problems if p.where not in known)]
    if _model.TRACE in surveyed.files and not any(why.startswith(_model.TRACE) for why in documents.newer):
        problems += chain_problems(bytes(surveyed.files[_model.TRACE]), _end(manifest, attested))
    named = {problem.where for problem in problems}
    problems += [p for p in documents.problems if p.where not in named]  # what was altered need not be read as well
    says: Stated | None = None
    if not named:
        problems += documents.disagreements
        problems += unfounded(documents, manifest, attested)
        says, contradicted = _held_against_the_trace(documents, surveyed.files)
        problems += contradicted
    problems += [_altered(name) for name in surveyed.altered if name not in named]
    again = _judge_again(documents, surveyed.files, bool(problems)) if rejudge else None
    return _report(bundle, raw, surveyed.files, _once(problems), documents, manifest, attested, again, says)


def unsealed(folder: Path) -> list[Problem]:
    """What speaks against an evidence folder that nobody has sealed: edited files, and what its trace does not say.

    Raises OSError. What is missing, or cannot be read at all, is for the caller to find.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
    files = {p.relative_to(folder).as_posix(): memoryview(octets_of(p, most=_zip.MAX_BUNDLE_BYTES)) for p in paths}
    documents = read_documents(files)
    problems = list(documents.problems)
    raw = bytes(files.get(_model.TRACE, b""))
    whole = raw[: raw.rfind(b"\n") + 1]  # of a run that was killed the last line is torn
    problems += chain_problems(whole, None)
    if problems:
        return problems
    _, contradicted = _held_against_the_trace(documents, {**files, _model.TRACE: memoryview(whole)})
    return [*contradicted, *documents.disagreements]


def _read(bundle: Path) -> bytes:
    if not is_plain(bundle):
        raise NotABundle(f"{bundle} is not a file")
    size = bundle.stat().st_size
    if size > _zip.MAX_BUNDLE_BYTES + (4 << 20):
        raise NotABundle(f"{bundle} has {size} bytes; a bundle has at most {_zip.MAX_BUNDLE_BYTES}")
    raw = octets_of(bundle, most=_zip.MAX_BUNDLE_BYTES + (4 << 20))
    if not raw.startswith(b"PK") and _zip.END_SIGNATURE not in raw[-_zip.END_SIZE - 65536 :]:
        raise NotABundle(f"{bundle} is not a chargeproof bundle (it is no zip file)")
    return raw


def _manifest(files: Mapping[str, memoryview]) -> tuple[_model.Manifest | None, list[Problem]]:
    if _model.MANIFEST not in files:
        return None, [Problem(where=_model.MANIFEST, what="is missing")]
    raw = bytes(files[_model.MANIFEST])
    try:
        manifest = msgspec.json.decode(raw, type=_model.Manifest)
        if newer_version(_model.MANIFEST, msgspec.json.decode(raw)):
            return None, []  # read_documents says so
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return None, [Problem(where=_model.MANIFEST, what=f"cannot be read: {error}")]
    return manifest, []


def _digest_problems(
    files: Mapping[str, memoryview], manifest: _model.Manifest | None, attested: Attested
) -> list[Problem]:
    """Files against the signed statement, or against the manifest when nothing signed can be read."""
    stated = {entry.path: entry.sha256 for entry in manifest.files} if manifest else {}
    vouched = attested.digests
    problems = []
    if vouched is None:
        reference, by = {**stated}, "manifest"
    else:
        reference, by = vouched, "signed statement"
        own = _model.MANIFEST in files and hashlib.sha256(files[_model.MANIFEST]).hexdigest()
        if manifest and own == vouched.get(_model.MANIFEST) and {**stated, _model.MANIFEST: own} != vouched:
            problems.append(Problem(where=_model.MANIFEST, what="does not list the files that the statement lists"))
    if not reference:
        return problems
    exempt = {_model.ATTESTATION} | ({_model.MANIFEST} if vouched is None else set())
    sizes = {entry.path: entry.size for entry in manifest.files} if manifest else {}
    for name, data in files.items():
        if name in exempt:
            continue
        if name not in reference:
            problems.append(Problem(where=_shown(name), what=f"is in the bundle, but the {by} does not list it"))
        elif hashlib.sha256(data).hexdigest() != reference[name]:
            problems.append(_altered(name, f"its SHA-256 is not the one in the {by}"))
        elif sizes.get(name, len(data)) != len(data):
            problems.append(
                Problem(where=_model.MANIFEST, what=f"gives {name} {sizes[name]} bytes, it has {len(data)}")
            )
    problems += [
        Problem(where=name, what=f"is listed in the {by}, but is not in the bundle")
        for name in reference
        if name not in files
    ]
    return problems


def _end(manifest: _model.Manifest | None, attested: Attested) -> _model.TraceSummary | None:
    """The trace's end as the signer states it, or else the manifest."""
    if attested.statement is not None:
        return attested.statement.predicate.trace
    return manifest.trace if manifest else None


def _altered(name: str, why: str = "its checksum in the zip does not fit them") -> Problem:
    return Problem(where=_shown(name), what=f"the contents were altered: {why}")


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)


def _held_against_the_trace(
    documents: Documents, files: Mapping[str, memoryview]
) -> tuple[Stated | None, list[Problem]]:
    try:
        facts = _facts(documents, files)
        return (facts.stated, contradictions(facts)) if facts else (None, [])
    except Exception as error:  # a time of a thousand digits, say: no campaign recorded that, and it must not end us
        what = f"holds values that no campaign records: {type(error).__name__}: {str(error)[:200]}"
        return None, [Problem(where=_model.TRACE, what=what)]


def _facts(documents: Documents, files: Mapping[str, memoryview]) -> Facts | None:
    """What may be stated of a bundle whose files are all as they were sealed; None where one cannot be read."""
    plan, verdicts = documents.plan, documents.verdicts
    if plan is None or verdicts is None or _model.TRACE not in files or documents.newer:
        return None
    trace = trace_of(bytes(files[_model.TRACE]), _model.TRACE)
    says = stated(plan, trace, verdicts)
    return Facts(plan, verdicts, trace, says, documents.values, files)


def _judge_again(documents: Documents, files: Mapping[str, memoryview], broken: bool) -> Rejudged:
    if broken:
        return Rejudged(impossible="the evidence does not hold, so it was not judged again")
    if documents.plan is None or documents.verdicts is None:
        return Rejudged(impossible="plan or verdicts cannot be read by this chargeproof")
    if documents.older:
        by = documents.made_by or "an older chargeproof"
        return Rejudged(
            impossible=f"it was judged by chargeproof {by}, which wrote {documents.schema} and had other judges and "
            f"test suites than this release: judge it again with version {by}"
        )
    try:
        trace = trace_of(bytes(files[_model.TRACE]), _model.TRACE)
        return rejudge(documents.plan, trace, documents.verdicts_raw)
    except Exception as error:  # a plan that contradicts itself, say: no agreement can be stated, and no crash either
        return Rejudged(impossible=f"judging again failed: {type(error).__name__}: {error}")


def _of_old(documents: Documents) -> tuple[str, ...]:
    """What a reader must know of a bundle of 0.1."""
    if not documents.older:
        return ()
    by = documents.made_by or "0.1"
    return (
        f"made by chargeproof {by}: its trace does not bind plan, profile and catalogue, so that only the signer "
        "stands for them",
    )


def _late(documents: Documents) -> tuple[str, ...]:
    """Versions that were not captured by the campaign itself."""
    held = documents.values.get(_model.ENVIRONMENT)
    if isinstance(held, dict) and held.get("captured_at_recovery") is True:
        return ("the versions in environment.json were looked at when it was sealed, not when it was tested",)
    return ()


def _impossible(again: Rejudged | None) -> tuple[str, ...]:
    return (again.impossible,) if again is not None and again.impossible else ()


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(dict.fromkeys(problems))


def _report(
    bundle: Path,
    raw: bytes,
    files: Mapping[str, memoryview],
    problems: tuple[Problem, ...],
    documents: Documents,
    manifest: _model.Manifest | None,
    attested: Attested,
    again: Rejudged | None,
    says: Stated | None,
) -> Report:
    facts: dict[str, Any] = {"stated": says}
    if attested.statement is not None:
        signed = attested.statement.predicate
        names = ("decision", "dut", "tender", "client", "evaluation_date", "emulated", "partial", "interrupted")
        facts |= {name: getattr(signed, name) for name in (*names, "harness_version")}
    if again is not None:
        outcome = "not possible" if again.impossible else "differs" if again.differences else "agrees"
        facts |= {"rejudged": outcome, "differences": again.differences}
    return Report(
        bundle=str(bundle),
        sha256=hashlib.sha256(raw).hexdigest(),
        size_bytes=len(raw),
        files=len(files),
        events=manifest.trace.events if manifest else 0,
        problems=problems,
        cannot=(*documents.newer, *attested.newer, *(says.doubts if says else ()), *_impossible(again)),
        notes=(*_of_old(documents), *(says.notes if says else ()), *_late(documents), *(again.notes if again else ())),
        signer=attested.signer,
        keyid=attested.keyid,
        **facts,
    )
