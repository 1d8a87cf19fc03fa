"""A thorough run goes on where it was broken off, forgets nothing that was wrong, and its shards are the whole."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.thorough import _kills, _lost
from tests.thorough.__main__ import main
from tests.thorough._parts import Part, go_through, shard
from tests.thorough._what import TENTHS, parts


class Counted:
    """A part that counts how often it was done; `broken` at first."""

    def __init__(self, wrong: Sequence[str] = (), broken: bool = False) -> None:
        self.times, self.wrong, self.broken = 0, wrong, broken

    def __call__(self, folder: Path) -> Sequence[str]:
        self.times += 1
        assert folder.is_dir()
        if self.broken:
            raise OSError("the disk is full")
        return self.wrong


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    """A second run tells of it as before, with what was wrong."""
    good, bad = Counted(), Counted(["it failed"])
    mine = [Part("good", good), Part("bad", bad)]
    first, second = list(go_through(mine, tmp_path)), list(go_through(mine, tmp_path))
    assert (good.times, bad.times) == (1, 1)
    assert [d.wrong for d in first] == [d.wrong for d in second] == [(), ("it failed",)]
    assert [d.earlier for d in first + second] == [False, False, True, True]


def test_what_broke_is_tried_again_and_keeps_nothing_from_being_done(tmp_path: Path) -> None:
    """An exception of one part is told; the others are done, and the next run tries it anew."""
    broken, after = Counted(broken=True), Counted()
    mine = [Part("broken", broken), Part("after", after)]
    assert ["it broke: OSError: the disk is full" in d.wrong for d in go_through(mine, tmp_path)] == [True, False]
    broken.broken = False
    assert [d.wrong for d in go_through(mine, tmp_path)] == [(), ()]
    assert (broken.times, after.times) == (2, 1)


def test_shards_are_the_whole() -> None:
    """No part is left out, and none is done twice."""
    mine = [Part(str(n), Counted()) for n in range(11)]
    assert sorted(int(p.name) for k in (1, 2, 3) for p in shard(mine, k, 3)) == list(range(11))


def test_ten_tenths_are_every_defect_and_variant() -> None:
    """The rotating tenth comes round."""
    names = [part.name for tenth in range(TENTHS) for part in parts(tenth) if part.name.startswith(("defect-", "var"))]
    assert len(names) == len(set(names)) > 100


def test_the_list_does_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It names the parts of a shard."""
    assert main(["--out", str(tmp_path), "--list", "--shard", "1/1", "--tenth", "0"]) == 0
    assert "plain-thorough" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_killed_runs_go_on_where_they_stopped(tmp_path: Path) -> None:
    """Every kill is noted by its number, so that a broken run of 1,200 of them loses one; what was wrong stays told."""
    order = _kills._order()
    assert {each: order.count(each) for each in set(order)} == _kills.KILLS and order == _kills._order()
    for number, wrong in ((0, []), (1, ["process 7 is left"])):
        one = {"number": number, "signal": "SIGKILL", "after_s": 1.0, "wrong": wrong}
        with (tmp_path / "kills.jsonl").open("a") as file:
            file.write(json.dumps(one) + "\n")
    assert _kills.kills(tmp_path, most=0) == ["kill 1 (SIGKILL after 1.00 s): process 7 is left"]


def test_a_lost_charger_that_is_noted_is_not_lost_again(tmp_path: Path) -> None:
    """Its row is kept, what was wrong stays told, and the table shows the rows that there are."""
    folder = tmp_path / "lost-between-cases"
    folder.mkdir()
    row = {"moment": "between cases", "way": "killed", "after": 9, "ran on": 0, "took_s": 71.0, "wait_s": 0.0}
    row |= {"within_s": 300.0, "silent_s": 60.1, "red": [], "wrong": ["it ended after 700 s"]}
    (folder / "row.json").write_text(json.dumps(row))
    assert _lost.lost("between cases", folder) == ["it ended after 700 s"]
    told = _lost.table(tmp_path).splitlines()
    assert len(told) == 3 and told[1].split()[:3] == ["between", "cases", "killed"] and "WRONG" in told[2]
