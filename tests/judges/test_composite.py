"""Composite schedules against hand-worked tables: stacking, validity, kinds, units, and what OCPP leaves open."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from harness.judge import Finding, Verdict
from tests.judges._trace import ZERO, T, profile

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
MAX = "ChargingStationMaxProfile"


def utc(at_s: float) -> str:
    """A second of the trace as a time stamp."""
    return (ZERO + datetime.timedelta(seconds=at_s)).isoformat(timespec="seconds").replace("+00:00", "Z")


def clean(version: str = "ocpp2.0.1") -> T:
    """A charger of which everything older was cleared."""
    t = T(version=version)
    t.asks("ClearChargingProfile", {"chargingProfileCriteria": {"evseId": 1}}).answers("Unknown")
    return t.asks("ClearChargingProfile", {"chargingProfileCriteria": {"chargingProfilePurpose": MAX}}).answers(
        "Unknown"
    )


def sets(t: T, value: float | None = None, unit: str = "A", *, answer: str | None = "Accepted", **how: Any) -> T:
    """A profile is set."""
    how.setdefault("evse", 0 if how.get("purpose") == MAX else 1)
    t.asks("SetChargingProfile", profile(value, unit, **{"at_s": t.now_s, **how}))
    return t.answers(answer) if answer else t


def steps(*each: tuple[int, float]) -> list[dict[str, Any]]:
    """Periods of a schedule."""
    return [{"startPeriod": start, "limit": value} for start, value in each]


def says(
    t: T,
    *periods: tuple[int, float],
    duration: int = 180,
    told: int | None = None,
    unit: str = "A",
    evse: int = 1,
    begin_s: float | None = None,
) -> T:
    """The charger is asked for its schedule and answers."""
    t.wait(1).asks("GetCompositeSchedule", {"duration": duration, "evseId": evse, "chargingRateUnit": unit}).named(
        "call"
    )
    schedule = {
        "evseId": evse,
        "duration": duration if told is None else told,
        "scheduleStart": utc(t.now_s if begin_s is None else begin_s),
        "chargingRateUnit": unit,
        "chargingSchedulePeriod": steps(*periods),
    }
    return t.answers({"status": "Accepted", "schedule": schedule})


def judged(t: T, **params: Any) -> Finding:
    """What is found, on three phases of 230 V."""
    wanted = {"phases": 3, "nominal_v": 230.0}
    return t.claims("composite.equals_own_calculation", "SC-09.5", call="@call", **{**wanted, **params}).judged()


def verdict(t: T, **params: Any) -> Verdict:
    """Its verdict."""
    return judged(t, **params).verdict


def two_sources() -> T:
    """20 A for the station; 24, 12, 16 A by the minute at level 0; 18 A for two minutes at level 1."""
    t = sets(clean(), 20, purpose=MAX)
    t = sets(t, periods=steps((0, 24), (60, 12), (120, 16)), level=0)
    return sets(t, 18, level=1, duration=120)


def test_levels_and_sources_are_combined() -> None:
    """18 A for two minutes (the upper level, under 20), then 16 A."""
    assert verdict(says(two_sources(), (0, 18), (119, 16))) is PASS


@pytest.mark.parametrize(
    "periods",
    [
        [(0, 18), (60, 12), (119, 16)],  # the lowest of both levels
        [(0, 20), (60, 12), (120, 16)],  # level 1 ignored
        [(0, 24), (60, 12), (120, 16)],  # the station's limit ignored too
        [(0, 18)],  # for ever
        [(0, 18), (90, 16)],  # half a minute early
        [(0, 0)],
    ],
)
def test_wrong_combinations_fail(periods: list[tuple[int, float]]) -> None:
    """Each of them is another misreading."""
    assert verdict(says(two_sources(), *periods)) is FAIL


def test_a_step_may_be_two_seconds_off() -> None:
    """Either value is right within composite.time_tolerance of a step."""
    assert verdict(says(two_sources(), (0, 18), (117, 16))) is PASS
    assert verdict(says(two_sources(), (0, 18), (121, 16))) is PASS
    assert verdict(says(two_sources(), (0, 18), (115, 16))) is FAIL


@pytest.mark.parametrize(("value", "expected"), [(18.1, PASS), (18.2, FAIL), (17.9, PASS)])
def test_a_tenth_of_an_ampere_is_allowed(value: float, expected: Verdict) -> None:
    """composite.tolerance, on its border and beyond."""
    assert verdict(says(sets(clean(), 18), (0, value))) is expected


def test_a_session_limit_takes_the_defaults_place() -> None:
    """15 A for this session where 8 A are the default: 15 A (K02.FR.04); the station's 12 A still bind."""
    t = clean().tells("Started", 0)
    t = sets(sets(t, 8, level=9), 15, purpose="TxProfile", transactionId="TX-1")
    assert verdict(says(t, (0, 15))) is PASS
    assert verdict(says(sets(t, 12, purpose=MAX), (0, 12))) is PASS


def test_a_session_limit_ends_with_its_session() -> None:
    """After the transaction the default counts again (K02.FR.05)."""
    t = sets(sets(clean().tells("Started", 0), 8), 15, purpose="TxProfile", transactionId="TX-1").tells("Ended", 1)
    assert verdict(says(t, (0, 8))) is PASS
    assert verdict(says(t, (0, 15))) is FAIL


def test_a_limit_that_came_with_the_start_counts_for_that_session() -> None:
    """RequestStartTransaction's profile (K05), found by its remoteStartId."""
    body = profile(11, purpose="TxProfile")["chargingProfile"]
    t = sets(clean(), 16).asks("RequestStartTransaction", {"evseId": 1, "remoteStartId": 7, "chargingProfile": body})
    t.answers().tells("Started", 0, transactionInfo={"transactionId": "TX-9", "remoteStartId": 7})
    assert verdict(says(t, (0, 11))) is PASS
    t.tells("Ended", 1, transactionInfo={"transactionId": "TX-9"})
    assert verdict(says(t, (0, 16))) is PASS


def test_validity_and_beginnings_are_obeyed() -> None:
    """Not before validFrom or startSchedule, not from validTo on (K01.FR.30, .36, .37)."""
    t = sets(sets(clean(), 16), 10, level=1, validFrom=utc(61), validTo=utc(121))
    assert verdict(says(t, (0, 16), (60, 10), (120, 16))) is PASS
    t = sets(sets(clean(), 16), 10, level=1, at_s=91)
    assert verdict(says(t, (0, 16), (90, 10))) is PASS


def test_two_profiles_of_a_level_may_follow_one_another() -> None:
    """Their validity does not overlap: the second does not replace the first (K01.FR.06)."""
    t = sets(clean(), 10, number=1, validTo=utc(61))
    t = sets(t, 14, number=2, validFrom=utc(61))
    assert verdict(says(t, (0, 10), (60, 14))) is PASS


def test_the_same_id_or_place_replaces() -> None:
    """A known id (K01.FR.05), and a profile of the same purpose, level and EVSE."""
    assert verdict(says(sets(sets(clean(), 10, number=1, level=5), 14, number=1, level=0), (0, 14))) is PASS
    assert verdict(says(sets(sets(clean(), 10, number=1), 14, number=2), (0, 14))) is PASS


def test_what_was_cleared_or_refused_is_gone() -> None:
    """By id, by criteria; and a rejected profile never was."""
    t = sets(sets(clean(), 16, number=1), 10, level=1, number=2)
    by_id = t.asks("ClearChargingProfile", {"chargingProfileId": 2}).answers()
    assert verdict(says(by_id, (0, 16))) is PASS
    t = sets(sets(clean(), 16, number=1), 10, level=1, number=2)
    t.asks("ClearChargingProfile", {"chargingProfileCriteria": {"stackLevel": 1, "evseId": 1}}).answers()
    assert verdict(says(t, (0, 16))) is PASS
    assert verdict(says(sets(sets(clean(), 16), 10, level=1, answer="Rejected"), (0, 16))) is PASS


def test_another_evse_is_none_of_it() -> None:
    """10 A for EVSE 2; a default for the whole station counts for EVSE 1 as well."""
    assert verdict(says(sets(sets(clean(), 16), 10, evse=2, number=8), (0, 16))) is PASS
    assert verdict(says(sets(clean(), 16, evse=0), (0, 16))) is PASS


def test_what_repeats_daily_repeats() -> None:
    """A schedule of the day before, an hour long, from this minute on."""
    t = sets(sets(clean(), 16), 10, level=1, kind="Recurring", recurrencyKind="Daily", at_s=-86400 + 61, duration=60)
    assert verdict(says(t, (0, 16), (60, 10), (120, 16))) is PASS


def test_a_relative_schedule_without_a_session_begins_now() -> None:
    """K08.FR.06: as if a transaction were under way; with one, when it began is left to the charger."""
    relative = {"kind": "Relative", "periods": steps((0, 16), (60, 10))}
    assert verdict(says(sets(clean(), **relative), (0, 16), (60, 10))) is PASS
    t = sets(clean().tells("Started", 0), **relative)
    assert verdict(says(t, (0, 16), (60, 10))) is INCONCLUSIVE
    assert verdict(says(sets(clean().tells("Started", 0), 12, kind="Relative"), (0, 12))) is PASS


def test_watts_are_amperes_per_phase() -> None:
    """6900 W are 10 A on three phases, 30 A on one; in the answer as well (K01.FR.50)."""
    assert verdict(says(sets(clean(), 6900, "W"), (0, 10))) is PASS
    one = sets(clean(), periods=[{"startPeriod": 0, "limit": 6900, "numberPhases": 1}], unit="W")
    assert verdict(says(one, (0, 30))) is PASS
    assert verdict(says(sets(clean(), 10), (0, 6900), unit="W")) is PASS
    assert verdict(says(sets(clean(), 10), (0, 2300), unit="W")) is FAIL


@pytest.mark.parametrize("amps", [10.0, 30.0])
def test_watts_at_a_station_with_one_phase_are_said_in_two_ways(amps: float) -> None:
    """Three phases unless told otherwise (K01.FR.49), or the one there is (K01.FR.45): both are right."""
    assert verdict(says(sets(clean(), 6900, "W"), (0, amps)), phases=1) is PASS


def test_what_the_station_cannot_exceed_may_stand_there() -> None:
    """Rated for 16 A, told 20 A: 16 A is right (K08.FR.04 asks for at most the lowest limit)."""
    t = sets(sets(clean(), 20, purpose=MAX), periods=steps((0, 24), (60, 12)))
    assert verdict(says(t, (0, 16), (60, 12)), rated_a=16.0) is PASS
    assert verdict(says(t, (0, 20), (60, 12)), rated_a=16.0) is PASS


def test_a_limit_of_its_own_that_nobody_named_is_not_held_against_it() -> None:
    """Everything capped at 13 A fits a limit that the bench does not know: inconclusive, not failed."""
    t = sets(sets(clean(), 20, purpose=MAX), periods=steps((0, 24), (60, 12)))
    finding = judged(says(t, (0, 13), (60, 12)), rated_a=32.0)
    assert finding.verdict is INCONCLUSIVE
    assert "13 A" in finding.seen


def test_no_cap_excuses_too_much() -> None:
    """More than the lowest limit is a fail, whatever it is rated for."""
    assert verdict(says(sets(clean(), 10), (0, 11)), rated_a=11.0) is FAIL


def test_older_limits_that_nobody_cleared_may_bind() -> None:
    """The charger may keep profiles from before the campaign (K01.FR.27): less is not held against it then."""
    t = sets(sets(T(), 20, purpose=MAX), periods=steps((0, 18), (60, 16)))
    assert verdict(says(t, (0, 8), (60, 12))) is INCONCLUSIVE
    t = sets(sets(T(), 20, purpose=MAX), periods=steps((0, 18), (60, 16)))
    assert verdict(says(t, (0, 24), (60, 12))) is FAIL


def reports(t: T, value: float, *, evse: int = 1, source: str = "CSO", **how: Any) -> T:
    """The charger tells of a profile that was not set in this trace (K09)."""
    held = profile(value, at_s=-3600.0, evse=evse, **how)["chargingProfile"]
    told = {"requestId": 1, "evseId": evse, "chargingLimitSource": source, "chargingProfile": [held]}
    return t.says("ReportChargingProfiles", told)


def test_a_limit_from_before_that_the_charger_reported_is_calculated_with() -> None:
    """K01.FR.27: what an operator or a system on site has set binds; a charger that follows it does right."""
    external = {"purpose": "ChargingStationExternalConstraints", "source": "EMS", "number": 7, "evse": 0}
    assert verdict(says(reports(sets(clean(), 16), 10, **external), (0, 10))) is PASS
    assert verdict(says(reports(sets(clean(), 16), 10, **external), (0, 16))) is FAIL
    assert verdict(says(sets(reports(clean(), 10, level=3, number=7), 16), (0, 10))) is PASS


def test_a_charger_that_says_it_has_no_profiles_cannot_follow_older_ones() -> None:
    """K09.FR.06: it reports all that match, and a backend names a criterion (K09.FR.03): to none, anything goes."""

    def lower(*asked: dict[str, Any]) -> Verdict:
        t = T()
        for payload in asked:
            t.asks("GetChargingProfiles", {"requestId": 1, **payload}).answers("NoProfiles")
        return verdict(says(sets(sets(t, 16), 20, purpose="ChargingStationMaxProfile", number=2, evse=0), (0, 4)))

    assert lower() is INCONCLUSIVE
    assert lower({"chargingProfile": {}}) is INCONCLUSIVE
    assert lower({"chargingProfile": {"stackLevel": 0}}) is INCONCLUSIVE
    asked = [{"chargingProfile": {"chargingProfilePurpose": p}} for p in ("TxDefaultProfile", MAX)]
    assert lower(*asked) is FAIL
    assert lower(asked[0]) is INCONCLUSIVE
    assert lower(*({"evseId": 1, **each} for each in asked)) is INCONCLUSIVE


def test_a_reported_limit_ends_when_it_is_cleared_or_replaced() -> None:
    """Like one that was set here; a report says nothing new of a profile that the charger accepted."""
    t = reports(sets(clean(), 16), 10, level=3, number=7)
    assert verdict(says(t.asks("ClearChargingProfile", {"chargingProfileId": 7}).answers(), (0, 16))) is PASS
    assert verdict(says(sets(reports(clean(), 10, number=7), 16), (0, 16))) is PASS
    assert verdict(says(reports(sets(clean(), 16, number=7), 20, number=7), (0, 20))) is FAIL


def test_a_limit_announced_from_outside_may_bind() -> None:
    """NotifyChargingLimit tells of one that is not among the profiles; until it is cleared less may be right."""
    t = sets(clean(), periods=steps((0, 18), (60, 16))).says("NotifyChargingLimit", {"chargingLimit": {}})
    assert verdict(says(t, (0, 8), (60, 12))) is INCONCLUSIVE
    t = sets(clean(), periods=steps((0, 18), (60, 16))).says("NotifyChargingLimit", {}).says("ClearedChargingLimit", {})
    assert verdict(says(t, (0, 8), (60, 12))) is FAIL


def test_a_schedule_shorter_than_asked_fails() -> None:
    """One second would be right by any calculation (K08.FR.02)."""
    assert verdict(says(two_sources(), (0, 18), told=1)) is FAIL


def test_a_schedule_that_begins_at_another_time_is_not_compared() -> None:
    """An hour later, by the charger's own clock: what it says cannot be placed."""
    t = two_sources().tells("Updated", 5)
    assert verdict(says(t, (0, 18), begin_s=3600)) is INCONCLUSIVE


def test_the_chargers_clock_may_be_off() -> None:
    """Its schedule is reckoned by its clock, and so are its profiles: a constant limit agrees."""
    t = sets(T(skew_s=600.0).tells("Updated", 5), 16, at_s=-60)
    now_s = t.now_s + 1 + 600
    assert verdict(says(t, (0, 16), begin_s=now_s)) is PASS


@pytest.mark.parametrize("answer", ["Rejected", None])
def test_no_schedule_fails(answer: str | None) -> None:
    """Rejected, or an error frame, for an EVSE that exists."""
    t = sets(clean(), 16).asks("GetCompositeSchedule", {"duration": 60, "evseId": 1}).named("call")
    t = t.answers(answer) if answer else t.errs("NotImplemented")
    assert verdict(t) is FAIL


def test_saying_no_limit_where_there_is_one_fails() -> None:
    """A period without a limit, and a schedule that ends too early."""
    t = sets(clean(), 16).asks("GetCompositeSchedule", {"duration": 60, "evseId": 1}).named("call")
    schedule = {"evseId": 1, "duration": 60, "scheduleStart": utc(0), "chargingRateUnit": "A"}
    t.answers({"status": "Accepted", "schedule": {**schedule, "chargingSchedulePeriod": [{"startPeriod": 0}]}})
    assert verdict(t) is FAIL


def test_where_nothing_limits_anything_may_stand() -> None:
    """After 60 s no profile is in force: the station's own 32 A, or nothing."""
    t = sets(clean(), 16, duration=61)
    assert verdict(says(t, (0, 16), (60, 32))) is PASS


def test_nothing_in_force_proves_nothing() -> None:
    """No profile; or one whose acceptance was never answered."""
    assert verdict(says(clean(), (0, 32))) is INCONCLUSIVE
    assert verdict(says(sets(clean(), 16, answer=None), (0, 16))) is INCONCLUSIVE


@pytest.mark.parametrize(
    "how",
    [
        {"setpoint": -3000.0, "unit": "W", "purpose": "TxProfile", "value": None},
        {"periods": steps((0, 16)), "schedule": {"randomizedDelay": 30}},
        {"periods": steps((0, 16)), "schedule": {"limitAtSoC": {"soc": 80, "limit": 6}}},
    ],
)
def test_what_ocpp_leaves_open_is_inconclusive(how: dict[str, Any]) -> None:
    """Setpoints, random delays and states of charge depend on more than the profiles."""
    extra = how.pop("schedule", {})
    request = profile(how.pop("value", None), at_s=0, **how)
    request["chargingProfile"]["chargingSchedule"][0] |= extra
    t = clean("ocpp2.1").asks("SetChargingProfile", request).answers()
    assert verdict(says(t, (0, 16))) is INCONCLUSIVE


def test_the_whole_stations_schedule_is_left_open() -> None:
    """EVSE 0 adds up what all EVSEs draw (K08.FR.03); with nothing but station-wide limits it can be calculated."""
    assert verdict(says(sets(clean(), 16), (0, 16), evse=0)) is INCONCLUSIVE
    assert verdict(says(sets(clean(), 20, purpose=MAX), (0, 20), evse=0)) is PASS


def test_priority_charging_takes_over_once_it_is_switched_on() -> None:
    """Installed it waits; activated it overrules default and session; local generation comes on top (OCPP 2.1)."""
    t = sets(sets(clean("ocpp2.1"), 10), 20, purpose="PriorityCharging")
    assert verdict(says(t, (0, 10))) is PASS
    t.says("NotifyPriorityCharging", {"transactionId": "TX-1", "activated": True})
    assert verdict(says(t, (0, 20))) is PASS
    assert verdict(says(sets(sets(clean("ocpp2.1"), 10), 4, purpose="LocalGeneration"), (0, 14))) is PASS


def test_a_dynamic_profile_takes_its_updates() -> None:
    """UpdateDynamicSchedule changes the limit (OCPP 2.1 K28)."""
    t = sets(clean("ocpp2.1"), 16, kind="Dynamic", number=3)
    t.asks("UpdateDynamicSchedule", {"chargingProfileId": 3, "scheduleUpdate": {"limit": 9}}).answers()
    assert verdict(says(t, (0, 9))) is PASS


def test_the_control_wants_two_sources() -> None:
    """Two levels of one purpose are one source; another EVSE's limit is none."""
    judge = "composite.more_than_one_source"
    assert says(two_sources(), (0, 18)).claims(judge, call="@call").judged().verdict is PASS
    t = sets(sets(clean(), 16), 10, level=1)
    assert says(t, (0, 10)).claims(judge, call="@call").judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("unit", "phases", "expected"),
    [
        ("W", {"limit": 1840, "limit_L2": 1840, "limit_L3": 1840}, PASS),
        ("W", {"limit": 1840, "limit_L2": 1840, "limit_L3": 2300}, FAIL),
        ("W", {"limit": 5520}, PASS),
        ("W", {"limit": 5520, "limit_L2": 5520, "limit_L3": 5520}, FAIL),
        ("A", {"limit": 8, "limit_L2": 8, "limit_L3": 8}, PASS),
        ("A", {"limit": 8, "limit_L2": 10, "limit_L3": 8}, FAIL),
    ],
)
def test_a_schedule_may_be_told_for_each_phase(unit: str, phases: dict[str, float], expected: Verdict) -> None:
    """W are the sum of all phases unless L2 and L3 have their own; then `limit` is L1's (2.1 Part 2)."""
    t = sets(clean("ocpp2.1"), 8).wait(1)
    t.asks("GetCompositeSchedule", {"duration": 60, "evseId": 1, "chargingRateUnit": unit}).named("call")
    told = {"evseId": 1, "duration": 60, "scheduleStart": utc(t.now_s), "chargingRateUnit": unit}
    periods = [{"startPeriod": 0, "numberPhases": 3, **phases}]
    t.answers({"status": "Accepted", "schedule": {**told, "chargingSchedulePeriod": periods}})
    assert judged(t).verdict is expected


@pytest.mark.parametrize(("shown_v", "expected"), [(228, PASS), (400, INCONCLUSIVE), (115, INCONCLUSIVE)])
def test_a_profile_of_another_voltage_decides_nothing(shown_v: float, expected: Verdict) -> None:
    """The meter shows what ampere and watt are converted by; a profile that is far off is the lab's to mend."""
    t = says(sets(clean(), 20, purpose=MAX).sample("meter", u_l1_v=shown_v), (0, 20))
    assert verdict(t) is expected
