"""ids.lock: an id is given once, for ever, and a changed meaning has a raised revision."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.catalogue.catalog import catalog
from requirement_catalog import CatalogueError, load_suites
from requirement_catalog.suites_lock import lock_is_current, lock_path, main, write_lock
from tests.catalog._suite_files import change, suite_folder

FILE = "suites/ocpp/K/K01.yaml"
THIRD = """\
  - id: OCPP-K01.P003
    statement: A limit binds.
    versions: ["2.1"]
    serves: [{criterion: SC-04.2}]
    judges: [setpoints.limit_holds]
"""


def refusal(action: Callable[[Path], object], folder: Path) -> str:
    """The one line with which it refuses."""
    with pytest.raises(CatalogueError) as caught:
        action(folder)
    assert len(caught.value.problems) == 1
    return str(caught.value)


def test_the_committed_lock_knows_every_shipped_id() -> None:
    """`chargeproof catalog lock --write` was run after the last new id."""
    assert lock_is_current()
    assert CliRunner().invoke(catalog, ["lock"]).output == "ids.lock is up to date\n"
    assert main([]) == 0


def test_a_changed_meaning_without_a_raised_revision_is_refused(tmp_path: Path) -> None:
    """Neither read nor written: waivers and proofs of the old meaning would go on counting."""
    folder = suite_folder(tmp_path)
    change(folder, "A limit binds.", "A limit binds at once.")
    says = (
        f"{FILE}:22: purposes[2].revision: means something else than revision 1 did (statement, answers_to, applies,"
        " versions, …); write revision: 2, or take the change back"
    )
    assert refusal(load_suites, folder) == says
    assert refusal(write_lock, folder) == says


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("answers_to: [K01.FR.15]", "answers_to: [K01.FR.15, K01.FR.14]"),
        ("applies: smart_charging", "applies: smart_charging and v2x"),
        ('versions: ["2.1", "2.0.1"]', 'versions: ["2.1"]'),
        ("    hands: none\n", "    conformance: optional\n"),
        ("    hands: none\n", "    role: evse\n"),
    ],
)
def test_what_belongs_to_the_meaning(old: str, new: str, tmp_path: Path) -> None:
    """What is asked, of whom, and where: each changes the meaning."""
    folder = suite_folder(tmp_path)
    change(folder, old, new)
    assert "means something else" in refusal(load_suites, folder)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("own_s: 1", "own_s: 9"),
        ("    hands: none\n", "    depth: thorough\n"),
        ("    hands: none\n", "    disruptive: the charger starts anew\n"),
        ("statement: A limit is answered in time.", "statement: >-\n      A limit is\n      answered in time."),
        ('versions: ["2.1", "2.0.1"]', 'versions: ["2.0.1", "2.1"]'),
        ('{criterion: SC-04.1, when: {version: "2.1"}}', "{criterion: SC-04.1}"),
        ("judges: [setpoints.limit_holds]", "judges: [setpoints.limit_holds, setpoints.rises_to]"),
    ],
)
def test_what_does_not_belong_to_the_meaning(old: str, new: str, tmp_path: Path) -> None:
    """Cost, depth, order, layout, the criteria it serves; its judges are the proof's affair."""
    folder = suite_folder(tmp_path)
    change(folder, old, new)
    load_suites(folder)


def test_a_raised_revision_is_taken_once_it_is_locked(tmp_path: Path) -> None:
    """Meaning and revision change together; the lock then says so, and nobody goes back below it."""
    folder = suite_folder(tmp_path)
    change(folder, "A limit binds.", "A limit binds at once.\n    revision: 2")
    assert refusal(load_suites, folder) == (
        f"{FILE}:24: purposes[2].revision: is not what ids.lock says; run `chargeproof catalog lock --write`"
        " and commit ids.lock"
    )
    assert write_lock(folder)[0].startswith("OCPP-K01.P003 2 ")
    assert load_suites(folder).purpose("OCPP-K01.P003").revision == 2
    change(folder, "    revision: 2\n", "")
    assert refusal(load_suites, folder).endswith("is 1, and was 2 already; write revision: 2 or more")


def test_a_vanished_id_is_refused_with_its_line_of_the_lock(tmp_path: Path) -> None:
    """Whoever waived or disputed it would find nothing."""
    folder = suite_folder(tmp_path)
    change(folder, THIRD, "")
    says = (
        "suites/ids.lock:4: (the whole file): OCPP-K01.P003 was given and is in no suite any more;"
        " an id is for ever: put it back, and retire it by naming its `successor:`"
    )
    assert refusal(load_suites, folder) == says
    assert refusal(write_lock, folder) == says


def test_a_retired_id_names_its_successor_and_stays(tmp_path: Path) -> None:
    """The lock keeps it with what came after it."""
    folder = suite_folder(tmp_path)
    change(folder, "id: OCPP-K01.P003\n", "id: OCPP-K01.P003\n    successor: OCPP-K01.P001\n")
    assert refusal(load_suites, folder).split(": ", 2)[2].startswith("is not what ids.lock says")
    assert write_lock(folder)[0].endswith(" -> OCPP-K01.P001")
    load_suites(folder)


def test_a_reused_id_is_refused(tmp_path: Path) -> None:
    """A retired id stays retired, whatever its revision."""
    folder = suite_folder(tmp_path)
    change(folder, "id: OCPP-K01.P003\n", "id: OCPP-K01.P003\n    successor: OCPP-K01.P001\n")
    write_lock(folder)
    change(
        folder, "    successor: OCPP-K01.P001\n    statement: A limit binds.", "    revision: 2\n    statement: New."
    )
    says = (
        f"{FILE}:22: purposes[2].id: 'OCPP-K01.P003' was retired in favour of OCPP-K01.P001 and is used again;"
        " give a new id, and put `successor: OCPP-K01.P001` back here"
    )
    assert refusal(load_suites, folder) == says
    assert refusal(write_lock, folder) == says


def test_a_new_id_has_to_be_locked(tmp_path: Path) -> None:
    """The error names the command that does it."""
    folder = suite_folder(tmp_path)
    change(folder, "rules:\n", THIRD.replace("P003", "P004") + "rules:\n")
    assert refusal(load_suites, folder) == (
        f"{FILE}:27: purposes[3].id: 'OCPP-K01.P004' is not in ids.lock yet; run `chargeproof catalog lock --write`"
        " and commit ids.lock"
    )
    assert not lock_is_current(folder)
    write_lock(folder)
    assert lock_is_current(folder)


def test_a_lock_that_was_merged_badly_is_refused(tmp_path: Path) -> None:
    """Conflict marks and doubled lines are named with their line."""
    folder = suite_folder(tmp_path)
    text = lock_path(folder).read_text(encoding="utf-8")
    line = next(each for each in text.splitlines() if "P001" in each)
    lock_path(folder).write_text(text + "<<<<<<< ours\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CatalogueError) as caught:
        load_suites(folder)
    assert str(caught.value).splitlines() == [
        "suites/ids.lock:6: (the whole file): '<<<<<<< ours' is no line of ids.lock; take the file from the last"
        " commit, then run `chargeproof catalog lock --write` and commit ids.lock",
        "suites/ids.lock:7: (the whole file): OCPP-K01.P001 stands here a second time (first on line 2);"
        " take the file from the last commit",
    ]
