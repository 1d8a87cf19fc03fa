"""What logs of others showed: a fault at the very start of a log, and duties that a later message settles early."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.judge.rules import CSMS
from tests.rules._stream import BOOT, Stream, stamp
from tests.rules.test_ocpp_rules import RESET, asks, late, of_all, running, schedule, whole

FIRST = ("OCPP-B01.R002", "OCPP-P4.R006")


def hasty(s: Stream, waits: bool = False) -> Stream:
    """The log's first messages: a boot, its answer, and a state that came before or after that."""
    told = {"status": "Accepted", "interval": 300, "currentTime": stamp(0)}
    state = {"timestamp": stamp(0), "connectorStatus": "Available", "evseId": 1, "connectorId": 1}
    s.sends("BootNotification", BOOT, open=True, id="boot").after(0.1)
    if not waits:
        s.sends("StatusNotification", state, open=True, id="state").after(0.1)
    s.raw(json.dumps([3, "boot", told]), CSMS)
    if waits:
        s.sends("StatusNotification", state, open=True, id="state").after(0.1)
    return s.raw(json.dumps([3, "state", {}]), CSMS).after(1).sends("Heartbeat", {})


@pytest.mark.parametrize("rule", FIRST)
def test_a_fault_before_the_logs_first_answer_is_seen(rule: str) -> None:
    """That the log tells answers at all shows a moment later; with the answer awaited, nothing is wrong."""
    assert hasty(Stream().opened()).of(rule).violated == 1
    assert not hasty(Stream().opened(), waits=True).of(rule).violated


@pytest.mark.parametrize("rule", FIRST)
def test_a_log_without_answers_proves_no_haste(rule: str) -> None:
    """A backend that wrote down only what it received may have answered in time."""
    s = Stream().opened().sends("BootNotification", BOOT, open=True).after(0.1)
    for _ in range(3):
        s.state_alone().after(1)
    assert not s.after(900).state_alone().of(rule).violated


@pytest.mark.parametrize("rule", FIRST)
def test_haste_is_not_proven_over_another_connection(rule: str) -> None:
    """Where the line was lost before the answer, the log may have begun to tell answers only then."""
    s = Stream().opened().sends("BootNotification", BOOT, open=True).after(0.1).state_alone()
    assert not s.opened().boots().after(1).state("Available").of(rule).violated


def on(s: Stream, number: int, **more: Any) -> Stream:
    """The transaction goes on, told at once."""
    return s.after(9).event("Updated", number, more.pop("trigger", "MeterValuePeriodic"), **more)


def test_a_transaction_that_goes_on_after_an_immediate_reset_was_not_ended() -> None:
    """Seen as soon as it tells of itself again, some seconds after the boot, as something that happens now."""
    reset = asks(running(Stream()), "Reset", **RESET).after(9).opened().boots(reason="RemoteReset")
    assert on(reset, 1).of("OCPP-B12.R004").violated == 1


def test_a_transaction_may_be_resumed_or_told_late() -> None:
    """TxResumed (2.1) says that it goes on; what was queued, or is marked as offline, is of the time before."""
    for told in ({"trigger": "TxResumed"}, {"offline": True}, {"timestamp": stamp(1)}):
        reset = asks(running(Stream()), "Reset", **RESET).after(9).opened().boots(reason="RemoteReset")
        assert not on(reset, 1, **told).of("OCPP-B12.R004").violated, told


def test_a_limit_that_was_cleared_no_longer_bounds_the_composite_schedule() -> None:
    """By its id, or by criteria; which profiles those name, the station alone knows."""
    for asked in ({"chargingProfileId": 5}, {"chargingProfileCriteria": {"stackLevel": 0}}):
        cleared = asks(of_all(Stream(), 8), "ClearChargingProfile", **asked)
        assert not schedule(cleared, 0).of("OCPP-K08.R004").violated
    kept = asks(of_all(Stream(), 8), "ClearChargingProfile", {"status": "Unknown"}, chargingProfileId=5)
    assert schedule(kept, 0).of("OCPP-K08.R004").violated == 1


def test_a_change_of_state_may_be_told_along_before_it_has_its_event() -> None:
    """A periodic value that already names the new state is no fault where ChargingStateChanged follows."""
    s = running(Stream()).event("Updated", 1, "MeterValuePeriodic", state="SuspendedEV")
    s.event("Updated", 2, "ChargingStateChanged", state="SuspendedEV")
    found = s.event("Ended", 3, "RemoteStop", reason="Remote").of("OCPP-E02.R017")
    assert found.exercised > 0 and not found.violated


def test_of_several_limits_of_the_station_the_highest_stack_level_bounds() -> None:
    """A lower one of a lower level does not count, and what was set before the log began may be of any level."""
    limits = of_all(of_all(Stream(), 8), 10)
    assert schedule(limits, 0).of("OCPP-K08.R004").violated == 0
    lower = of_all(of_all(Stream(), 10), 8, id=6, stackLevel=1)
    assert schedule(lower, 0).of("OCPP-K08.R004").violated == 1
    unknown = Stream()
    asks(unknown, "SetChargingProfile", evseId=0, chargingProfile=whole(unknown, 8))
    assert schedule(unknown, 0).of("OCPP-K08.R004").exercised == 0


def test_nobody_measures_at_the_end_of_a_power_failure() -> None:
    """What is told of a session that lost its power are the last values there were; any other end has its own."""
    for reason, violated in (("PowerLoss", 0), ("Remote", 1)):
        last = {"timestamp": stamp(0), "sampledValue": [{"value": 9, "context": "Sample.Periodic"}]}
        ended = running(Stream()).event("Ended", 1, reason=reason, meterValue=[last])
        assert ended.of("OCPP-J02.R024").violated == violated, reason


@pytest.mark.parametrize(("trigger", "violated"), [("Trigger", 0), ("MeterValuePeriodic", 1)])
def test_an_event_of_another_cause_is_not_the_one_that_was_triggered(trigger: str, violated: int) -> None:
    """Accepted, and then only what the session tells anyway: the promise stays open."""
    promised = asks(running(Stream()), "TriggerMessage", requestedMessage="TransactionEvent")
    told = late(promised.event("Updated", 1, trigger))
    assert told.of("OCPP-F06.R010").violated == violated
