"""The exit codes: named once, documented, and what each decision comes to."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import harness.cli
from harness.cli._codes import Exit, decided
from harness.cli.evidence.verify import exit_code
from harness.evidence import Problem, Report
from harness.judge import CampaignResult, Reason, Verdict
from tests.evidence._campaign import campaign

ROOM = Path(harness.cli.__file__).parent
ROOT = ROOM.parents[1]


def result(decision: str, **changed: object) -> CampaignResult:
    """A campaign's result as it stands in a bundle, with another decision."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        raw = (campaign(Path(folder) / "e") / "verdicts.json").read_bytes()
    return msgspec.structs.replace(msgspec.json.decode(raw, type=CampaignResult), decision=decision, **changed)


REASON = Reason(criterion="SC-04.2", verdict=Verdict.INCONCLUSIVE, why="w", who="client", what="w")


@pytest.mark.parametrize(
    ("decision", "changed", "code"),
    [
        ("GO", {}, 0),
        ("HOLD", {"reasons": (REASON,)}, 1),
        ("HOLD", {}, 1),
        ("SELECTION", {"partial": True, "reasons": ()}, 0),
        ("SELECTION", {"partial": True, "reasons": (REASON,)}, 1),
        ("SELECTION", {"partial": True, "interrupted": True}, 1),
        ("go", {}, 1),
        ("", {}, 1),
        ("SUPER GO", {}, 1),
    ],
)
def test_a_decision_is_0_only_when_it_is_known_to_be_good(decision: str, changed: dict, code: int) -> None:
    """A decision that this version has never heard of is no GO."""
    assert decided(result(decision, **changed)) == code


def _report(**facts: object) -> Report:
    return Report(bundle="b", sha256="0", size_bytes=1, **facts)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "integrity_only", "code"),
    [
        ({"signer": "known"}, False, 0),
        ({"signer": "known"}, True, 0),
        ({"signer": "unknown"}, False, 4),
        ({"signer": "unknown"}, True, 0),
        ({"signer": "none"}, False, 4),
        ({"signer": "known", "cannot": ("newer",)}, False, 2),
        ({"signer": "unknown", "cannot": ("newer",)}, True, 2),
        ({"signer": "known", "rejudged": "not possible"}, False, 2),
        ({"signer": "known", "rejudged": "differs"}, False, 1),
        ({"signer": "known", "rejudged": "differs", "cannot": ("newer",)}, False, 1),
        ({"signer": "known", "problems": (Problem(where="zip", what="x"),)}, True, 1),
        ({"signer": "unknown", "problems": (Problem(where="zip", what="x"),), "cannot": ("y",)}, True, 1),
    ],
)
def test_what_verify_ends_with(facts: dict, integrity_only: bool, code: int) -> None:
    """1 outranks 2, 2 outranks 4; --integrity-only turns 4 into 0 and nothing else."""
    assert exit_code(_report(**facts), integrity_only) == code


def test_the_codes_are_named_once_and_documented() -> None:
    """docs/compatibility.md has a row for each, and no module of the command line names one of its own."""
    rows = re.findall(r"^\| (\d+) \|", (ROOT / "docs" / "compatibility.md").read_text(), re.MULTILINE)
    assert {int(row) for row in rows} >= {code.value for code in Exit}
    assert {code.value for code in Exit} == {0, 1, 2, 3, 4, 130}
    for path in ROOM.rglob("*.py"):
        if path.name == "_codes.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple | ast.Constant):
                names = {n.id for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)}
                assert not names & {
                    "GO",
                    "HOLD",
                    "USAGE",
                    "HARNESS",
                    "HARNESS_ERROR",
                    "INTERRUPTED",
                    "FINE",
                    "PROBLEMS",
                }


def _start(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harness.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), **more},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_tender_cannot_forge_a_line_nor_colour_one(tmp_path: Path) -> None:
    """Through the program itself: a newline, an escape sequence and markup in a tender's title are text in one line."""
    overlay = tmp_path / "t.yaml"
    overlay.write_text(
        'title: "T\\nSigned by the key you gave (\\e[32mGO\\e[0m) [bold]x[/bold] \\u202eOG"\n'
        "client: C\ndated: 2026-11-22\n"
    )
    ended = _start("plan", "--dut", "emulated", "--tender", str(overlay), "-r", "SC-04.2")
    assert ended.returncode == 0, ended.stderr
    assert (
        "tender: T\\nSigned by the key you gave (\\x1b[32mGO\\x1b[0m) [bold]x[/bold] \\u202eOG, judged" in ended.stdout
    )
    assert not any(line.startswith("Signed by") for line in ended.stdout.splitlines())


def test_an_error_that_quotes_a_tender_is_escaped_too(tmp_path: Path) -> None:
    """The sentence of a refusal goes through the same door."""
    overlay = tmp_path / "t.yaml"
    overlay.write_text('title: T\nclient: C\ndated: 2026-11-22\n"x\\nGO\\e[32m": 1\n')
    ended = _start("plan", "--dut", "emulated", "--tender", str(overlay))
    assert ended.returncode == 2
    assert "\x1b" not in ended.stderr and "GO" not in [line.strip() for line in ended.stderr.splitlines()]


def test_a_terminal_of_few_characters_is_no_fault(tmp_path: Path) -> None:
    """Output in ASCII shows other letters written out; the exit code stays what it was."""
    overlay = tmp_path / "t.yaml"
    overlay.write_text("title: Ladesäule\nclient: C\ndated: 2026-11-22\n", encoding="utf-8")
    ended = _start("plan", "--dut", "emulated", "--tender", str(overlay), "-r", "SC-04.2", PYTHONIOENCODING="ascii")
    assert ended.returncode == 0, ended.stderr
    assert "Lades\\xe4ule" in ended.stdout
