"""The charger's clock against the backend's."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def verdict(t: T) -> Verdict:
    """What the judge finds, where ten seconds are agreed."""
    return t.claims("clock.agrees", "SC-09.10", since=0).judged().verdict


def stamped(ahead_s: float, **more: object) -> T:
    """Five messages whose times are so far ahead."""
    t = T(skew_s=ahead_s).connects(1)
    for number in range(5):
        t.tells("Updated", number, **more).is_answered().wait(1)
    return t


@pytest.mark.parametrize(
    ("ahead_s", "expected"),
    [(0, PASS), (3, PASS), (-3, PASS), (10, INCONCLUSIVE), (30, FAIL), (-30, FAIL), (7200, FAIL), (-1.7e9, FAIL)],
)
def test_a_clock_is_held_against_ours(ahead_s: float, expected: Verdict) -> None:
    """Right, a little off, too near to say, half a minute either way, local time called UTC, 1970."""
    assert verdict(stamped(ahead_s)) is expected


def test_local_time_with_its_zone_is_the_same_moment() -> None:
    """RFC 3339 lets a time be written in any zone."""
    t = T().connects(1)
    for number in range(5):
        t.tells("Updated", number, timestamp=t.stamp().replace("Z", "+00:00")).is_answered().wait(1)
    assert verdict(t) is PASS


def test_what_an_outage_kept_says_nothing_of_the_clock() -> None:
    """Events marked offline alone: nobody can tell."""
    assert verdict(stamped(-600, offline=True)) is INCONCLUSIVE


def told_another_time(behind_s: float, skew_s: float) -> Verdict:
    """What the judge finds of five messages so far ahead, after a heartbeat that was told a time so far behind."""
    t = T(skew_s=skew_s).connects(1)
    t.says("Heartbeat").is_answered({"currentTime": t.stamp(t.now_s - behind_s - skew_s)}).wait(1)
    for number in range(5):
        t.tells("Updated", number).is_answered().wait(1)
    return t.claims("clock.follows", "SC-09.10", since=0).judged().verdict


@pytest.mark.parametrize(
    ("behind_s", "skew_s", "expected"),
    [(120, -120, PASS), (120, -117, PASS), (120, 0, FAIL), (120, -60, FAIL), (0, 0, INCONCLUSIVE)],
)
def test_a_clock_follows_what_heartbeats_are_told(behind_s: float, skew_s: float, expected: Verdict) -> None:
    """Told another time: it goes along, or stays, or goes half the way; told the same, nobody can tell."""
    assert told_another_time(behind_s, skew_s) is expected


def changed(*stamps_s: float, by_event: bool = False) -> Verdict:
    """A car comes at 100 s, which is told two seconds later, with these times."""
    t = T(version="ocpp2.1" if by_event else "ocpp2.0.1").connects(1).at(100).event("step", "harness").named("comes")
    t.at(102)
    for at_s in stamps_s:
        if by_event:
            component = {"name": "Connector", "evse": {"id": 1, "connectorId": 1}}
            data = {"timestamp": t.stamp(at_s), "actualValue": "Occupied", "component": component}
            t.says("NotifyEvent", {"eventData": [{**data, "variable": {"name": "AvailabilityState"}}]})
        else:
            payload = {"timestamp": t.stamp(at_s), "connectorStatus": "Occupied", "evseId": 1, "connectorId": 1}
            t.says("StatusNotification", payload)
        t.is_answered()
    t.claims("clock.of_the_change", "SC-09.10", since=t["comes"], state="Occupied", evse_id=1)
    return t.judged().verdict


@pytest.mark.parametrize("by_event", [False, True])
@pytest.mark.parametrize(
    ("stamps_s", "expected"),
    [
        ((101,), PASS),
        ((95,), PASS),
        ((90,), INCONCLUSIVE),
        ((5,), FAIL),
        ((3000,), FAIL),
        ((5, 101), PASS),
        ((), INCONCLUSIVE),
    ],
)
def test_a_state_bears_the_time_of_its_change(stamps_s: tuple[float, ...], expected: Verdict, by_event: bool) -> None:
    """In between, a little before, too near to say, the boot's, the future's, an old one told again first, nothing."""
    assert changed(*stamps_s, by_event=by_event) is expected


def test_what_waited_unmarked_says_nothing_of_the_clock() -> None:
    """Security events of an outage bear no `offline`: they came ten minutes late, and the clock is right."""
    t = T().connects(1)
    t.tells("Updated", 1).is_answered().wait(600).closes(1).connects(2)
    for number in range(8):
        happened = {"type": "SettingSystemTime", "timestamp": t.stamp(t.now_s - 500 + number)}
        t.says("SecurityEventNotification", happened).is_answered().wait(0.1)
    assert verdict(t.tells("Updated", 2).is_answered()) is PASS


@pytest.mark.parametrize(("back_s", "expected"), [(0, PASS), (600, FAIL)])
def test_a_clock_that_was_set_back_is_seen(back_s: float, expected: Verdict) -> None:
    """The connection's first messages bear the right time, and later ones another: that is its clock's doing."""
    t = T().connects(1).tells("Updated", 1).is_answered().wait(700)
    for number in range(2, 8):
        t.tells("Updated", number, timestamp=t.stamp(t.now_s - back_s)).is_answered().wait(1)
    assert verdict(t) is expected
