"""Live progress: purposes with their verdicts so far, under what conditions, and how much longer it takes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.cli._say import Door
from harness.cli.view._progress import JUDGED_LIVE, Progress, spoken
from harness.judge import Conditions
from harness.plan import Bound, DutFacts, Plan, PlannedCase
from harness.trace import Event, Recorder
from tests.judges._trace import LIMITS
from tests.judges.test_firmware import GOOD, alive, fetched, offered, tells


def _case(name: str, **more: Any) -> PlannedCase:
    about: dict[str, Any] = {"title": f"Case {name}", "function": name, "purposes": ("OCPP-K01.P001", "OCPP-K01.P002")}
    return PlannedCase(**{"id": name, **about, "estimate_s": 60.0, "worst_s": 300.0, "run": True, **more})


def _plan(*cases: PlannedCase) -> Plan:
    facts = dict.fromkeys(("name", "manufacturer", "model", "serial", "firmware", "role"), "x")
    return Plan(
        dut=DutFacts(**facts, current=("AC",), sites=("public",), bidirectional=False, emulated=True),
        tender="t",
        bound=Bound(profile="", catalogue="", suites=""),
        evaluation_date="2026-03-04",
        requirements=(),
        criteria=(),
        purposes=(),
        runs=(),
        cases=cases,
        limits={},
        estimate_s=sum(c.estimate_s for c in cases),
        worst_s=sum(c.worst_s for c in cases),
    )


class _Bench:
    """A progress that watches a recorder, and what it printed."""

    def __init__(self, folder: Path, plan: Plan) -> None:
        self.out = io.StringIO()
        self.recorder = Recorder(folder / "trace.jsonl")
        self.progress = Progress(Door(self.out))
        self.stop = self.progress.watch(plan, self.recorder)

    def run(self, case: str, outcome: str = "completed", **data: Any) -> None:
        """Start and end a case of the plan's two purposes."""
        self.recorder.case = case
        told = {"title": f"Case {case}", "purposes": ["OCPP-K01.P001", "OCPP-K01.P002"], **data}
        self.recorder.record("case.started", "harness", told)
        self.recorder.record("case.ended", "harness", {"outcome": outcome, "detail": "no answer" if outcome else ""})

    @property
    def block(self) -> str:
        """The live block as a terminal would show it."""
        return "\n".join(line.plain for line in self.progress._block())


class _Then:
    """The clock of an event that was made by hand."""

    def __init__(self, event: Event) -> None:
        self._event = event

    def mono_ns(self) -> int:
        return self._event.t_ns

    def utc(self) -> str:
        return self._event.utc


def test_a_case_is_told_with_its_purposes_and_its_conditions(tmp_path: Path) -> None:
    """The line names the conditions; each purpose has a word, and one that claimed nothing is inconclusive."""
    bench = _Bench(tmp_path, _plan(_case("a")))
    bench.run("a", conditions={"version": "2.1", "evse": 2})
    said = bench.out.getvalue()
    assert "Case a (OCPP 2.1, EVSE 2)" in said
    assert "OCPP-K01.P001 inconclusive  OCPP-K01.P002 inconclusive" in said
    bench.stop()


def test_a_case_that_broke_says_how(tmp_path: Path) -> None:
    """The outcome's detail follows, and the harness's fault is called so."""
    bench = _Bench(tmp_path, _plan(_case("a")))
    bench.run("a", "error")
    assert "OCPP-K01.P001 harness error" in bench.out.getvalue() and "no answer" in bench.out.getvalue()
    bench.stop()


def test_the_time_left_is_told_at_best_and_at_worst(tmp_path: Path) -> None:
    """Two cases of a minute that may take five each: the block says both, and less after each case."""
    bench = _Bench(tmp_path, _plan(_case("a"), _case("b")))
    assert "case 1 of 2, about 2 min left, 10 min at worst" in bench.block
    bench.run("a")
    assert "case 2 of 2, about 60 s left, 5 min at worst" in bench.block
    bench.stop()


def test_the_block_names_purposes_and_conditions(tmp_path: Path) -> None:
    """While it runs, title, conditions and purposes are on the screen."""
    bench = _Bench(tmp_path, _plan(_case("a", conditions=Conditions(version="2.0.1"))))
    bench.recorder.record(
        "case.started", "harness", {"title": "A", "purposes": ["OCPP-K01.P001"], "conditions": {"version": "2.0.1"}}
    )
    assert "A (OCPP 2.0.1)" in bench.block and "purposes  OCPP-K01.P001" in bench.block
    bench.stop()


def test_a_long_trace_is_judged_at_the_end_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The charger does not wait while we read what is only for the eye."""
    monkeypatch.setattr("harness.cli.view._progress.JUDGED_LIVE", 1)
    bench = _Bench(tmp_path, _plan(_case("a")))
    bench.run("a")
    assert "OCPP-K01.P001 judged at the end" in bench.out.getvalue()
    assert JUDGED_LIVE > 10_000
    bench.stop()


@pytest.mark.parametrize(
    ("control", "statuses", "words"),
    [
        ("firmware.right_one_installed", ["InvalidSignature"], "pass, if its control holds"),
        ("firmware.right_one_installed", ["Downloading"], "inconclusive"),
        ("firmware.right_one_installed", GOOD, "fail"),
        ("core_ocpp.fitting_value_taken", ["InvalidSignature"], "inconclusive"),
    ],
)
def test_a_refusal_whose_control_is_another_case_says_so(
    tmp_path: Path, control: str, statuses: list[str], words: str
) -> None:
    """Nothing is inconclusive yet where another case may show that not everything is refused; all else is as found."""
    bench = _Bench(tmp_path, msgspec.structs.replace(_plan(_case("a")), limits={"OCPP-K01.P001": LIMITS}))
    t = alive(tells(fetched(offered()), *statuses)).claims(control, as_control=True, set="@update")
    t.claims("firmware.refuses", call="@update", statuses=["InvalidSignature"], running="1.4.2")
    bench.recorder.case = "a"
    for event in t.events:
        bench.recorder.clock = _Then(event)
        data = {**event.data, "purpose": "OCPP-K01.P001"} if event.kind == "claim" else event.data
        assert bench.recorder.record(event.kind, event.who, data, t_ns=event.t_ns).seq == event.seq
    bench.run("a")
    assert f"OCPP-K01.P001 {words}  OCPP-K01.P002" in bench.out.getvalue()
    bench.stop()


def test_times_are_told_as_exactly_as_one_wants_them() -> None:
    """Seconds below 100 s, minutes below 100 min, then hours."""
    assert [spoken(s) for s in (45, 130, 5940, 7500)] == ["45 s", "2 min", "99 min", "2 h 5 min"]


def test_a_charger_that_is_gone_is_told_once_and_what_needs_it_is_counted(tmp_path: Path) -> None:
    """Hundreds of cases say nothing new; one that ran all the same, or had begun by then, has its lines."""
    bench = _Bench(tmp_path, _plan(*(_case(name) for name in "abcdef")))

    def ended(case: str, **data: Any) -> None:
        bench.recorder.case = case
        bench.recorder.record("case.started", "harness", {"title": f"Case {case}", "purposes": ["OCPP-K01.P001"]})
        bench.recorder.record("case.ended", "harness", {"outcome": "not_seen", "detail": "why", "lost": True, **data})

    ended("a", begun=True)
    bench.recorder.record("dut.lost", "dut", {"detail": "the charger was lost"})
    for name in "bc":
        ended(name, begun=False)
    ended("d", begun=True, lost=False)
    ended("e", begun=False)
    bench.stop()
    said = bench.out.getvalue()
    bench.recorder.close()
    assert [name for name in "abcde" if f"Case {name}" in said] == ["a", "d"]
    assert said.index("2 cases need the charger and could not be tried") < said.index("Case d")
    assert "1 case needs the charger" in said
