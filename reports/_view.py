"""What a report reads: an evidence folder or a sealed bundle, loaded once and never written to."""

from __future__ import annotations

import hashlib
import tempfile
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeVar

import msgspec

from harness.decision import Basis, basis_of, who_was_tested
from harness.evidence import by_script
from harness.judge import CampaignResult
from harness.plan import Plan
from harness.trace import Trace, TraceError, line_hash, read_trace
from plain_files import is_plain, octets_of, opened
from requirement_catalog import CatalogueError, parse_yaml

_T = TypeVar("_T")
MAX_MEMBER_BYTES = 512 * 1024 * 1024  # a bundle comes from a stranger: refuse to unpack more than this at once


SHAPES = {"verdicts.json": "chargeproof/verdicts/2", "plan.json": "chargeproof/plan/2"}


class _Shape(msgspec.Struct):
    schema: str = ""


class EvidenceError(ValueError):
    """The evidence cannot be read; the message names the file, what is wrong and what would be right."""


@dataclass(frozen=True)
class EvidenceView:
    """Everything a report may show of one campaign.

    `bundle_sha256` is the digest of the sealed zip, None for a folder that is not sealed. `trace_head` is the
    SHA-256 of the trace's last line: the end of its hash chain. `attachments` maps a name to its bytes.
    """

    name: str
    result: CampaignResult
    plan: Plan
    trace: Trace
    dut: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, Any] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    catalogue: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, bytes] = field(default_factory=dict)
    bundle_sha256: str | None = None
    trace_head: str = ""
    notes: tuple[str, ...] = ()  # what was absent from the evidence, in plain words
    unsound: tuple[str, ...] = ()  # why the bundle does not hold, or could not be checked: the page's first lines

    @property
    def emulated(self) -> bool:
        """Whether the DUT was emulated; one word for it, wherever it stands, is enough."""
        return self.result.emulated or self.result.tested.emulated or self.plan.dut.emulated

    @cached_property
    def basis(self) -> Basis:
        """On what the criteria that gate and hold rest, recomputed from the trace."""
        return basis_of(self.plan, self.trace, self.result)

    @cached_property
    def sort(self) -> str:
        """What sort of thing was tested, recomputed from the trace: "emulated", "program", "elsewhere", "nothing"."""
        return "emulated" if self.emulated else who_was_tested(self.plan, self.trace).kind

    @cached_property
    def scripted(self) -> tuple[int, int]:
        """How many of the operator's answers a script gave, and how many there are."""
        answers = self.trace.of("operator.answer")
        return sum(map(by_script, answers)), len(answers)


class _Files(Protocol):
    def names(self) -> list[str]: ...
    def read(self, name: str) -> bytes: ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def names(self) -> list[str]:
        return sorted(p.relative_to(self._root).as_posix() for p in self._root.rglob("*") if p.is_file())

    def read(self, name: str) -> bytes:
        return octets_of(self._root / name, most=MAX_MEMBER_BYTES)


class _Zip:
    """A bundle; a single top folder inside it is looked through."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        found = [n for n in archive.namelist() if PurePosixPath(n).name == "verdicts.json"]
        top = min(found, key=lambda n: n.count("/"), default="verdicts.json")
        self._prefix = top[: -len("verdicts.json")]

    def names(self) -> list[str]:
        names = (n for n in self._archive.namelist() if n.startswith(self._prefix) and not n.endswith("/"))
        return sorted(n[len(self._prefix) :] for n in names)

    def read(self, name: str) -> bytes:
        info = self._archive.getinfo(self._prefix + name)
        if info.file_size > MAX_MEMBER_BYTES:
            raise EvidenceError(
                f"{name}: claims to unpack to {info.file_size} bytes; at most {MAX_MEMBER_BYTES} is read"
            )
        return self._archive.read(info)


def load(path: Path | str) -> EvidenceView:
    """Read a campaign folder or a sealed bundle. Raises EvidenceError; a broken trace is refused, never reported on."""
    path = Path(path)
    if path.is_dir():
        return _view(_Folder(path), path.name, None)
    if not is_plain(path):
        raise EvidenceError(f"{path}: there is no such evidence folder or bundle")
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            file.seek(0)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return _view(_Zip(archive), path.name, digest)
    except zipfile.BadZipFile as error:
        raise EvidenceError(f"{path}: neither an evidence folder nor a bundle (.zip): {error}") from error


def _view(files: _Files, name: str, digest: str | None) -> EvidenceView:
    there = files.names()
    missing = [n for n in ("verdicts.json", "plan.json", "trace.jsonl") if n not in there]
    if missing:
        raise EvidenceError(
            f"{name}: {', '.join(missing)} missing; a report needs a campaign that was judged "
            "(an interrupted one: `chargeproof seal` first)"
        )
    notes: list[str] = []
    result = _decode(files, name, "verdicts.json", CampaignResult)
    trace, head = _trace(files, name, torn_tail=result.interrupted)
    return EvidenceView(
        name=name,
        result=result,
        plan=_decode(files, name, "plan.json", Plan),
        trace=trace,
        dut=_mapping(files, there, name, "dut.json", notes),
        environment=_mapping(files, there, name, "environment.json", notes),
        profile=_mapping(files, there, name, "profile.yaml", notes),
        catalogue=_mapping(files, there, name, "catalogue.json", notes),
        attachments={n.removeprefix("attachments/"): files.read(n) for n in there if n.startswith("attachments/")},
        bundle_sha256=digest,
        trace_head=head,
        notes=tuple(notes),
    )


def _decode(files: _Files, name: str, member: str, kind: type[_T]) -> _T:
    raw = files.read(member)
    try:
        _refuse_older(raw, name, member)
        return msgspec.json.decode(raw, type=kind)
    except msgspec.DecodeError as error:
        raise EvidenceError(f"{name}: {member} does not have the documented shape: {error}") from error


def _refuse_older(raw: bytes, name: str, member: str) -> None:
    """A file of an earlier major shape reads wrongly here, so it is refused by name."""
    schema = msgspec.json.decode(raw, type=_Shape).schema
    wanted = SHAPES[member]
    if schema and schema != wanted:
        raise EvidenceError(
            f"{name}: {member} has the shape {schema}, this version of chargeproof reads {wanted}; "
            "write its report with the version named in its environment.json (`chargeproof verify` still checks it)"
        )


def _trace(files: _Files, name: str, *, torn_tail: bool) -> tuple[Trace, str]:
    raw = files.read("trace.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "trace.jsonl"
        copy.write_bytes(raw)
        try:
            trace = read_trace(copy, torn_tail=torn_tail)
        except TraceError as error:
            raise EvidenceError(f"{name}: the trace was altered or is damaged: {error}") from error
    whole = raw[: raw.rfind(b"\n") + 1].rstrip(b"\n")
    return trace, line_hash(whole.rsplit(b"\n", 1)[-1]) if whole else ""


def _mapping(files: _Files, there: list[str], name: str, member: str, notes: list[str]) -> dict[str, Any]:
    if member not in there:
        notes.append(f"this evidence has no {member}")
        return {}
    raw = files.read(member)
    try:
        value = parse_yaml(raw.decode(), member).data if member.endswith(".yaml") else msgspec.json.decode(raw)
    except (CatalogueError, UnicodeDecodeError, RecursionError, msgspec.DecodeError) as error:
        raise EvidenceError(f"{name}: {member} cannot be read: {error}") from error
    return value if isinstance(value, dict) else {}
