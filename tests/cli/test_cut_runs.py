"""How cut runs read on the panel: the ones that stand first, what was seen, who explained them, and never too many."""

from __future__ import annotations

from harness.cli.view._cut_runs import all_cut
from harness.judge import CutRun


def cut(number: int, *, stands: bool = True, **more: object) -> CutRun:
    """A run that was cut."""
    facts = {"id": f"c#{number}", "case": "c", "run": number, "purposes": ("P",), "why": "killed", "seen": ("a", "b")}
    return CutRun(**{**facts, "at": "2026-11-22T12:00:00Z", "stands": stands, **more})  # type: ignore[arg-type]


def test_a_cut_run_in_a_few_lines() -> None:
    """Which, when, why, for what, what was seen, and that nobody has explained it."""
    lines = [line.plain for line in all_cut([cut(1)])]
    assert lines == [
        "c#1 was cut at 2026-11-22 12:00:00 UTC: killed",
        "  for P",
        "  until then: a",
        "  until then: b",
        "  not explained: it stands against a GO (chargeproof explain)",
    ]


def test_who_explained_it_is_named_and_what_stands_comes_first() -> None:
    """In the person's words, escaped like everything that others wrote."""
    told = cut(1, stands=False, reason="the fuse\nblew", signed_by="Anna Berg", dated="2026-11-22")
    lines = [line.plain for line in all_cut([told, cut(2)])]
    assert lines[0].startswith("c#2 ") and "explained: the fuse\\nblew, signed by Anna Berg on 2026-11-22" in lines[-1]


def test_many_are_counted() -> None:
    """The report has them all."""
    lines = [line.plain for line in all_cut([cut(n) for n in range(9)])]
    assert lines[-1] == "… and 3 more cut runs in the report"


def test_runs_that_one_cause_cut_are_told_once() -> None:
    """A charger that never came cuts every case for the same reason; one that had shown something is told alone."""
    why = "CP1 was not connected within 120 s"
    lines = [line.plain for line in all_cut([*(cut(n, why=why, seen=()) for n in range(9)), cut(10, why=why)])]
    assert lines[:3] == [
        f"9 runs were cut, all of them: {why}",
        "  c#0, c#1, c#2, c#3, …",
        "  not explained: it stands against a GO (chargeproof explain)",
    ]
    assert lines[3].startswith("c#10 was cut at") and not any("more cut runs" in line for line in lines)
