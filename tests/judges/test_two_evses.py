"""Two EVSEs of one station, both busy: what is claimed of one is judged by what is its own."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T
from tests.judges.test_composite import MAX, clean, says, sets
from tests.judges.test_metering import sampled

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def at(evse: int, t: T) -> T:
    """From here on about this EVSE."""
    return t.of("CS-1", evse)


def both(t: T, one: float, two: float, for_s: float) -> T:
    """Both meters show these currents through so many seconds."""
    for _ in range(round(for_s * 10)):
        at(1, t).meter(one)
        at(2, t).meter(two).wait(0.1)
    return t


def begun(t: T, tx: str, evse: int, **more: Any) -> T:
    """A transaction begins at an EVSE, which it tells in that event alone."""
    return t.tells("Started", 0, tx=tx, evse={"id": evse, "connectorId": 1}, **more)


@pytest.mark.parametrize(("deaf", "expected"), [(2, (PASS, FAIL)), (1, (FAIL, PASS))])
def test_a_limit_is_held_against_the_meter_of_its_evse(deaf: int, expected: tuple[Verdict, Verdict]) -> None:
    """One EVSE follows and the other does not: the one that does passes, the other fails."""
    t = both(T().connects(), 24, 24, 2)
    for evse in (1, 2):
        t.limits_to(10, evse=evse, number=evse).named(f"limit {evse}")
        t.names[f"limit {evse}"] = t.names["limit"]
    both(t, *((24, 9.9) if deaf == 1 else (9.9, 24)), 12)
    for evse in (1, 2):
        at(evse, t).claims("setpoints.limit_holds", limit=f"@limit {evse}")
    assert tuple(each.finding.verdict for each in t.all_judged()) == expected


@pytest.mark.parametrize(("each", "expected"), [(8, PASS), (15.9, FAIL)])
def test_a_limit_of_the_whole_station_binds_both_together(each: float, expected: Verdict) -> None:
    """16 A for the station: 8 A at each EVSE keep it, 16 A at each do not, whichever of them is looked at."""
    t = both(T().connects(), 24, 24, 2)
    t.limits_to(16, evse=0, purpose=MAX)
    both(t, each, each, 12)
    for evse in (1, 2):
        at(evse, t).claims("setpoints.limit_holds", limit="@limit")
    assert {judged.finding.verdict for judged in t.all_judged()} == {expected}


def test_a_limit_of_the_whole_station_needs_all_meters() -> None:
    """While EVSE 2's meter is silent nobody knows what both draw."""
    t = both(T().connects(), 24, 24, 2)
    t.limits_to(16, evse=0, purpose=MAX)
    both(t, 8, 8, 3)
    at(1, t).draws(8, 9).claims("setpoints.limit_holds", limit="@limit")
    found = t.judged()
    assert found.verdict is INCONCLUSIVE and "silent" in found.seen


def test_a_reported_power_is_compared_with_the_meter_of_its_evse() -> None:
    """Transactions tell their EVSE once; later reports belong to it all the same. Mixed up, both are wrong."""
    for swapped, expected in ((False, PASS), (True, FAIL)):
        t = begun(begun(T().connects(), "TX-1", 1), "TX-2", 2)
        both(t, 8, 20, 3)
        for tx, watts in (("TX-1", 5520), ("TX-2", 13800)):
            reported = 19320 - watts if swapped else watts
            values = [{"timestamp": t.stamp(), "sampledValue": [sampled(reported)]}]
            t.tells("Updated", 1, tx=tx, meterValue=values)
        both(t, 8, 20, 1)
        for evse in (1, 2):
            at(evse, t).claims("metering.reported_agrees", "SC-04.7", since=0)
        assert {each.finding.verdict for each in t.all_judged()} == {expected}


def test_a_sequence_is_that_of_its_evse() -> None:
    """A number is missing at EVSE 2: EVSE 1's transaction is in order."""
    t = begun(begun(T().connects(), "TX-1", 1), "TX-2", 2)
    for tx, last in (("TX-1", 2), ("TX-2", 3)):
        t.tells("Updated", 1, tx=tx).wait(1).tells("Ended", last, tx=tx)
    for evse in (1, 2):
        at(evse, t).claims("core_ocpp.transaction_in_sequence", "SC-09.3", since=0)
    assert [each.finding.verdict for each in t.all_judged()] == [PASS, FAIL]


def test_it_is_told_of_its_evse_that_it_charges() -> None:
    """Only EVSE 2 says so."""
    t = begun(begun(T().connects(), "TX-1", 1), "TX-2", 2)
    t.tells("Updated", 1, tx="TX-2", transactionInfo={"transactionId": "TX-2", "chargingState": "Charging"})
    for evse in (1, 2):
        at(evse, t).claims("core_ocpp.told_that_it_charges", "SC-09.3", since=0)
    assert [each.finding.verdict for each in t.all_judged()] == [FAIL, PASS]


def test_a_status_is_that_of_its_evse() -> None:
    """The states of EVSE 2 are none of EVSE 1's, in both ways of telling them."""
    t = T().connects()
    for state in ("Occupied", "Available"):
        status = {"timestamp": t.stamp(), "connectorStatus": state, "evseId": 2, "connectorId": 1}
        t.says("StatusNotification", status).wait(1)
    for evse in (1, 2):
        states = ["Occupied", "Available"]
        at(evse, t).claims("core_ocpp.reports_status", "SC-09.2", states=states, evse_id=evse, since=0)
    assert [each.finding.verdict for each in t.all_judged()] == [FAIL, PASS]


def test_a_light_shows_the_export_of_its_evse() -> None:
    """EVSE 2 exports and its light says so, while EVSE 1's stays as it is: nothing is held against EVSE 1's light."""
    t = T().connects()
    for watts, colour, ticks in ((0, "green", 30), (-5000, "purple", 60), (0, "green", 30)):
        for _ in range(ticks):
            at(1, t).power(0).light("green")
            at(2, t).power(watts).light(colour).wait(0.1)
    for evse in (1, 2):
        at(evse, t).claims("light.shows_export", "BI-18.1")
    found = [each.finding for each in t.all_judged()]
    assert [each.verdict for each in found] == [INCONCLUSIVE, PASS], "what EVSE 1 never did is not shown to be right"


def test_a_composite_schedule_follows_the_profiles_of_its_evse() -> None:
    """10 A at EVSE 1, 16 A at EVSE 2: each schedule has its own; the other's would be wrong."""
    for told, expected in (((10.0, 16.0), PASS), ((16.0, 10.0), FAIL)):
        t = sets(sets(clean().connects(), 10, number=1), 16, number=2, evse=2)
        t.asks("ClearChargingProfile", {"chargingProfileCriteria": {"evseId": 2, "stackLevel": 7}}).answers("Unknown")
        for evse, amps in zip((1, 2), told, strict=True):
            says(t, (0, amps), evse=evse)
            wanted = {"call": "@call", "phases": 3, "nominal_v": 230.0, "rated_a": 32.0}
            at(evse, t).claims("composite.equals_own_calculation", "SC-09.5", **wanted)
        one, two = (each.finding.verdict for each in t.all_judged())
        assert one is expected and (two is expected or told[0] == 16.0)


@pytest.mark.parametrize(("busy", "said", "expected"), [(True, 8, INCONCLUSIVE), (False, 8, FAIL), (True, 20, FAIL)])
def test_a_limit_of_the_whole_station_is_shared(busy: bool, said: float, expected: Verdict) -> None:
    """With a car at EVSE 2 too, half of the station's 16 A is no fault of EVSE 1's schedule; more than 16 A is."""
    t = begun(sets(clean().connects(), 16, purpose=MAX), "TX-1", 1)
    if busy:
        begun(t, "TX-2", 2)
    says(t, (0, said), (60, 6.0), (120, 16.0))
    at(1, t).claims("composite.equals_own_calculation", "SC-09.5", call="@call", phases=3, nominal_v=230.0)
    assert t.judged().verdict is expected


def test_a_whole_station_is_judged_with_all_its_evses() -> None:
    """What is about no EVSE sees both: a faulty message of EVSE 2 is a faulty message."""
    t = begun(T().connects(), "TX-2", 2)
    t.says("StatusNotification", {"timestamp": t.stamp(), "evseId": 2})
    t.of("CS-1").claims("core_ocpp.every_frame_valid", "SC-09.9")
    assert t.judged().verdict is FAIL
