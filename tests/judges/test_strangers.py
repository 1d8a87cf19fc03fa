"""What chargers of other makers do within the standard, and what they do against it: both must be told apart."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import LIMITS, T

_STATION = {"chargingStation": {"vendorName": "Maker", "model": "Box"}}


def _reset() -> T:
    return T().connects(1).asks("Reset", {"type": "Immediate"}).named("begin").wait(0.1)


def _boots(trace: T, reason: str = "RemoteReset", **more: Any) -> T:
    return trace.says("BootNotification", {"reason": reason, **_STATION, **more})


def _boot_claim(trace: T) -> Any:
    return trace.claims("core_ocpp.boots_in_order", "SC-09.1", since="@begin", reasons=["RemoteReset"]).judged()


def test_a_charger_may_say_goodbye_before_it_reboots() -> None:
    """Between the reset and the restart the old connection may carry anything (B11.FR.03, B12)."""
    trace = _reset().answers("Accepted").says("StatusNotification", {"evseId": 1}).is_answered().closes()
    _boots(trace.wait(5).connects(2)).wait(1).is_answered({"status": "Accepted"}).says("StatusNotification", {})
    assert _boot_claim(trace).verdict is Verdict.PASS


def test_a_boot_without_a_new_connection_is_no_reboot() -> None:
    """A charger that announces itself on the connection it had never restarted (B01.FR.03)."""
    found = _boot_claim(_boots(_reset().answers("Accepted").wait(3)).is_answered({"status": "Accepted"}))
    assert found.verdict is Verdict.FAIL
    assert "without connecting again" in found.seen


def test_a_boot_that_crossed_the_reset_began_its_connection() -> None:
    """Just connected again, it had not announced itself yet: with its boot after the reset's is judged the reboot."""
    trace = _boots(_reset().answers("Accepted"), reason="PowerUp").is_answered({"status": "Accepted"}).closes()
    _boots(trace.wait(3).connects(2)).is_answered({"status": "Accepted"})
    assert _boot_claim(trace).verdict is Verdict.PASS


def test_a_second_boot_over_one_connection_crossed_nothing() -> None:
    """It had begun that connection before; the one after the reset came without connecting again (B01.FR.03)."""
    trace = _boots(T().connects(1), reason="PowerUp").is_answered({"status": "Accepted"})
    trace = trace.asks("Reset", {"type": "Immediate"}).named("begin").wait(0.1).answers("Accepted")
    trace = _boots(trace).is_answered({"status": "Accepted"}).closes().wait(3).connects(2)
    found = _boot_claim(_boots(trace).is_answered({"status": "Accepted"}))
    assert found.verdict is Verdict.FAIL
    assert "without connecting again" in found.seen


def test_who_does_not_wait_to_be_accepted_fails() -> None:
    """Whatever comes between the BootNotification and its answer breaks B01.FR.08."""
    trace = _reset().answers("Accepted").closes()
    _boots(trace.wait(3).connects(2)).named("boot").wait(0.2).says("StatusNotification", {"evseId": 1})
    found = _boot_claim(trace.wait(0.8).is_answered({"status": "Accepted"}, to=trace["boot"]))
    assert found.verdict is Verdict.FAIL
    assert "StatusNotification before its BootNotification was answered" in found.seen


def test_a_boot_lost_with_its_connection_is_no_haste() -> None:
    """The first boot's answer never arrived; the second one's did, and only then came the status."""
    trace = _boots(_reset().answers("Accepted").closes().connects(2)).closes().wait(2).connects(3)
    _boots(trace).is_answered({"status": "Accepted"}).wait(0.1).says("StatusNotification", {"evseId": 1})
    assert _boot_claim(trace).verdict is Verdict.PASS


def test_a_remote_reset_is_not_a_power_up() -> None:
    """The reason must be that of the reset that was asked for (B01.FR.09)."""
    trace = _boots(_reset().answers("Accepted").closes().connects(2), reason="PowerUp")
    found = _boot_claim(trace.is_answered({"status": "Accepted"}))
    assert found.verdict is Verdict.FAIL
    assert "PowerUp" in found.seen


def _frames(trace: T) -> Any:
    return trace.claims("core_ocpp.every_frame_valid", "SC-09.9").judged()


def test_a_retry_may_keep_its_message_id() -> None:
    """A CALL sent again with its id is no fault (2.1 Part 4, 4.1.4; erratum 4.6 to 2.0.1)."""
    trace = T().connects().says("Heartbeat", id="a").wait(30).says("Heartbeat", id="a", remark="duplicate")
    assert _frames(trace).verdict is Verdict.PASS


@pytest.mark.parametrize("remark", ["duplicate", "unsolicited"])
def test_an_answer_that_nobody_asked_for_is_a_fault(remark: str) -> None:
    """A second answer, or one to no question, stays invalid."""
    trace = T().connects().asks("GetVariables").answers({}, remark=remark)
    assert _frames(trace).verdict is Verdict.FAIL


def _session(trace: T) -> Any:
    trace.claims("core_ocpp.transaction_in_sequence", "SC-09.3")
    return trace.judged()


def test_a_transaction_event_may_be_sent_again() -> None:
    """The same event with the same number and time is a retry (E13.FR.02), under its old id or a new one."""
    trace = T().connects().tells("Started", 7, at_s=1).tells("Updated", 8, at_s=2).tells("Updated", 8, at_s=2)
    assert _session(trace.tells("Ended", 9, at_s=3)).verdict is Verdict.PASS


def test_a_number_used_for_two_events_is_a_fault() -> None:
    """Two different events with one number stay a fault (sequence number generation)."""
    trace = T().connects().tells("Started", 0, at_s=1).tells("Updated", 1, at_s=2).tells("Updated", 1, at_s=4)
    assert _session(trace.tells("Ended", 2, at_s=5)).verdict is Verdict.FAIL


def test_numbers_may_start_anywhere() -> None:
    """A counter that runs on from session to session is allowed."""
    trace = T().connects().tells("Started", 41).tells("Ended", 42)
    assert _session(trace).verdict is Verdict.PASS


def test_numbers_that_never_move_are_a_fault() -> None:
    """A charger that numbers every event 0 leaves the backend unable to see a gap."""
    trace = T().connects().tells("Started", 0, at_s=1).tells("Updated", 0, at_s=2).tells("Ended", 0, at_s=3)
    assert _session(trace).verdict is Verdict.FAIL


def _offline(ended: dict[str, Any], *, retried: bool = False) -> Any:
    trace = T().connects(1).tells("Started", 0).at(9).tells("Updated", 1).at(10)
    trace.acts("csms.network", "cut:reset").named("cut").closes(by="harness").at(20)
    trace.acts("csms.network", "restore").named("back").connects(2)
    if retried:
        trace.tells("Updated", 1, at_s=9)
    trace.tells("Ended", 2, at_s=15, **ended)
    return trace.claims("connectivity.offline_events_delivered", "SC-05.2", cut="@cut", restored="@back").judged()


def test_an_event_whose_answer_was_lost_may_come_again() -> None:
    """What was under way when the network went is sent again afterwards, and is no repeated number."""
    assert _offline({"offline": True}, retried=True).verdict is Verdict.PASS


def test_what_happened_offline_says_so() -> None:
    """An event of the offline time without the offline flag breaks E04.FR.03 and E12.FR.02."""
    found = _offline({})
    assert found.verdict is Verdict.FAIL
    assert "does not say that it happened offline" in found.seen


def _report(*names: str) -> Any:
    data = [{"component": {"name": n.split(".")[0]}, "variable": {"name": n.split(".")[1]}} for n in names]
    trace = T().connects().asks("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"}).named("get")
    trace.answers("Accepted").says("NotifyReport", {"requestId": 1, "seqNo": 0, "reportData": data})
    return trace.claims("core_ocpp.full_report", "SC-09.4", call="@get", holds=["OCPPCommCtrlr.OfflineThreshold"])


def test_a_setting_that_waits_for_a_reboot_decides_nothing() -> None:
    """RebootRequired and the old value read back: nobody can tell before the reboot."""
    what = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}
    trace = T().connects().asks("SetVariables", {"setVariableData": [{**what, "attributeValue": "240"}]}).named("set")
    trace.answers({"setVariableResult": [{**what, "attributeStatus": "RebootRequired"}]})
    trace.asks("GetVariables", {"getVariableData": [what]}).named("get")
    trace.answers({"getVariableResult": [{**what, "attributeStatus": "Accepted", "attributeValue": "300"}]})
    found = trace.claims("core_ocpp.variable_set_and_read_back", "SC-09.4", set="@set", get="@get").judged()
    assert found.verdict is Verdict.INCONCLUSIVE


def test_a_report_is_complete_without_optional_variables() -> None:
    """HeartbeatInterval is optional in both versions, so a report without it is complete."""
    assert _report("OCPPCommCtrlr.OfflineThreshold").judged().verdict is Verdict.PASS


def test_a_report_without_a_required_variable_is_not() -> None:
    """OfflineThreshold is required."""
    assert _report("OCPPCommCtrlr.HeartbeatInterval").judged().verdict is Verdict.FAIL


def _composite(says_a: float, *, duration: int = 60, rated_a: float | None = None) -> Any:
    trace = T().connects().limits_to(20.0, purpose="ChargingStationMaxProfile", evse=0).wait(1)
    trace.asks("GetCompositeSchedule", {"duration": 60, "evseId": 1, "chargingRateUnit": "A"}).named("ask")
    schedule = {
        "evseId": 1,
        "duration": duration,
        "scheduleStart": trace.stamp(),
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": says_a}],
    }
    trace.answers({"status": "Accepted", "schedule": schedule})
    more = {} if rated_a is None else {"rated_a": rated_a}
    return trace.claims("composite.equals_own_calculation", "SC-09.5", call="@ask", **more).judged(LIMITS)


def test_a_small_charger_may_show_its_own_limit() -> None:
    """A 16 A charger under a 20 A profile may say 16 A or 20 A (K08.FR.04 asks for at most 20 A)."""
    assert _composite(16.0, rated_a=16.0).verdict is Verdict.PASS
    assert _composite(20.0, rated_a=16.0).verdict is Verdict.PASS


def test_without_a_profile_a_charger_may_show_its_own_limit() -> None:
    """After the last profile has ended, its own maximum is what it will follow; another number nobody can explain."""
    for says_a, verdict in ((32.0, Verdict.PASS), (25.0, Verdict.INCONCLUSIVE)):
        trace = T().connects().limits_to(20.0, purpose="ChargingStationMaxProfile", evse=0, duration=30).wait(1)
        trace.asks("GetCompositeSchedule", {"duration": 60, "evseId": 1, "chargingRateUnit": "A"}).named("ask")
        periods = [{"startPeriod": 0, "limit": 20.0}, {"startPeriod": 29, "limit": says_a}]
        schedule = {"duration": 60, "scheduleStart": trace.stamp(), "chargingRateUnit": "A", "evseId": 1}
        trace.answers({"status": "Accepted", "schedule": {**schedule, "chargingSchedulePeriod": periods}})
        trace.claims("composite.equals_own_calculation", "SC-09.5", call="@ask", rated_a=32.0)
        assert trace.judged().verdict is verdict


def test_a_limit_that_nothing_explains_does_not_pass() -> None:
    """24 A are more than the profile allows. 12 A are less, as K08.FR.04 permits: why, nobody knows."""
    assert _composite(24.0, rated_a=32.0).verdict is Verdict.FAIL
    assert _composite(12.0, rated_a=16.0).verdict is Verdict.INCONCLUSIVE
    assert _composite(12.0).verdict is Verdict.INCONCLUSIVE


def test_a_schedule_must_cover_what_was_asked_for() -> None:
    """One second of schedule answers no question about a minute (K08.FR.02)."""
    assert _composite(20.0, duration=1).verdict is Verdict.FAIL
    assert _composite(20.0, duration=60).verdict is Verdict.PASS


def _malformed(modes: str | None, answer: str) -> Any:
    trace = T(version="ocpp2.1").connects()
    if modes is not None:
        what = {"component": {"name": "DCDERCtrlr"}, "variable": {"name": "ModesSupported"}}
        result = {**what, "attributeStatus": "Accepted", "attributeValue": modes}
        trace.asks("GetVariables").answers({"getVariableResult": [result]})
    trace.asks("SetDERControl", {"controlType": "FreqDroop", "limitMaxDischarge": {"priority": 5}}).named("set")
    return trace.answers(answer).claims("der.refuses_malformed", "BI-20.5", call="@set").judged()


@pytest.mark.parametrize(
    ("modes", "answer", "verdict"),
    [
        ("FreqDroop, FixedVar", "Rejected", Verdict.PASS),
        ("FreqDroop, FixedVar", "NotSupported", Verdict.FAIL),
        ("FreqDroop, FixedVar", "Accepted", Verdict.FAIL),
        ("VoltVar", "NotSupported", Verdict.PASS),
        (None, "NotSupported", Verdict.INCONCLUSIVE),
        (None, "Accepted", Verdict.FAIL),
    ],
)
def test_a_control_type_it_does_not_know_may_be_not_supported(modes: str | None, answer: str, verdict: Verdict) -> None:
    """R04.FR.01 asks for NotSupported there; malformed settings show only with a type that it does know."""
    assert _malformed(modes, answer).verdict is verdict
