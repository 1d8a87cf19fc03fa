"""The composite schedule against tables worked out by hand, and properties that hold for any profiles."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.emulator.ocpp._times import text_of
from harness.emulator.ocpp.smart_charging._composite import Hardware, Situation, composite, flow_at, period_at
from harness.emulator.ocpp.smart_charging._profiles import Profile, parse

T0 = 1_800_000_000.0  # a whole hour: 2027-01-15T08:00:00Z
HARDWARE = Hardware(max_a=32.0, charge_w=22080.0, discharge_w=11040.0)
RUNNING = Situation(ready_at=T0, transaction_id="tx")


def profile(
    number: int,
    purpose: str,
    periods: list[tuple[float, float]] | list[dict[str, Any]],
    *,
    kind: str = "Absolute",
    unit: str = "A",
    stack: int = 0,
    duration: int | None = None,
    start: float = T0,
    **more: Any,
) -> Profile:
    """A profile from (startPeriod, limit) pairs or whole periods."""
    rows = [{"startPeriod": p[0], "limit": p[1]} if isinstance(p, tuple) else p for p in periods]
    schedule: dict[str, Any] = {"id": 1, "chargingRateUnit": unit, "chargingSchedulePeriod": rows}
    if kind in ("Absolute", "Recurring"):
        schedule["startSchedule"] = text_of(start)
    if duration is not None:
        schedule["duration"] = duration
    for key in ("limitAtSoC",):
        if key in more:
            schedule[key] = more.pop(key)
    raw = {
        "id": number,
        "stackLevel": stack,
        "chargingProfilePurpose": purpose,
        "chargingProfileKind": kind,
        "chargingSchedule": [schedule],
        **({"transactionId": "tx"} if purpose == "TxProfile" else {}),
        **more,
    }
    return parse(raw, 0 if purpose == "ChargingStationMaxProfile" else 1, now=T0)


def amps(
    profiles: list[Profile], duration: float = 3600, situation: Situation = RUNNING, start: float = T0
) -> list[Any]:
    """(start, amperes per phase) of the composite schedule."""
    return [
        (s.start_s, round(s.flow.per_phase_a, 6)) for s in composite(profiles, start, duration, situation, HARDWARE)
    ]


def test_without_profiles_the_hardware_limits() -> None:
    """No profile: the rating, charging only, no setpoint."""
    (step,) = composite([], T0, 3600, RUNNING, HARDWARE)
    assert (step.flow.charge_w, step.flow.discharge_w, step.flow.setpoint_w) == (22080.0, 0.0, None)


def test_lowest_across_purposes_but_tx_overrules_default() -> None:
    """Maximum 20 A, default 8 A, transaction 16 A from minute 10 to 40; the external 10 A caps from minute 30 on."""
    profiles = [
        profile(1, "ChargingStationMaxProfile", [(0, 20)]),
        profile(2, "TxDefaultProfile", [(0, 8)]),
        profile(3, "TxProfile", [(0, 16)], start=T0 + 600, duration=1800),
        profile(4, "ChargingStationExternalConstraints", [(0, 10)], start=T0 + 1800),
    ]
    assert amps(profiles) == [(0, 8), (600, 16), (1800, 10), (2400, 8)]


def test_tx_profile_of_another_transaction_does_not_count() -> None:
    """A TxProfile holds for its transaction only."""
    profiles = [profile(1, "TxProfile", [(0, 6)]), profile(2, "TxDefaultProfile", [(0, 13)])]
    other = Situation(ready_at=T0, transaction_id="another")
    assert amps(profiles, situation=other) == [(0, 13)]


def test_stack_level_decides_within_a_purpose_not_the_lower_limit() -> None:
    """The higher stack level wins while it has a period, even when it allows more."""
    profiles = [
        profile(1, "TxDefaultProfile", [(0, 6)]),
        profile(2, "TxDefaultProfile", [(0, 24), (900, 12)], stack=3, duration=1800),
    ]
    assert amps(profiles) == [(0, 24), (900, 12), (1800, 6)]


def test_recurring_daily_repeats_and_leaves_gaps() -> None:
    """Daily 08:00-09:00 at 10 A, seen from 07:30 on the next day: free, 10 A, free."""
    profiles = [profile(1, "TxDefaultProfile", [(0, 10)], kind="Recurring", recurrencyKind="Daily", duration=3600)]
    start = T0 + 86400 - 1800
    assert amps(profiles, 3 * 3600, start=start) == [(0, 32), (1800, 10), (5400, 32)]


def test_recurring_does_not_begin_before_its_start() -> None:
    """startSchedule in the future holds the schedule back (K01.FR.30)."""
    profiles = [profile(1, "TxDefaultProfile", [(0, 10)], kind="Recurring", recurrencyKind="Weekly", start=T0 + 600)]
    assert amps(profiles) == [(0, 32), (600, 10)]


def test_relative_counts_from_the_power_path() -> None:
    """A relative schedule began when the power path closed, 300 s ago."""
    profiles = [profile(1, "TxDefaultProfile", [(0, 10), (600, 20)], kind="Relative")]
    running = Situation(ready_at=T0 - 300, transaction_id="tx")
    assert amps(profiles, situation=running) == [(0, 10), (300, 20)]


def test_validity_opens_and_closes() -> None:
    """validFrom is inside, validTo outside the validity (K01.FR.36, .37)."""
    profiles = [profile(1, "TxDefaultProfile", [(0, 10)], validFrom=text_of(T0 + 60), validTo=text_of(T0 + 120))]
    assert amps(profiles) == [(0, 32), (60, 10), (120, 32)]


def test_watts_and_amperes_meet() -> None:
    """6.9 kW on three phases is 10 A; 16 A single-phase is 3680 W and caps a 5 kW limit."""
    watts = profile(1, "TxDefaultProfile", [(0, 6900)], unit="W")
    assert amps([watts]) == [(0, 10)]
    single = profile(2, "ChargingStationMaxProfile", [{"startPeriod": 0, "limit": 16, "numberPhases": 1}])
    flow = flow_at([profile(3, "TxDefaultProfile", [(0, 5000)], unit="W"), single], T0, RUNNING, HARDWARE)
    assert (flow.charge_w, flow.per_phase_a, flow.phases) == (3680.0, 16.0, 1)


def test_local_generation_comes_on_top() -> None:
    """10 A allowed plus 6 A generated are 16 A, never more than the hardware's 32 A."""
    profiles = [profile(1, "TxProfile", [(0, 10)]), profile(2, "LocalGeneration", [(0, 6), (60, 30)])]
    assert amps(profiles) == [(0, 16), (60, 32)]


def test_priority_charging_overrules_when_activated() -> None:
    """PriorityCharging takes the place of TxProfile only once activated; the station's maximum still caps it."""
    profiles = [
        profile(1, "TxProfile", [(0, 6)]),
        profile(2, "PriorityCharging", [(0, 32)], kind="Relative"),
        profile(3, "ChargingStationMaxProfile", [(0, 25)]),
    ]
    assert amps(profiles) == [(0, 6)]
    assert amps(profiles, situation=Situation(ready_at=T0, transaction_id="tx", priority=True)) == [(0, 25)]


@pytest.mark.parametrize(
    ("setpoint", "outer", "expected"),
    [(-5000, None, -5000), (5000, 3000, 3000), (-20000, None, -11040), (2000, 3000, 2000)],
)
def test_central_setpoint_is_capped(setpoint: float, outer: float | None, expected: float) -> None:
    """A setpoint is followed as far as limits and hardware allow (V2X.03, V2X.04)."""
    row = {"startPeriod": 0, "operationMode": "CentralSetpoint", "setpoint": setpoint}
    profiles = [profile(1, "TxProfile", [row], kind="Dynamic", unit="W")]
    if outer is not None:
        profiles.append(profile(2, "ChargingStationMaxProfile", [(0, outer)], unit="W"))
    flow = flow_at(profiles, T0, RUNNING, HARDWARE)
    assert flow.setpoint_w == expected and flow.mode == "CentralSetpoint"


def test_charging_only_never_discharges() -> None:
    """Without an operation mode nothing may flow to the grid."""
    assert flow_at([profile(1, "TxProfile", [(0, 10)])], T0, RUNNING, HARDWARE).discharge_w == 0


def test_idle_stops_both_ways() -> None:
    """Idle allows nothing."""
    flow = flow_at([profile(1, "TxProfile", [{"startPeriod": 0, "operationMode": "Idle"}])], T0, RUNNING, HARDWARE)
    assert (flow.charge_w, flow.discharge_w, flow.setpoint_w) == (0.0, 0.0, 0.0)


def test_local_frequency_follows_the_curve() -> None:
    """Baseline 1 kW plus the interpolated curve: half way between 49.8 and 50.0 Hz."""
    row = {
        "startPeriod": 0,
        "operationMode": "LocalFrequency",
        "v2xBaseline": 1000,
        "v2xFreqWattCurve": [{"frequency": 49.8, "power": -8000}, {"frequency": 50.0, "power": 0}],
    }
    situation = Situation(ready_at=T0, transaction_id="tx", freq_hz=49.9)
    assert flow_at([profile(1, "TxProfile", [row], unit="W")], T0, situation, HARDWARE).setpoint_w == pytest.approx(
        -3000
    )


def test_dynamic_profile_ends_when_no_update_comes() -> None:
    """K28.FR.13: duration counts from the last update; then the default profile holds again."""
    profiles = [
        profile(1, "TxProfile", [(0, 16)], kind="Dynamic", duration=60),
        profile(2, "TxDefaultProfile", [(0, 6)]),
    ]
    assert amps(profiles) == [(0, 16), (60, 6)]


def test_offline_too_long_makes_a_profile_invalid() -> None:
    """K01.FR.101: beyond maxOfflineDuration the next lower one takes over."""
    one = profile(1, "TxDefaultProfile", [(0, 20)], stack=1, maxOfflineDuration=10)
    two = profile(2, "TxDefaultProfile", [(0, 8)])
    assert amps([one, two], situation=Situation(ready_at=T0, offline_s=5)) == [(0, 20)]
    assert amps([one, two], situation=Situation(ready_at=T0, offline_s=11)) == [(0, 8)]


def test_limit_beyond_a_state_of_charge() -> None:
    """K01.FR.100: from 80 % on the lower limit holds; an unknown SoC changes nothing."""
    one = profile(1, "TxDefaultProfile", [(0, 20)], limitAtSoC={"soc": 80, "limit": 6})
    assert [amps([one], situation=Situation(ready_at=T0, soc_pct=s)) for s in (79.0, 80.0, None)] == [
        [(0, 20)],
        [(0, 6)],
        [(0, 20)],
    ]


PURPOSES = ("ChargingStationMaxProfile", "ChargingStationExternalConstraints", "TxDefaultProfile", "TxProfile")


@st.composite
def any_profile(draw: st.DrawFn, number: int) -> Profile:
    """An Absolute, Relative or Recurring profile of a few periods around T0."""
    starts = sorted(draw(st.sets(st.integers(1, 3000), max_size=3)))
    unit = draw(st.sampled_from(["A", "W"]))
    limits = st.integers(0, 40) if unit == "A" else st.integers(0, 25000)
    rows = [
        {"startPeriod": s, "limit": draw(limits), "numberPhases": draw(st.sampled_from([1, 3]))} for s in [0, *starts]
    ]
    kind = draw(st.sampled_from(["Absolute", "Relative", "Recurring"]))
    more = {"recurrencyKind": "Daily"} if kind == "Recurring" else {}
    return profile(
        number,
        draw(st.sampled_from(PURPOSES)),
        rows,
        kind=kind,
        unit=unit,
        stack=draw(st.integers(0, 3)),
        duration=draw(st.one_of(st.none(), st.integers(1, 4000))),
        start=T0 + draw(st.integers(-4000, 4000)),
        **more,
    )


@st.composite
def some_profiles(draw: st.DrawFn) -> list[Profile]:
    """Up to five profiles."""
    return [draw(any_profile(n)) for n in range(draw(st.integers(0, 5)))]


@settings(max_examples=60, deadline=None)
@given(some_profiles(), st.integers(0, 3599))
def test_never_above_what_any_counting_purpose_allows(profiles: list[Profile], at: int) -> None:
    """At every second the flow is within the hardware and within each leading limit that counts then."""
    t = T0 + at
    flow = flow_at(profiles, t, RUNNING, HARDWARE)
    assert 0 <= flow.charge_w <= HARDWARE.charge_w and flow.per_phase_a <= HARDWARE.max_a + 1e-9
    has_tx = any(p.purpose == "TxProfile" and period_at(p, t, RUNNING) for p in profiles)
    for purpose in PURPOSES:
        if purpose == "TxDefaultProfile" and has_tx:
            continue
        valid = [f for p in profiles if p.purpose == purpose and (f := period_at(p, t, RUNNING))]
        top = [f for f in valid if f[0].stack_level == max(v[0].stack_level for v in valid)]
        # with equal stack levels (which no station accepts) either may lead
        bounds = [
            f[2].limit * (230.0 * flow.phases if f[1].unit == "A" else 1.0) for f in top if f[2].limit is not None
        ]
        assert not bounds or flow.charge_w <= max(bounds) + 1e-6


@settings(max_examples=60, deadline=None)
@given(some_profiles(), st.integers(0, 3599))
def test_schedule_and_instant_agree(profiles: list[Profile], at: int) -> None:
    """The step of the schedule that covers an instant says the same as the calculation for that instant."""
    steps = composite(profiles, T0, 3600, RUNNING, HARDWARE)
    covering = [s for s in steps if s.start_s <= at][-1]
    assert covering.flow == flow_at(profiles, T0 + at, RUNNING, HARDWARE)
    assert all(a.flow != b.flow for a, b in itertools.pairwise(steps))
