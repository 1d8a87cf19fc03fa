"""The states that a purpose begins in: looked for first, then brought about, and told where they cannot be."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.hands import NotBrought
from harness.hands._before import Before
from harness.trace import Recorder


class Charger:
    """Answers the clearing of profiles with `clears`, keeps `transaction`, and charges where it is `willing`."""

    def __init__(self, recorder: Recorder, clears: str = "Accepted", willing: bool = True) -> None:
        self.recorder, self.clears, self.willing = recorder, clears, willing
        self.connected, self.transaction = True, None
        self.asked: list[str] = []

    def sends(self, action: str, number: int = 1001) -> Any:
        raw = json.dumps([2, "c", action, {"evseId": 1, "chargingProfile": {"id": number}}])
        return self.recorder.record("ocpp.frame", "harness", {"dir": "out", "action": action, "raw": raw})

    async def clear_charging_profile(self, number: int) -> Any:
        self.asked.append(f"clear {number}")
        return SimpleNamespace(status=self.clears, call=self.sends("ClearChargingProfile"))

    async def leave(self) -> None:
        self.asked.append("leave")

    async def charge(self, at_least: str | None = None) -> None:
        self.asked.append(f"charge {at_least}")
        if not self.willing:
            raise TimeoutError("the meter shows nothing")


def before(charger: Charger, meter: bool = True, smart_charging: str = "yes", may_hold: str = "") -> Before:
    """The states of this charger."""

    async def connected(*_: Any) -> Charger:
        return charger

    ports: Any = SimpleNamespace(
        recorder=charger.recorder,
        profile=SimpleNamespace(declared=lambda feature: smart_charging),
        has_instrument=lambda role: meter,
        owed=SimpleNamespace(may_hold=may_hold),
    )
    reach: Any = SimpleNamespace(
        station=charger, known=charger, evse_id=1, connected=connected, until_connected=connected
    )
    reach.transaction = charger.transaction
    car: Any = charger
    return Before(ports, reach, car)


@pytest.fixture
def recorder(tmp_path: Path) -> Recorder:
    """A trace of its own."""
    return Recorder(tmp_path / "trace.jsonl")


def reach(states: Before, *names: str) -> None:
    asyncio.run(states.reach(names))


def test_limits_are_cleared_by_their_ids_once(recorder: Recorder) -> None:
    """A charger that was sent none is asked for nothing; what was sent since is cleared, whatever EVSE it was for."""
    charger = Charger(recorder)
    states = before(charger)
    reach(states, "no_limits", "no_limits")
    assert charger.asked == []
    charger.sends("SetChargingProfile", 1001)
    charger.sends("RequestStartTransaction", 1002)
    charger.sends("SetChargingProfile", 1001)
    reach(states, "no_limits", "no_limits")
    assert charger.asked == ["clear 1001", "clear 1002"]
    charger.sends("SetChargingProfile", 1001)
    asyncio.run(states.lift_our_limits())
    asyncio.run(states.lift_our_limits())
    assert charger.asked == ["clear 1001", "clear 1002", "clear 1001"]


@pytest.mark.parametrize(
    ("answer", "left"),
    [([4, "c", "NotSupported", "", {}], 0), ([3, "c", {"status": "Rejected"}], 0), ([3, "c", {}], 1)],
)
def test_a_limit_that_was_refused_is_none_to_clear(recorder: Recorder, answer: list[Any], left: int) -> None:
    """A charger that knows no SetChargingProfile may know no ClearChargingProfile, and holds none of ours."""
    charger = Charger(recorder)
    raw = json.dumps([2, "c", "SetChargingProfile", {"evseId": 1, "chargingProfile": {"id": 1001}}])
    frame = {"dir": "out", "action": "SetChargingProfile", "id": "c", "type": 2, "raw": raw}
    recorder.record("ocpp.frame", "harness", frame)
    told = {"dir": "in", "id": "c", "type": answer[0], "raw": json.dumps(answer)}
    recorder.record("ocpp.frame", "dut", told)
    reach(before(charger), "no_limits")
    assert len(charger.asked) == left


def test_limits_that_it_does_not_tell_keep_a_case_from_running(recorder: Recorder) -> None:
    """It may hold limits of its operator's that nobody knows; those are not cleared, and not taken for none."""
    charger = Charger(recorder)
    states = before(charger, may_hold="it says that it holds some and does not tell them")
    with pytest.raises(NotBrought, match="holds some and does not tell"):
        reach(states, "no_limits")
    assert charger.asked == []


def test_limits_that_stay_are_told(recorder: Recorder) -> None:
    """What could not be brought about is the state's doing, and named."""
    charger = Charger(recorder, clears="NotSupported")
    charger.sends("SetChargingProfile")
    with pytest.raises(NotBrought, match="could not be brought to a state without limits"):
        reach(before(charger), "no_limits")


def test_a_charger_without_smart_charging_has_no_limits(recorder: Recorder) -> None:
    """It is not asked for what it need not know."""
    charger = Charger(recorder)
    reach(before(charger, smart_charging="no"), "no_limits")
    assert charger.asked == []


def test_a_session_that_does_not_end_is_told(recorder: Recorder) -> None:
    """Where no pilot shows that the car has left, a transaction that was never ended may go on."""
    charger: Any = Charger(recorder)
    charger.transaction = SimpleNamespace(id="T7")
    with pytest.raises(NotBrought, match="T7"):
        reach(before(charger, meter=False), "free")


def test_a_car_that_was_unplugged_leaves_no_session(recorder: Recorder) -> None:
    """A charger that never tells the end of a session must not keep the purposes that would catch it from running."""
    charger: Any = Charger(recorder)
    charger.transaction = SimpleNamespace(id="T7")
    reach(before(charger), "free")


def test_a_session_that_does_not_begin_is_told_in_the_wait_s_words(recorder: Recorder) -> None:
    """The state's own name stands before them."""
    with pytest.raises(NotBrought, match="to a session that charges: the meter shows nothing"):
        reach(before(Charger(recorder, willing=False)), "booted", "charging")


def test_without_a_meter_the_car_is_taken_at_its_word(recorder: Recorder) -> None:
    """Nobody can see that power flows."""
    charger = Charger(recorder)
    reach(before(charger, meter=False), "charging")
    assert charger.asked == ["charge None"]


def test_a_state_that_nobody_knows_is_our_own_fault(recorder: Recorder) -> None:
    """A slip in a suite is no charger's."""
    with pytest.raises(KeyError, match="there are booted"):
        reach(before(Charger(recorder)), "boted")
