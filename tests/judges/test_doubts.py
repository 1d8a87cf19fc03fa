"""What the bench did itself, seen from the trace: its clock, its load, a second charger; each with its control."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from harness.judge import Doubt, Verdict, doubts_of, evaluate, judge
from harness.judge._core import Claim, Finding
from harness.judge._doubts import too_slow
from harness.trace import Event, Trace

BEGAN = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)


class Record:
    """A trace made by hand: an event each 0.2 s, at a wall time that may jump."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.t_s, self.ahead_s = 0.0, 0.0

    def tell(
        self, kind: str, data: dict[str, Any] | None = None, who: str = "harness", case: str | None = "a"
    ) -> Event:
        self.t_s += 0.2
        utc = (BEGAN + timedelta(seconds=self.t_s + self.ahead_s)).isoformat(timespec="microseconds")
        event = Event(
            seq=len(self.events),
            t_ns=int(self.t_s * 1e9),
            utc=utc.replace("+00:00", "Z"),
            kind=kind,
            who=who,
            data=data or {},
            case="a",
            station="CS001" if kind.startswith("ocpp.") else None,
        )
        self.events.append(event)
        return event

    def samples(self, number: int = 30) -> None:
        for _ in range(number):
            self.tell("bench.sample", {"values": {"p_w": 0.0}}, "bench.meter")

    def case(self, verdict: str, middle: Any = lambda: None, judge: str = "tests.says") -> None:
        """A case that claims what comes to this verdict; `middle` happens in it."""
        self.tell("case.started", {"conditions": {}})
        self.samples()
        middle()
        self.samples()
        self.tell("claim", {"judge": judge, "purpose": "P", "params": {"verdict": verdict}})
        self.tell("case.ended", {"outcome": "completed"})

    def verdicts(self) -> list[tuple[Verdict, str]]:
        return [(j.finding.verdict, j.finding.seen) for j in evaluate(Trace(self.events), {})]


@judge("tests.says", reads=("meter",))
def says(trace: Any, claim: Claim, limits: Any) -> Finding:
    """Whatever the claim asks for."""
    return Finding(verdict=Verdict(claim.params["verdict"]), expected="e", seen="it was late", acted="dut")


@judge("tests.answered")
def answered(trace: Any, claim: Claim, limits: Any) -> Finding:
    """The same of what was answered, whenever that was."""
    return says(trace, claim, limits)


@pytest.fixture
def record() -> Record:
    """An empty one."""
    return Record()


@pytest.mark.parametrize("by_s", [120.0, 3600.0, 400 * 86400.0, -120.0])
def test_a_jump_of_the_bench_s_clock_is_no_fail_of_the_charger_s(record: Record, by_s: float) -> None:
    """In the case, and in the next one as long as the charger has not been told the time; the error names the clock."""
    record.case("fail", lambda: setattr(record, "ahead_s", by_s))
    record.case("fail")
    for verdict, seen in record.verdicts():
        assert verdict is Verdict.ERROR and "the bench's own clock jumped by" in seen and "it was late" in seen


def test_without_a_jump_a_fail_is_a_fail(record: Record) -> None:
    """The control: also where single events were stamped late, and where the clock is corrected little by little."""
    record.case("fail")
    record.ahead_s = 30.0
    record.tell("bench.sample", {}, "bench.meter")
    record.ahead_s = 0.0
    for _ in range(200):
        record.ahead_s += 0.01
        record.samples(1)
    record.case("fail")
    assert [v for v, _ in record.verdicts()] == [Verdict.FAIL, Verdict.FAIL] and doubts_of(Trace(record.events)) == ()


def test_a_charger_that_has_the_time_again_fails_again(record: Record) -> None:
    """Its stamps agree with our clock as they did before the jump: from there on nothing excuses it."""

    def stamped(behind_s: float) -> None:
        now = BEGAN + timedelta(seconds=record.t_s + record.ahead_s - behind_s)
        payload = {"timestamp": now.isoformat().replace("+00:00", "Z")}
        record.tell("ocpp.frame", _frame("StatusNotification", payload), "dut")

    stamped(0.0)
    record.case("fail", lambda: setattr(record, "ahead_s", 120.0))
    stamped(120.0)
    record.case("fail")
    stamped(0.0)
    record.samples()
    record.case("fail")
    assert [v for v, _ in record.verdicts()] == [Verdict.ERROR, Verdict.ERROR, Verdict.FAIL]


@pytest.mark.parametrize(("for_s", "expected"), [(0.5, Verdict.FAIL), (0.8, Verdict.ERROR), (3.0, Verdict.ERROR)])
def test_a_machine_that_stood_still_blames_nobody(record: Record, for_s: float, expected: Verdict) -> None:
    """A gap in the bench's own pace in the middle of a case; a short one is as good as none, and a pass stands."""
    record.case("fail", lambda: record.tell("harness.slow", {"for_s": for_s}))
    record.case("pass", lambda: record.tell("harness.slow", {"for_s": for_s}))
    record.case("fail")
    (first, seen), (second, _), (third, _) = record.verdicts()
    assert (first, second, third) == (expected, Verdict.PASS, Verdict.FAIL)
    assert expected is Verdict.FAIL or "the machine was too slow" in seen


def test_what_was_answered_does_not_hang_on_our_pace(record: Record) -> None:
    """A wrong answer is one however long we stood still; a jump of the clock may have made it right all the same."""
    record.case("fail", lambda: record.tell("harness.slow", {"for_s": 3.0}), judge="tests.answered")
    assert [v for v, _ in record.verdicts()] == [Verdict.FAIL]


@pytest.mark.parametrize(
    ("for_s", "late_s", "doubted"), [(0.3, 0.2, True), (0.3, 2.0, False), (3.0, 2.0, True), (1.0, 5.0, False)]
)
def test_a_close_call_is_doubted_and_a_clear_one_is_not(for_s: float, late_s: float, doubted: bool) -> None:
    """A time beyond its limit by no more than the bench lost may be the bench's; by more it is the charger's."""
    lost = Doubt(0, 1, "slow", lost_s=for_s)
    assert (too_slow([lost], [late_s]) is lost) is doubted
    assert too_slow([Doubt(0, 1, "clock", clock=True)], [late_s]) is None


@pytest.mark.parametrize(("code", "times", "doubted"), [(1001, 2, True), (1001, 1, False), (1006, 5, False)])
def test_two_chargers_by_one_identity_are_named_as_such(record: Record, code: int, times: int, doubted: bool) -> None:
    """Neither gets the other's pass or fail; a charger that comes back before its loss was noticed is one alone."""

    def again_and_again() -> None:
        for n in range(times):
            reason = f"replaced by connection {n + 2} of the same identity"
            told = {"cause": "replaced"} if n else {"reason": reason}  # the first as traces of before tell it
            record.tell("ocpp.connection", {"state": "closed", "identity": "CS001", "code": code, **told})

    record.case("fail", again_and_again)
    ((failed, seen),) = record.verdicts()
    record.events.clear()
    record.case("pass", again_and_again)
    ((passed, _),) = record.verdicts()
    wanted = [Verdict.INCONCLUSIVE] * 2 if doubted else [Verdict.FAIL, Verdict.PASS]
    assert [failed, passed] == wanted and doubted is ("by the identity CS001 lived at once" in seen)


@pytest.mark.parametrize(("answer", "doubted"), [("Accepted", False), ("Rejected", True)])
def test_a_line_left_open_by_a_reboot_is_no_second_charger(record: Record, answer: str, doubted: bool) -> None:
    """Whoever reboots as asked need not close its line; the old one may still answer our goodbye (B11.FR.03)."""

    def reset_and_left_open() -> None:
        for n in (1, 2):
            reset = json.dumps([2, f"r{n}", "Reset", {"type": "Immediate"}])
            said = json.dumps([3, f"r{n}", {"status": answer}])
            told = {"conn": n, "version": "ocpp2.0.1", "action": "Reset", "id": f"r{n}"}
            record.tell("ocpp.frame", {**told, "dir": "out", "type": 2, "raw": reset})
            record.tell("ocpp.frame", {**told, "dir": "in", "type": 3, "raw": said})
            gone = {"state": "closed", "identity": "CS001", "code": 1001, "cause": "replaced", "conn": n}
            record.tell("ocpp.connection", gone)

    record.case("pass", reset_and_left_open)
    ((verdict, _),) = record.verdicts()
    assert verdict is (Verdict.INCONCLUSIVE if doubted else Verdict.PASS)


def _frame(action: str, payload: dict[str, Any]) -> dict[str, Any]:
    raw = json.dumps([2, "1", action, payload])
    return {"dir": "in", "type": 2, "action": action, "id": "1", "raw": raw, "version": "ocpp2.0.1", "conn": 1}
