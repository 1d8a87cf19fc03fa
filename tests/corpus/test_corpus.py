"""The committed corpus: what judges and rules said of recorded chargers, they say still."""

from __future__ import annotations

import pytest

from harness.emulator.defects import defect
from harness.proofs.edits import names as windows
from harness.proofs.edits import window
from tests.corpus._kept import TRACES, Cut, cuts, expected, judged, names

MOST_BYTES = 4 << 20


@pytest.mark.parametrize("name", names())
def test_what_was_said_of_it_is_said_still(name: str) -> None:
    """Purpose by purpose, rule by rule; where a change is meant, `python -m tests.corpus --judge` writes it down."""
    said = judged(name)
    assert said == expected()[name]
    assert "error" not in said["purposes"].values() and "failed" not in said["rules"].values()


@pytest.mark.parametrize("name", [n.removeprefix("defect ") for n in names() if n.startswith("defect ")])
def test_a_recorded_defect_is_noticed(name: str) -> None:
    """A purpose or rule that the defect names is red in what is expected; a corpus of greens would show nothing."""
    said = expected()[f"defect {name}"]
    red = {label.split(" ")[0] for label, verdict in said["purposes"].items() if verdict == "fail"}
    red |= {rule for rule, how in said["rules"].items() if how.startswith("violated")}
    assert red & {each.split("/")[0] for each in defect(name).must_fail}


@pytest.mark.parametrize("name", [n for n in names() if not n.startswith("defect ")])
def test_a_recorded_charger_that_is_correct_is_accused_of_nothing(name: str) -> None:
    """The plain charger and the unusual ones fail no purpose and violate no rule."""
    said = expected()[name]
    assert [label for label, verdict in said["purposes"].items() if verdict in ("fail", "error")] == []
    assert [rule for rule, how in said["rules"].items() if not how.startswith("held")] == []


@pytest.mark.parametrize("each", cuts(), ids=lambda each: each.name)
def test_a_window_of_the_edits_is_what_was_recorded(each: Cut) -> None:
    """It holds the corpus's own events, unchanged: an edit starts from what really happened."""
    assert list(window(each.name)) == each.made()


def test_each_window_is_cut_from_the_corpus() -> None:
    """One that nobody can make anew would be a trace written by hand."""
    assert {each.name for each in cuts()} == set(windows())


def test_the_corpus_stays_small() -> None:
    """It is cloned by everybody."""
    assert 0 < sum(path.stat().st_size for path in TRACES.glob("*.xz")) <= MOST_BYTES
    assert set(expected()) == set(names())
