"""Energy that nobody asked for, values beside the clock, schedules after a pause, and lines that are slow or break."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T, profile
from tests.judges.test_sampled import value
from tests.judges.test_told import get

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


@pytest.mark.parametrize(("amps", "verdict"), [(0, PASS), (6, FAIL), (0.51, INCONCLUSIVE)])
def test_nobody_gets_energy_without_a_start(amps: float, verdict: Verdict) -> None:
    """From a car's coming on nothing flows; near the border nobody can say."""
    t = T().draws(0, 2).acts("pilot", "STATE B").named("came").draws(amps, 21)
    assert t.claims("off.without_a_start", "SC-04.3", since="@came").judged().verdict is verdict


def ended(
    amps: float, *, for_s: float = 25, another_s: float | None = None, end: str = "Ended", why: str = "RemoteStart"
) -> T:
    """A session is told as ended; then so much flows, and perhaps another one is told of."""
    t = T().acts("pilot", "STATE C").named("begin").tells("Started", 0).draws(16, 2).tells(end, 1).draws(amps, for_s)
    if another_s is not None:
        t.tells("Started", 0, tx="TX-2", triggerReason=why).draws(16, another_s)
    return t.claims("off.once_ended", "SC-04.3", since="@begin", transaction="TX-1")


@pytest.mark.parametrize(
    ("t", "verdict"),
    [
        (ended(0), PASS),
        (ended(16), FAIL),
        (ended(16, for_s=5), INCONCLUSIVE),
        (ended(16, end="Updated"), Verdict.NOT_APPLICABLE),  # it goes on (E17): there was no end
        (ended(16, for_s=5, another_s=25), Verdict.NOT_APPLICABLE),  # another session told of it at once
        (ended(16, for_s=25, another_s=25), FAIL),
        (ended(16, for_s=5, another_s=25, why="CablePluggedIn"), FAIL),  # nobody was authorized for that one
    ],
)
def test_power_ends_with_its_session(t: T, verdict: Verdict) -> None:
    """Later than the response time, and before another session is told of, nothing flows."""
    assert t.judged().verdict is verdict


@pytest.mark.parametrize(("beside_s", "verdict"), [(0, PASS), (2.5, PASS), (12.5, PASS), (6, FAIL), (None, FAIL)])
def test_clock_aligned_values_are_aligned(beside_s: float | None, verdict: Verdict) -> None:
    """Each 15 s from midnight, a moment late at most; and some have to come."""
    t = T().connects().acts("pilot", "STATE A").named("since").at(30 + (beside_s or 0))
    if beside_s is not None:
        t.says("MeterValues", {"evseId": 1, "meterValue": [value(t, context="Sample.Clock")]})
    t.wait(30).claims("sampled.to_the_clock", "SC-04.7", since="@since", every_s=15)
    assert t.judged().verdict is verdict


@pytest.mark.parametrize(
    ("told", "amps", "verdict"),
    [(0.0, -8, PASS), (8.0, -8, FAIL), (None, -8, PASS), (8.0, 8, INCONCLUSIVE)],
)
def test_no_current_to_the_car_while_it_gives(told: float | None, amps: float, verdict: Verdict) -> None:
    """Current.Import is the one that flows to the car; whoever tells none tells nothing wrong."""
    t = T(version="ocpp2.1").connects().acts("pilot", "STATE C").named("since")
    t.draws(abs(amps), 3, sign=1 if amps > 0 else -1)
    if told is not None:
        sample = {"value": told, "measurand": "Current.Import", "phase": "L1"}
        t.tells("Updated", 1, meterValue=[value(t, sample)])
    t.draws(abs(amps), 1, sign=1 if amps > 0 else -1)
    assert t.claims("sampled.current_to_the_grid", "SC-04.7", since="@since").judged().verdict is verdict


@pytest.mark.parametrize(("amps", "verdict"), [(8, PASS), (13, FAIL), (1, INCONCLUSIVE), (8.52, INCONCLUSIVE)])
def test_a_schedule_holds_over_a_pause(amps: float, verdict: Verdict) -> None:
    """Its second step binds; a car that draws hardly anything shows nothing."""
    body = profile(13, kind="Relative")
    body["chargingProfile"]["chargingSchedule"][0]["chargingSchedulePeriod"].append({"startPeriod": 15, "limit": 8})
    t = T().asks("SetChargingProfile", body).named("limit").answers().draws(8, 2)
    t.acts("pilot", "STATE C").named("since").draws(amps, 4)
    assert t.claims("later.stays_under", limit="@limit", since="@since", period=1).judged().verdict is verdict


@pytest.mark.parametrize(
    ("amps", "sign", "verdict"), [(8, -1, PASS), (8, 1, FAIL), (2.7, -1, FAIL)], ids=["right", "way", "a third"]
)
def test_a_setpoint_in_ampere_is_of_each_phase(amps: float, sign: int, verdict: Verdict) -> None:
    """8 A to the grid: so much on each phase, and in that direction."""
    body: dict[str, Any] = profile(0)
    schedule = body["chargingProfile"]["chargingSchedule"][0]
    schedule["chargingSchedulePeriod"] = [{"startPeriod": 0, "setpoint": -8, "operationMode": "CentralSetpoint"}]
    t = T(version="ocpp2.1").draws(0, 2).asks("SetChargingProfile", body).named("limit").answers()
    t.draws(0, 1).draws(amps, 13, sign=sign)
    assert t.claims("setpoints.amperes_followed", limit="@limit").judged().verdict is verdict


@pytest.mark.parametrize(
    ("told", "attempts", "verdict"),
    [("again", "3", PASS), ("", "3", FAIL), ("", "1", INCONCLUSIVE), ("answered", "3", INCONCLUSIVE)],
)
def test_what_got_no_answer_is_told_again(told: str, attempts: str, verdict: Verdict) -> None:
    """With the same number of the same session; what was answered need not be, nor where one attempt is all."""
    t = get(T().connects(1), "OCPPCommCtrlr", "MessageAttempts", attempts, "tries").tells("Started", 0).is_answered()
    t.acts("pilot", "STATE B").named("rests").tells("Updated", 1)
    if told == "answered":
        t.is_answered()
    t.wait(1).acts("csms.network", "cut:reset").named("cut").closes(1, by="harness").wait(5).connects(2).wait(1)
    if told == "again":
        t.tells("Updated", 1).is_answered()
    t.wait(3).claims("kept_up.told_again", "SC-05.2", since="@rests", cut="@cut", attempts="@tries")
    assert t.judged().verdict is verdict


@pytest.mark.parametrize(
    ("late", "closes", "verdict"), [(True, False, PASS), (True, True, FAIL), (False, True, INCONCLUSIVE)]
)
def test_a_slow_answer_is_waited_for(late: bool, closes: bool, verdict: Verdict) -> None:
    """The charger keeps its line; where nothing was answered late, nothing was shown."""
    t = T().connects(1).acts("pilot", "STATE B").named("since").says("StatusNotification", {})
    if late:
        t.event("provoked", "harness", what="a late answer", action="StatusNotification", by_s=10)
    t.wait(6)
    if closes:
        t.closes(1)
    assert t.wait(6).claims("kept_up.line_stays", "SC-05.1", since="@since").judged().verdict is verdict
