"""The page "How it is built": its files exist, and each of its recipes is carried out in a copy of the tree."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "how-it-is-built.md"
HOUSE = (
    "harness",
    "ev_emulator",
    "reports",
    "requirement_catalog",
    "test_cases",
    "plain_files",
    "pyproject.toml",
    "conftest.py",
)
BOUND_S = 240.0  # a run of the emulated charger among them


class Block(NamedTuple):
    """A fenced block of the page: what is to be done with it (`words`), and its text."""

    words: str
    text: str

    def word(self, name: str) -> str | None:
        """What stands after `name=`, quoted or not."""
        found = re.search(rf'\b{name}=(?:"([^"]*)"|(\S+))', self.words)
        return (found[1] or found[2]) if found else None


def recipes() -> dict[str, list[Block]]:
    """The blocks of each recipe, by the recipe's heading."""
    page = PAGE.read_text(encoding="utf-8").split("## Add a")[1]
    parts = re.split(r"^### (.+)$", page, flags=re.M)[1:]
    return {
        title: [Block(*found) for found in re.findall(r"^```(\w+ .*)\n((?:.*\n)*?)```$", text, flags=re.M)]
        for title, text in zip(parts[::2], parts[1::2], strict=True)
    }


def write(block: Block, tree: Path) -> None:
    """Do to the tree what the block says."""
    if path := block.word("file"):
        (tree / path).write_text(block.text, encoding="utf-8")
    elif path := block.word("append"):
        put_after(tree / path, f"\n{block.word('under')}:\n", block.text)
    elif path := block.word("insert"):
        put_after(tree / path, f"{block.word('after')}\n", block.text)
    elif path := block.word("copy"):
        shutil.copy(tree / path, tree / str(block.word("to")))


def put_after(path: Path, line: str, text: str) -> None:
    """Put a text after a line that must be there."""
    before = path.read_text(encoding="utf-8")
    assert line in before, f"{path} has no {line!r}"
    path.write_text(before.replace(line, line + text, 1), encoding="utf-8")


def run(commands: str, tree: Path) -> str:
    """What the commands print that end well, carried out in the tree with its own code."""
    here = {"chargeproof": [sys.executable, "-m", "harness.cli"], "python": [sys.executable]}
    printed = ""
    for line in commands.splitlines():
        first, _, rest = line.partition(" ")
        words = [each[0] or each[1] for each in re.findall(r'"([^"]*)"|(\S+)', rest)]
        done = subprocess.run(
            [*here[first], *words],
            cwd=tree,
            env={**os.environ, "PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=BOUND_S,
        )
        well = (0, 1) if words[0] in ("judge", "run") else (0,)  # 1: a rule is violated; a selection is no GO
        if done.returncode in well:
            printed += done.stdout
    return printed


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code that a recipe may change."""
    for name in HOUSE:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("title", list(recipes()))
def test_a_recipe_does_what_it_says(title: str, tree: Path) -> None:
    """Its commands print what the page says, in the tree with its changes, and do not in the tree without them."""
    blocks = recipes()[title]
    commands = "".join(b.text for b in blocks if b.words == "sh run")
    expected = [line for b in blocks if b.words == "text expect" for line in b.text.splitlines()]
    assert commands and expected
    assert expected[0] not in run(commands, tree)
    for block in blocks:
        write(block, tree)
    printed = run(commands, tree)
    assert all(line in printed for line in expected), printed[-2000:]


def test_every_file_that_the_page_names_is_there() -> None:
    """A walk through rooms that were moved would lead nowhere."""
    page = PAGE.read_text(encoding="utf-8").split("## Add a")[0]
    paths = re.findall(r"`((?:harness|ev_emulator|reports|requirement_catalog|test_cases|tests)/[\w./]*)`", page)
    assert len(paths) > 20
    assert [path for path in paths if not (ROOT / path).exists()] == []
