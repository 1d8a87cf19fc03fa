"""A documents folder: one YAML record per paper, with the file it describes; and the register of update duties."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from harness.documents._issuer import accreditations, says_something
from harness.documents._relative import with_dates
from plain_files import is_plain, octets_of, opened, real
from requirement_catalog import CatalogueError, Located, PaperKind, Problem, as_record, nearest, read_yaml

MOST_PAPER = 200_000_000  # octets of one paper


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class Body(_Base, frozen=True, kw_only=True):
    """Who issued a paper. `accredited_for` names the standard the body is accredited by: "ISO/IEC 17065"."""

    name: str
    accredited_for: str | None = None
    accreditation_number: str | None = None
    accredited_by: str | None = None


class CoveredStandard(_Base, frozen=True, kw_only=True):
    """A standard and the edition that the paper cites, in the paper's own wording."""

    standard: str
    edition: str | None = None


class DocumentRecord(_Base, frozen=True, kw_only=True):
    """One paper as the reviewer read it. Dates are year-month-day.

    `proves` may name criteria when the standards alone do not tell (an asset register, an agreement). `firmware` and
    `hardware` are what the paper names; an empty list means that it names none. `emulated` papers prove nothing real.
    """

    title: str
    kind: PaperKind
    standards: tuple[CoveredStandard, ...] = ()
    scope: tuple[str, ...] = ()
    proves: tuple[str, ...] = ()
    body: Body | None = None
    number: str | None = None
    issued: datetime.date
    valid_until: datetime.date | None = None  # None: the paper names no end
    vendor: str | None = None
    model: str | None = None
    hardware: tuple[str, ...] = ()
    firmware: tuple[str, ...] = ()
    signed_by: tuple[str, ...] = ()
    reviewed_by: str | None = None
    file: str | None = None
    sha256: str | None = None
    note: str | None = None
    emulated: bool = False


class Check(_Base, frozen=True, kw_only=True):
    """Somebody looked, on a day, whether independent certification for an edition was available, and it was not."""

    standard: str
    edition: str
    dated: datetime.date
    by: str
    found: str  # what was looked at and what it said


class NeedsNewHardware(_Base, frozen=True, kw_only=True):
    """An update that needs new hardware waits for the end of the hardware's technical life (D5.4 no. 3)."""

    standard: str
    edition: str
    hardware_lives_until: datetime.date
    shown_by: str  # the paper that shows it


class DutyRegister(_Base, frozen=True, kw_only=True):
    """What GEN-03 is computed from: purchase, checks, and the editions implemented of each standard."""

    title: str
    purchased: datetime.date | None
    implemented: dict[str, tuple[str, ...]]
    checks: tuple[Check, ...] = ()
    needs_new_hardware: tuple[NeedsNewHardware, ...] = ()
    kept_by: str | None = None
    emulated: bool = False


class RegisterFile(_Base, frozen=True, kw_only=True):
    """A YAML file that holds the register instead of a paper's record."""

    duty_register: DutyRegister


@dataclass(frozen=True)
class ReviewedPaper:
    """A record with what was found of its file: `file_sha256` None when the file is not there."""

    record: DocumentRecord
    source: str  # the record's file name
    file_sha256: str | None
    file_problem: str | None  # why the file cannot stand for the record, in plain words


@dataclass(frozen=True)
class Documents:
    """Everything in a documents folder."""

    folder: Path
    papers: tuple[ReviewedPaper, ...]
    register: DutyRegister | None


def load_documents(
    folder: Path, known_criteria: Sequence[str] = (), *, as_of: datetime.date | None = None
) -> Documents:
    """Read every *.yaml of a folder. With `known_criteria` a record that names another criterion is refused.

    `as_of` is the day of the review, from which the dates of sample papers count ("30 days before the review").

    Raises CatalogueError: a line a problem, with file, line, path, what is wrong and what would be right.
    """
    if not folder.is_dir():
        raise CatalogueError([Problem(str(folder), 1, "", "is not a folder", "give the folder that holds the records")])
    papers: list[ReviewedPaper] = []
    registers: list[tuple[DutyRegister, Located]] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            if _is_register(path):
                located = with_dates(read_yaml(path), as_of)
                file = as_record(located, RegisterFile)
                registers.append((file.duty_register, located))
            else:
                located = with_dates(read_yaml(path), as_of)
                record = as_record(located, DocumentRecord)
                problems += _problems(record, located, known_criteria)
                papers.append(_with_file(record, path))
        except CatalogueError as error:
            problems += error.problems
    for _, located in registers[1:]:
        problems.append(located.problem("duty_register", "is a second register of duties", "keep one for each folder"))
    if problems:
        raise CatalogueError(problems)
    return Documents(folder, tuple(papers), registers[0][0] if registers else None)


def _is_register(path: Path) -> bool:
    try:
        with opened(path) as file:
            return any(line.startswith(b"duty_register:") for line in file.read(1_000_000).splitlines())
    except OSError:
        return False  # said by whoever reads it as a record


def _problems(record: DocumentRecord, located: Located, known: Sequence[str]) -> list[Problem]:
    found = []
    if record.valid_until is not None and record.valid_until < record.issued:
        found.append(
            located.problem("valid_until", f"lies before the day of issue ({record.issued})", "correct the dates")
        )
    for i, criterion in enumerate(record.proves):
        if known and criterion not in known:
            found.append(
                located.problem(f"proves[{i}]", f"no criterion is called {criterion!r}", nearest(criterion, known))
            )
    found += [
        located.problem(at, f"{text!r} says nothing", "write what stands on the paper, or leave the key out")
        for at, text in _texts(record)
        if not says_something(text)
    ]
    accredited = record.body.accredited_for if record.body else None
    if accredited is not None and not accreditations(accredited):
        wrong = f"{accredited!r} is not the name of an accreditation standard alone"
        found.append(located.problem("body.accredited_for", wrong, "write ISO/IEC 17065, or leave the key out"))
    if record.file is not None and (Path(record.file).is_absolute() or ".." in Path(record.file).parts):
        found.append(located.problem("file", "lies outside the folder", "put the file beside its record"))
    if record.sha256 is not None and not _is_sha256(record.sha256):
        found.append(located.problem("sha256", "is not 64 hexadecimal digits", "write what `sha256sum` prints"))
    if not record.standards and not record.proves:
        found.append(located.problem("", "names neither `standards` nor `proves`", "say what the paper proves"))
    return found


def _texts(record: DocumentRecord) -> Iterator[tuple[str, str]]:
    """Every text of a record that was filled in, with its place."""
    yield "title", record.title
    for name in ("number", "vendor", "model", "reviewed_by"):
        if (text := getattr(record, name)) is not None:
            yield name, text
    for name in ("scope", "hardware", "firmware", "signed_by"):
        yield from ((f"{name}[{i}]", text) for i, text in enumerate(getattr(record, name)))
    for i, each in enumerate(record.standards):
        yield f"standards[{i}].standard", each.standard
        if each.edition is not None:
            yield f"standards[{i}].edition", each.edition
    if record.body is not None:
        yield "body.name", record.body.name


def lies_in(file: Path, folder: Path) -> bool:
    """Whether a file is in the folder itself: what comes from a supplier may hold links to anything of ours."""
    return real(file).is_relative_to(real(folder))


def _is_sha256(text: str) -> bool:
    return len(text) == 64 and all(c in "0123456789abcdefABCDEF" for c in text)


def _with_file(record: DocumentRecord, path: Path) -> ReviewedPaper:
    if record.file is None:
        return ReviewedPaper(record, path.name, None, "the record names no file")
    file = path.parent / record.file
    if not is_plain(file):
        return ReviewedPaper(record, path.name, None, f"the file {record.file} is not in the folder")
    if not lies_in(file, path.parent):
        return ReviewedPaper(record, path.name, None, f"{record.file} is a link that leads out of the folder")
    try:
        digest = hashlib.sha256(octets_of(file, most=MOST_PAPER)).hexdigest()
    except OSError as error:
        return ReviewedPaper(record, path.name, None, f"the file {record.file} {error.strerror}")
    problem = None
    if record.sha256 is None:
        problem = "the record has no sha256, so nobody can tell that this is the file that was reviewed"
    elif digest != record.sha256.lower():
        problem = f"the file {record.file} is not the one that was reviewed (its sha256 differs from the record's)"
    return ReviewedPaper(record, path.name, digest, problem)
