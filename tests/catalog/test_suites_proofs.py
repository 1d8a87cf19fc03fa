"""Proofs: what turned a purpose red and green, and that a changed judge, helper or revision voids it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.evidence._facts import load_judges
from harness.judge import judge_named, judge_names
from harness.proofs import _digest, _source, known_judges, proof_digest, state_of, states
from requirement_catalog import CatalogueError, Proof, load_suites, merge_proofs, proofs_path, read_proofs

JUDGE = '''"""Judges of a room that exists for a test only."""
from {package}._help import LIMIT, found as _found
from {package} import _more

@judge("trial.first")
def first(trace, claim, limits):
    """It looks."""
    return _found(trace) if trace else _more.other(LIMIT)

@judge("trial.second")
def second(trace, claim, limits):
    return None
'''
HELP = """LIMIT = 3
TABLE = {"a": 1}
TABLE["b"] = 2

def found(trace: object) -> bool:
    # a remark
    return bool(trace) and _deep(trace)

def _deep(trace):
    return TABLE.get(trace, f"{trace} is not there")

def idle():
    return 1
"""
MORE = """class Other:
    word = "x"

def other(limit):
    return Other().word * limit
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package of judges, in which single lines can be changed."""
    package = tmp_path / "trial_judges"
    package.mkdir()
    for name, text in {
        "__init__": "",
        "ways": JUDGE.format(package="trial_judges"),
        "_help": HELP,
        "_more": MORE,
    }.items():
        (package / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(_digest, "JUDGES", ("trial_judges",))
    monkeypatch.setattr(_digest, "FOLLOWED", ("trial_judges",))
    forget()
    yield package
    forget()
    sys.modules.pop("trial_judges", None)


def forget() -> None:
    """What was read of files that change under a test's hands."""
    read = (_source.tree_of, _source.module_names, _source._file_of)
    for each in (_digest._of, _digest._used_by, _digest._parts, _digest._judges, *read):
        each.cache_clear()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    forget()


def test_judges_are_found_without_importing_them(room: Path) -> None:
    """By their decorator."""
    assert known_judges() == {"trial.first", "trial.second"}
    assert "trial_judges" not in sys.modules


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("ways", "if trace else", "if not trace else"),
        ("ways", '@judge("trial.first")', '@judge("trial.first", whole=True)'),
        ("_help", "LIMIT = 3", "LIMIT = 4"),
        ("_help", "bool(trace) and", "bool(trace) or"),
        ("_help", "TABLE.get(trace", "TABLE.pop(trace"),
        ("_help", 'TABLE["b"] = 2', 'TABLE["b"] = 3'),
        ("_help", "is not there", "is there"),
        ("_more", 'word = "x"', 'word = "y"'),
    ],
)
def test_a_change_of_the_judge_or_of_what_it_uses_changes_the_digest(room: Path, file: str, old: str, new: str) -> None:
    """Helpers in other files, constants, tables filled later, classes: all belong to the judge."""
    before, other = proof_digest(["trial.first"]), proof_digest(["trial.second"])
    edit(room / f"{file}.py", old, new)
    assert proof_digest(["trial.first"]) != before
    assert proof_digest(["trial.second"]) == other


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("_help", "    # a remark\n", "\n"),
        ("_help", "found(trace: object) -> bool", "found(trace)"),
        ("_help", "return 1", "return 2"),
        ("ways", '"""It looks."""', '"""It looks closely,\n    at all."""'),
        ("ways", "return None", "return 1"),
    ],
)
def test_what_changes_no_behaviour_of_a_judge_changes_nothing(room: Path, file: str, old: str, new: str) -> None:
    """Remarks, docstrings, annotations, and what it does not use."""
    before = proof_digest(["trial.first"])
    edit(room / f"{file}.py", old, new)
    assert proof_digest(["trial.first"]) == before


def test_moving_a_helper_to_another_file_changes_nothing(room: Path) -> None:
    """The digest is of what is done, not of where it stands; a re-export leads there too."""
    before = proof_digest(["trial.first"])
    (room / "below").mkdir()
    (room / "below" / "__init__.py").write_text("from trial_judges.below._moved import *\n", encoding="utf-8")
    (room / "below" / "_moved.py").write_text(HELP, encoding="utf-8")
    (room / "below" / "__init__.py").write_text("from ._moved import LIMIT, found\n", encoding="utf-8")
    (room / "_help.py").unlink()
    edit(room / "ways.py", "trial_judges._help", "trial_judges.below")
    assert proof_digest(["trial.first"]) == before


def test_a_raised_revision_voids_the_proof(room: Path) -> None:
    """What was proven was another meaning."""
    assert proof_digest(["trial.first"], 1) != proof_digest(["trial.first"], 2)


def test_an_unknown_judge_has_no_digest(room: Path) -> None:
    """The error names those there are."""
    with pytest.raises(KeyError, match=r"no judge is called 'trial\.third'; there are: trial\.first, trial\.second"):
        proof_digest(["trial.third"])


def test_every_shipped_judge_has_a_digest_of_its_own() -> None:
    """Two judges of one digest would vouch for each other."""
    forget()
    assert len({proof_digest([name]) for name in known_judges()}) == len(known_judges())


def test_the_judges_found_in_the_source_are_those_that_register() -> None:
    """None is overlooked because it is written in another way, and none is named that does not run."""
    forget()
    load_judges()
    assert known_judges() == {name for name in judge_names() if not judge_named(name).__module__.startswith("tests")}


@pytest.mark.parametrize(
    ("judge", "module"),
    [
        ("core_ocpp.every_frame_valid", "harness.ocppj._check"),
        ("timing.answered", "harness.trace._conversations"),
        ("setpoints.limit_holds", "harness.trace._samples"),
    ],
)
def test_what_reads_the_trace_for_a_judge_belongs_to_it(judge: str, module: str) -> None:
    """Whether a message is valid is found outside the judge's own room: a change there voids the proof too."""
    forget()
    assert module in {place.module for place in _digest._reached((_digest._judges()[judge],))}


def test_the_states_of_a_proof() -> None:
    """Red and green by these very judges: proven. By others: stale. With only half of it, or none: unproven."""
    purpose = load_suites().purpose("OCPP-K01.P002")
    right = proof_digest(purpose.judges, purpose.revision)
    rows = {
        "proven": Proof(purpose.id, "defect", "emulated", right),
        "stale": Proof(purpose.id, "defect", "emulated", "0" * 16),
        "unproven": Proof(purpose.id, "defect", "", right),
    }
    for state, row in rows.items():
        assert state_of(purpose, {purpose.id: row}) == state
    assert states([purpose], {}) == {purpose.id: "unproven"}


def test_merging_keeps_the_other_half_of_the_same_digest(tmp_path: Path) -> None:
    """One shard saw red, another one green; a row of another digest is replaced whole."""
    path = tmp_path / "proofs.csv"
    merge_proofs(path, [Proof("OCPP-K01.P002", "ignores limits", "", "a")])
    merge_proofs(path, [Proof("OCPP-K01.P002", "", "emulated", "a"), Proof("CP-A.P001", "r", "g", "b")])
    assert path.read_text(encoding="utf-8").splitlines() == [
        "id,red,green,digest",
        "CP-A.P001,r,g,b",
        "OCPP-K01.P002,ignores limits,emulated,a",
    ]
    assert merge_proofs(path, [Proof("OCPP-K01.P002", "", "emulated", "c")])["OCPP-K01.P002"].red == ""


def test_a_proof_of_an_unknown_id_is_refused(tmp_path: Path) -> None:
    """It would count for nothing, in silence."""
    with pytest.raises(CatalogueError, match=r"a proof of 'OCPP-K01\.P0022', which no suite has; did you mean"):
        merge_proofs(tmp_path / "proofs.csv", [Proof("OCPP-K01.P0022", "r", "g", "d")])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id,red,green\n", "suites/proofs.csv:1: (the whole file): begins with 'id,red,green'; the first line is"),
        (
            "id,red,green,digest\nA,b\n",
            "suites/proofs.csv:2: (the whole file): has 2 fields; write id,red,green,digest",
        ),
        ("id,red,green,digest\nA,b,c,d\nA,b,c,d\n", "suites/proofs.csv:3: (the whole file): A has a row already"),
    ],
)
def test_a_file_that_was_edited_badly_says_where(text: str, says: str, tmp_path: Path) -> None:
    """File, line and what would be right."""
    path = tmp_path / "suites" / "proofs.csv"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        read_proofs(path)
    assert str(caught.value).startswith(says)


def test_the_committed_file_can_be_read() -> None:
    """And no proof in it is of an id that no suite has."""
    assert set(read_proofs(proofs_path())) <= {item.id for item in load_suites().items}
