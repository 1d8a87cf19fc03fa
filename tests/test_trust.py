"""The page on what is trusted: each promise names a test that exists, and no section was lost."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
SECTIONS = ("Whom we believe", "Peers", "Files", "Do no harm", "People", "Keys", "What a neighbour")
_NAMED = re.compile(r"\[(tests/[\w/]+\.py)::(test_\w+)\]")


def _promises() -> list[str]:
    """Each list item of the page, with the lines that continue it."""
    items = re.split(r"\n(?=- |\n|#)", PAGE)
    return [" ".join(item.split()) for item in items if item.startswith("- ")]


def _tests_of(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_promise_names_a_test_that_exists() -> None:
    """A promise without a test, or with one that was renamed, is no promise; what is not promised says so."""
    promises = _promises()
    unnamed = [each for each in promises if not _NAMED.search(each) and not each.startswith("- **Not promised**")]
    assert len(promises) > 10 and unnamed == []
    gone = [f"{path}::{name}" for path, name in _NAMED.findall(PAGE) if name not in _tests_of(path)]
    assert gone == []


def test_the_page_has_its_sections() -> None:
    """Peers, files, people, keys, and what a neighbour can do each have one."""
    headings = re.findall(r"^## (.+)$", PAGE, re.MULTILINE)
    assert [each for each in SECTIONS if not any(heading.startswith(each) for heading in headings)] == []
