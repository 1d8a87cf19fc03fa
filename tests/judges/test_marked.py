"""Events of a session over outages: marked by whether the station was connected when they happened."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def session(marks: str) -> T:
    """Connected, cut off, connected again: one event each, and whether it is marked ("x", ".", "-" for none)."""
    t = T().connects()
    t.tells("Started", 0).is_answered().wait(1).acts("csms.network", "look").named("a")
    t.wait(9)
    if marks[0] != "-":
        t.tells("Updated", 1, at_s=9, offline=marks[0] == "x").is_answered()
    t.wait(4).acts("csms.network", "cut:reset").named("cut").closes().wait(12)
    t.acts("csms.network", "restore").named("back").wait(1).connects(2)
    if marks[1] != "-":
        t.tells("Updated", 2, at_s=22, offline=marks[1] == "x").is_answered()
    t.wait(2).acts("csms.network", "look").named("b").wait(9)
    if marks[2] != "-":
        t.tells("Updated", 3, at_s=38, offline=marks[2] == "x").is_answered()
    t.wait(5).acts("csms.network", "look").named("end")
    return t


@pytest.mark.parametrize(
    ("marks", "verdict"),
    [
        (".x.", PASS),
        ("xx.", FAIL),  # it says so always
        (".xx", FAIL),  # it goes on saying so
        ("...", FAIL),  # it never says so
        ("-x.", INCONCLUSIVE),
        (".-.", INCONCLUSIVE),
    ],
)
def test_each_event_is_marked_by_its_time(marks: str, verdict: Verdict) -> None:
    """What happened in the outage is marked, and nothing before or after it."""
    t = session(marks)
    online = [[t.names["a"], t.names["cut"]], [t.names["b"], t.names["end"]]]
    how: dict[str, Any] = {"online": online, "offline": [[t.names["cut"], t.names["back"]]]}
    assert t.claims("marked.as_it_was", "SC-05.2", **how).judged().verdict is verdict
