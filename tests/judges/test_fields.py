"""What decides is a field: `detail` and `reason` are words for people, and may be put otherwise tomorrow."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

HARNESS = Path(__file__).parents[2] / "harness"
SHOWN_ONLY = {("decision/_decide.py", "detail"), ("decision/runs/_runs.py", "detail")}  # told on, in words
A_PERSONS = {("decision/runs/_runs.py", "reason")}  # a person's own, who signs it


def _read(tree: ast.AST) -> Iterator[str]:
    """The keys by which an event's data is read here."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            of, keys = node.func.value, node.args[:1]
        elif isinstance(node, ast.Subscript):
            of, keys = node.value, [node.slice]
        else:
            continue
        if ast.unparse(of).split(".")[-1] in ("data", "event"):
            yield from (str(key.value) for key in keys if isinstance(key, ast.Constant))


def words_read(*folders: str) -> set[tuple[str, str]]:
    """The files in which the words of an event are read, and which words."""
    return {
        (str(path.relative_to(HARNESS)), key)
        for folder in folders
        for path in (HARNESS / folder).rglob("*.py")
        for key in _read(ast.parse(path.read_text()))
        if key in ("detail", "reason")
    }


def test_no_judge_and_no_rule_reads_words() -> None:
    """Not even to show them: what a judge reads, it may come to decide by."""
    assert words_read("judge") == set()


def test_the_decision_only_tells_words_on() -> None:
    """Where a run ended early, the page says what was said of it; nothing is looked for in it."""
    assert words_read("decision") <= SHOWN_ONLY | A_PERSONS
    for path in (HARNESS / "decision").rglob("*.py"):
        tests = [n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Compare)]
        assert not [ast.unparse(n) for n in tests if ".detail" in ast.unparse(n)], path


def test_reading_words_is_noticed() -> None:
    """The control of the two above: each way to read is found."""
    for source in ('e.data.get("detail", "")', 'e.data["reason"]', 'data = e.data\nx = data.get("detail")'):
        assert list(_read(ast.parse(source)))
