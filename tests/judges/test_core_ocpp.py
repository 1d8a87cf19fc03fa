"""OCPP Core on the wire: boot, status, transactions, variables, reports, frames."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.judge import Verdict
from harness.trace import exchanges
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def boots(t: T, reason: str = "RemoteReset", station: dict[str, Any] | None = None, **more: Any) -> T:
    """A BootNotification."""
    facts = {"vendorName": "V", "model": "M"} if station is None else station
    return t.says("BootNotification", {"reason": reason, "chargingStation": facts}, **more)


def reset() -> T:
    """A connected charger is reset; it says goodbye on the old connection and comes back on a new one."""
    t = T().connects(1).says("Heartbeat").is_answered().wait(1).event("step.started", "harness").named("reset")
    t.asks("Reset", {"type": "Immediate"}).answers().tells("Ended", 3).is_answered().closes(1)
    return t.wait(5).connects(2)


def in_order(t: T, **params: Any) -> Verdict:
    """The verdict on SC-09.1."""
    return t.claims("core_ocpp.boots_in_order", "SC-09.1", since="@reset", **params).judged().verdict


def test_a_boot_before_everything_else_passes() -> None:
    """What it said on the old connection is its own affair."""
    t = boots(reset()).is_answered().says("StatusNotification").is_answered()
    assert in_order(t, reasons=["RemoteReset"]) is PASS


@pytest.mark.parametrize(("before_the_answer", "verdict"), [(True, PASS), (False, FAIL)])
def test_a_boot_on_the_old_connection_counts_from_the_reset_s_answer_on(
    before_the_answer: bool, verdict: Verdict
) -> None:
    """One that crossed the Reset began the connection; one after the answer, without connecting again, is none."""
    t = T().connects(1).says("Heartbeat").is_answered().wait(1).event("step.started", "harness").named("reset")
    t.asks("Reset", {"type": "Immediate"})
    asked = t.events[-1].seq
    if before_the_answer:
        boots(t, "Unknown").answers(to=asked).closes(1).wait(5).connects(2)
        t = boots(t).is_answered()
    else:
        t = boots(t.answers(to=asked)).is_answered()
    assert in_order(t, reasons=["RemoteReset"]) is verdict


def test_another_reason_fails_where_one_is_asked_for() -> None:
    """PowerUp after a remote reset."""
    assert in_order(boots(reset(), "PowerUp").is_answered(), reasons=["RemoteReset"]) is FAIL


def test_a_word_before_the_boot_fails() -> None:
    """StatusNotification first (B01.FR.08)."""
    assert in_order(boots(reset().says("StatusNotification").is_answered()).is_answered()) is FAIL


def test_a_word_before_the_boot_was_answered_fails() -> None:
    """It did not wait to be accepted (B02.FR.02)."""
    t = boots(reset())
    boot = t.events[-1].seq
    t.says("Heartbeat").is_answered().is_answered(to=boot)
    assert in_order(t) is FAIL


def test_words_without_any_boot_fail() -> None:
    """It came back and went on as if nothing had happened."""
    assert in_order(reset().says("Heartbeat").is_answered()) is FAIL


def test_a_boot_that_names_nobody_fails() -> None:
    """No model; or a frame that does not fit its schema."""
    assert in_order(boots(reset(), station={"vendorName": "V"}).is_answered()) is FAIL
    assert in_order(boots(reset(), "NoReasonAtAll").is_answered()) is FAIL


def test_a_reset_that_was_accepted_and_never_came_fails() -> None:
    """It stays connected longer than it says that it takes to boot (B11.FR.03); while it may yet, nothing is proven."""

    def stays(watched_s: float, answer: str = "Accepted") -> Verdict:
        t = T().connects(1).event("step.started", "harness").named("reset").asks("Reset", {"type": "Immediate"})
        return in_order(t.answers(answer).wait(watched_s), boot_s=30)

    assert stays(31) is FAIL
    assert stays(10) is INCONCLUSIVE
    assert stays(31, "Scheduled") is INCONCLUSIVE
    assert in_order(reset().wait(60), boot_s=30) is INCONCLUSIVE


def unfit(status: str) -> Verdict:
    """The verdict on text for a number."""
    asked = [{"component": {"name": "C"}, "variable": {"name": "V"}, "attributeValue": "soon"}]
    t = T().asks("SetVariables", {"setVariableData": asked}).named("set")
    t.answers({"setVariableResult": [{"attributeStatus": status}]})
    return t.claims("core_ocpp.unfit_value_refused", "SC-09.4", set="@set").judged().verdict


def test_a_value_of_another_type_is_to_be_rejected() -> None:
    """B05.FR.07; an error answer, or none, is not what it asks for."""
    assert unfit("Rejected") is PASS
    assert unfit("Accepted") is FAIL
    assert unfit("RebootRequired") is FAIL
    asked = [{"component": {"name": "C"}, "variable": {"name": "V"}, "attributeValue": "soon"}]
    t = T().asks("SetVariables", {"setVariableData": asked}).named("set").errs("FormatViolation")
    assert t.claims("core_ocpp.unfit_value_refused", "SC-09.4", set="@set").judged().verdict is FAIL
    t = T().asks("SetVariables", {"setVariableData": asked}).named("set")
    assert t.claims("core_ocpp.unfit_value_refused", "SC-09.4", set="@set").judged().verdict is FAIL


def has_it_wait(t: T) -> T:
    """The backend answers Pending: ask again in 5 s."""
    return t.is_answered({"status": "Pending", "interval": 5, "currentTime": t.stamp()})


def test_a_charger_that_is_told_to_wait_asks_again_in_time_and_says_nothing_else() -> None:
    """B02.FR.02 and B02.FR.04; one that counts in whole seconds may be a little early."""
    accepted = {"status": "Accepted", "interval": 60}
    t = boots(has_it_wait(boots(reset())).wait(4.5)).is_answered(accepted).says("StatusNotification").is_answered()
    assert in_order(t) is PASS
    assert in_order(boots(has_it_wait(boots(reset())).wait(2)).is_answered(accepted)) is FAIL
    t = has_it_wait(boots(reset())).says("StatusNotification").is_answered().wait(5)
    assert in_order(boots(t).is_answered(accepted)) is FAIL


def test_a_charger_that_was_told_to_wait_and_is_still_waiting_proves_nothing() -> None:
    """It may take longer than the interval."""
    assert in_order(has_it_wait(boots(reset())).wait(60)) is INCONCLUSIVE


def test_a_charger_that_stays_away_proves_nothing() -> None:
    """No connection, no boot."""
    assert in_order(reset()) is INCONCLUSIVE


def status(t: T, state: str, evse: int = 1) -> T:
    """2.0.1's way."""
    return t.says("StatusNotification", {"evseId": evse, "connectorId": 1, "connectorStatus": state})


def notify(t: T, state: str, evse: int = 1, component: str = "Connector", variable: str = "AvailabilityState") -> T:
    """2.1's way."""
    data = {
        "component": {"name": component, "evse": {"id": evse, "connectorId": 1}},
        "variable": {"name": variable},
        "actualValue": state,
    }
    return t.says("NotifyEvent", {"eventData": [data]})


def told(t: T, *states: str) -> Verdict:
    """The verdict on SC-09.2."""
    return t.claims("core_ocpp.reports_status", "SC-09.2", states=list(states), evse_id=1).judged().verdict


@pytest.mark.parametrize("say", [status, notify])
def test_states_are_told_in_either_way(say: Any) -> None:
    """StatusNotification or NotifyEvent (G01.FR.03); other states between them are allowed."""
    assert told(say(say(say(T(), "Occupied"), "Reserved"), "Available"), "Occupied", "Available") is PASS


def test_names_have_no_case() -> None:
    """A component's and a variable's name are identifierStrings, which are case-insensitive."""
    assert told(notify(T(), "Available", component="connector", variable="AVAILABILITYSTATE"), "Available") is PASS


def test_the_wrong_order_or_evse_fails() -> None:
    """Available then Occupied is not Occupied then Available; EVSE 2 is not EVSE 1."""
    assert told(status(status(T(), "Available"), "Occupied"), "Occupied", "Available") is FAIL
    assert told(status(T(), "Available", evse=2), "Available") is FAIL
    assert told(notify(T(), "Available", component="EVSE"), "Available") is FAIL
    assert told(notify(T(), "Available", variable="Problem"), "Available") is FAIL


@pytest.mark.parametrize(
    ("accepted", "then", "verdict"),
    [(False, None, INCONCLUSIVE), (False, "Available", INCONCLUSIVE), (True, None, FAIL), (True, "Available", PASS)],
)
def test_a_state_is_owed_to_a_boot_that_was_accepted(accepted: bool, then: str | None, verdict: Verdict) -> None:
    """A refused Reset brings no boot about, and a charger that did not start again owes nothing (B01.FR.05)."""
    t = T().connects(1).event("step.started", "harness").named("reset").asks("Reset", {"type": "Immediate"})
    t = (
        boots(t.answers().closes(1).connects(2)).is_answered({"status": "Accepted"})
        if accepted
        else t.errs("NotImplemented")
    )
    t = status(t, then) if then else t
    params = {"states": ["Available"], "evse_id": 1, "since": "@reset"}
    assert t.claims("core_ocpp.reports_status_once_accepted", "SC-09.2", **params).judged().verdict is verdict


def sequence(t: T, since: str | None = None) -> Verdict:
    """The verdict on SC-09.3."""
    params = {"since": since} if since else {}
    return t.claims("core_ocpp.transaction_in_sequence", "SC-09.3", **params).judged().verdict


def test_a_transaction_in_order_passes() -> None:
    """Whatever number it begins with."""
    assert sequence(T().tells("Started", 0).tells("Updated", 1).tells("Ended", 2)) is PASS
    assert sequence(T().tells("Started", 17).tells("Updated", 18).tells("Ended", 19)) is PASS


@pytest.mark.parametrize(
    "events",
    [
        [("Started", 0), ("Updated", 2), ("Ended", 3)],
        [("Started", 0), ("Updated", 1), ("Ended", 1)],
        [("Updated", 0), ("Ended", 1)],
        [("Started", 0), ("Started", 1), ("Ended", 2)],
        [("Started", 0), ("Updated", 1)],
        [("Started", 0), ("Ended", 1), ("Updated", 2)],
        [("Started", 0), ("Updated", 2), ("Updated", 1), ("Ended", 3)],
    ],
)
def test_gaps_repeats_and_missing_ends_fail(events: list[tuple[str, int]]) -> None:
    """Each of them breaks the sequence."""
    t = T()
    for kind, number in events:
        t.wait(1).tells(kind, number)
    assert sequence(t) is FAIL


@pytest.mark.parametrize(("last", "verdict"), [(3, PASS), (4, FAIL)])
def test_a_queue_may_be_told_newest_first(last: int, verdict: Verdict) -> None:
    """Numbers put right what waited offline (part 2, E 1.3.2); one that is missing is missing in any order."""
    t = T().tells("Started", 0).wait(1).tells("Updated", 2, offline=True).wait(1).tells("Updated", 1, offline=True)
    assert sequence(t.wait(1).tells("Ended", last)) is verdict


def test_a_retry_is_no_repeat() -> None:
    """The same number, kind and time again (E13.FR.02)."""
    t = T().tells("Started", 0).tells("Updated", 1, at_s=1.0).wait(30).tells("Updated", 1, at_s=1.0).tells("Ended", 2)
    assert sequence(t) is PASS


def test_a_transaction_of_an_earlier_case_is_not_judged_here() -> None:
    """Its Started came before `since`; its rest after it."""
    t = T().tells("Started", 0, tx="OLD").named("since").tells("Ended", 1, tx="OLD")
    assert sequence(t.tells("Started", 0).tells("Ended", 1), "@since") is PASS
    t = T().tells("Started", 0, tx="OLD").named("since").tells("Ended", 1, tx="OLD")
    assert sequence(t, "@since") is INCONCLUSIVE


def test_another_transaction_may_go_on() -> None:
    """Beside one that ended, one at the other EVSE has not; its numbers still count."""
    t = T().tells("Started", 0).tells("Started", 0, tx="B").tells("Updated", 1, tx="B").tells("Ended", 1)
    assert sequence(t) is PASS
    t = T().tells("Started", 0).tells("Started", 0, tx="B").tells("Updated", 5, tx="B").tells("Ended", 1)
    assert sequence(t) is FAIL


def left_open(points: str | None) -> Verdict:
    """The verdict where the car left after a Started and an Updated, and TxStopPoint was read as this."""
    read = {"getVariableResult": [{} if points is None else {"attributeValue": points}]}
    t = T().asks("GetVariables", {}).named("stop").answers(read).tells("Started", 0).tells("Updated", 1)
    return t.claims("core_ocpp.transaction_in_sequence", "SC-09.3", stop="@stop").judged().verdict


def test_a_transaction_that_outlives_its_car_fails_unless_txstoppoint_allows_it() -> None:
    """Permission and car are gone: E06.FR.02, .03, .06 and .07 end it; a parking bay sensor or a signature may not."""
    assert left_open("PowerPathClosed") is FAIL
    assert left_open("ParkingBayOccupancy, Authorized") is FAIL
    assert left_open("ParkingBayOccupancy") is INCONCLUSIVE
    assert left_open(None) is INCONCLUSIVE


def charging_told(*states: str) -> Verdict:
    """The verdict on a session whose events told of these charging states."""
    t = T()
    for number, state in enumerate(states):
        t.tells("Updated", number, transactionInfo={"transactionId": "TX-1", "chargingState": state})
    return t.claims("core_ocpp.told_that_it_charges", "SC-09.3").judged().verdict


def test_a_session_in_which_charging_was_never_told_fails() -> None:
    """A change of the charging state is told (E02.FR.13); without any event there is nothing to judge."""
    assert charging_told("EVConnected", "Charging", "EVConnected") is PASS
    assert charging_told("Charging") is PASS
    assert charging_told("EVConnected", "SuspendedEV") is FAIL
    assert charging_told() is INCONCLUSIVE
    assert T().tells("Started", 0).claims("core_ocpp.told_that_it_charges", "SC-09.3").judged().verdict is FAIL


def test_numbers_that_are_none_fail() -> None:
    """Text where a number belongs is the charger's fault, not an error of ours."""
    t = (
        T()
        .tells("Started", 0)
        .says("TransactionEvent", {"eventType": "Ended", "seqNo": "x", "transactionInfo": {"transactionId": "TX-1"}})
    )
    assert sequence(t) is FAIL


def variable(value: str = "240", status_: str = "Accepted", read: str = "240", name: str = "OfflineThreshold") -> T:
    """A variable is set and read."""
    component = {"name": "OCPPCommCtrlr"}
    asked = {"component": component, "variable": {"name": "OfflineThreshold"}, "attributeValue": value}
    t = T().asks("SetVariables", {"setVariableData": [asked]}).named("set")
    t.answers({"setVariableResult": [{"attributeStatus": status_}]})
    t.asks("GetVariables", {"getVariableData": [{}]}).named("get")
    result = {"attributeStatus": "Accepted", "attributeValue": read, "component": component, "variable": {"name": name}}
    return t.answers({"getVariableResult": [result]})


def read_back(t: T) -> Verdict:
    """The verdict on setting and reading."""
    return t.claims("core_ocpp.variable_set_and_read_back", "SC-09.4", set="@set", get="@get").judged().verdict


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ({}, PASS),
        ({"name": "offlinethreshold"}, PASS),
        ({"read": "60"}, FAIL),
        ({"status_": "Rejected"}, FAIL),
        ({"status_": "RebootRequired"}, PASS),
        ({"status_": "RebootRequired", "read": "60"}, INCONCLUSIVE),
        ({"name": "HeartbeatInterval"}, FAIL),
    ],
)
def test_a_variable_reads_back_as_set(how: dict[str, Any], expected: Verdict) -> None:
    """The same value of the same variable; one that takes a reboot cannot be judged yet."""
    assert read_back(variable(**how)) is expected


def test_reading_before_setting_proves_nothing() -> None:
    """The case's order went wrong."""
    t = variable()
    t.names["set"], t.names["get"] = t["set"], t["set"]
    assert t.claims("core_ocpp.variable_set_and_read_back", set="@set", get="@set").judged().verdict is not PASS


@pytest.mark.parametrize(
    ("answer", "expected"), [("UnknownComponent", PASS), ("Accepted", FAIL), ("UnknownVariable", FAIL), (None, FAIL)]
)
def test_an_unknown_component_is_called_so(answer: str | None, expected: Verdict) -> None:
    """UnknownComponent, and not an error frame."""
    t = T().asks("GetVariables").named("get")
    t = t.answers({"getVariableResult": [{"attributeStatus": answer}]}) if answer else t.errs("InternalError")
    assert t.claims("core_ocpp.unknown_variable_refused", get="@get").judged().verdict is expected


def part(t: T, number: int, *names: str, tbc: bool = False, request: int = 5) -> T:
    """A part of a report."""
    data = [{"component": {"name": n.split(".")[0]}, "variable": {"name": n.split(".")[1]}} for n in names]
    return t.says("NotifyReport", {"requestId": request, "seqNo": number, "tbc": tbc, "reportData": data})


def report(t: T, *holds: str) -> Verdict:
    """The verdict on the report."""
    return t.claims("core_ocpp.full_report", "SC-09.4", call="@ask", holds=list(holds)).judged().verdict


def asked() -> T:
    """GetBaseReport, accepted."""
    return T().asks("GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"}).named("ask").answers()


def test_a_report_in_parts_passes() -> None:
    """Numbered from 0, the last one closed; names have no case."""
    t = part(part(asked(), 0, "A.x", tbc=True), 1, "B.y")
    assert report(t, "a.X", "B.y") is PASS


def test_a_part_sent_again_is_no_fault() -> None:
    """Our answer was lost; the same part comes once more."""
    t = part(part(part(asked(), 0, "A.x", tbc=True), 0, "A.x", tbc=True), 1, "B.y")
    assert report(t, "A.x", "B.y") is PASS


def test_reports_with_holes_fail() -> None:
    """A number missing, an open end, a required variable missing, another request's parts, none at all."""
    assert report(part(part(asked(), 0, "A.x", tbc=True), 2, "B.y")) is FAIL
    assert report(part(asked(), 0, "A.x", tbc=True)) is FAIL
    assert report(part(asked(), 0, "A.x"), "B.y") is FAIL
    assert report(part(asked(), 0, "A.x", request=6)) is FAIL
    assert report(asked()) is FAIL


@pytest.mark.parametrize("code", ["NotSupported", "NotImplemented"])
def test_one_that_knows_no_base_report_fails_and_is_told_why(code: str) -> None:
    """Two base reports have to be supported (B07.FR.12); two public stations answer GetBaseReport with an error."""
    t = T().asks("GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"}).named("ask").errs(code)
    found = t.claims("core_ocpp.full_report", "SC-09.4", call="@ask").judged()
    assert found.verdict is FAIL
    assert f"it answered {code}" in found.seen


def test_one_that_cannot_report_just_now_has_not_failed() -> None:
    """Rejected is for a charger that cannot make a report for a while (B07.FR.13): it is asked again, not blamed."""
    t = T().asks("GetBaseReport", {"requestId": 5, "reportBase": "FullInventory"}).named("ask").answers("Rejected")
    found = t.claims("core_ocpp.full_report", "SC-09.4", call="@ask").judged()
    assert found.verdict is INCONCLUSIVE and "B07.FR.13" in found.seen


def valid(t: T) -> Verdict:
    """The verdict on SC-09.9."""
    return t.claims("core_ocpp.every_frame_valid", "SC-09.9").judged().verdict


def asked_once() -> T:
    """The charger speaks, and we ask it something."""
    return T().connects().says("Heartbeat").is_answered().asks("ClearCache", id="ask")


def frame(way: str, *parts: Any) -> dict[str, Any]:
    """A frame as a log of somebody else's holds it: octets, and no opinion on them."""
    return {"conn": 1, "dir": way, "raw": parts[0] if isinstance(parts[0], str) else json.dumps(parts)}


def test_valid_frames_pass() -> None:
    """An answer that our wait had given up is slow, not wrong; a CALL that comes again word for word is a retry."""
    t = asked_once().answers(remark="late").says("Heartbeat", id="again").says("Heartbeat", id="again")
    assert valid(t) is PASS


@pytest.mark.parametrize(
    "wrong",
    [
        lambda t: t.answers("Perhaps"),
        lambda t: t.answers().event("ocpp.frame", "dut", **frame("in", 3, "ask", {"status": "Accepted"})),
        lambda t: t.answers(id="other").event("ocpp.frame", "dut", **frame("in", 3, "never", {})),
        lambda t: t.says("Heartbeat", id="same").says("FirmwareStatusNotification", {"status": "Idle"}, id="same"),
        lambda t: t.says("BootNotification", {"reason": "PowerUp"}),
        lambda t: t.says("MakeCoffee"),
        lambda t: t.event("ocpp.frame", "dut", **frame("in", "[" * 2000)),
        lambda t: t.event("ocpp.frame", "dut", **frame("in", '[2,"a","Heartbeat",{},{}]')),
        lambda t: t.event("ocpp.frame", "dut", **frame("in", "[2"), truncated=True, length=1 << 24),
        lambda t: t.event("ocpp.frame", "dut", **frame("in", '[2,"a","Heartbeat",{}]'), opcode="binary"),
        lambda t: t.event("ocpp.frame", "dut", **frame("in", "?"), octets="WzIsIv8iXQ=="),
    ],
)
def test_what_breaks_ocpp_fails_whatever_its_recorder_says(wrong: Any) -> None:
    """Schema, second and unasked answers, a used id, an unknown action, rubbish: found from the octets alone."""
    t = wrong(asked_once())
    for event in t.events:
        if event.kind == "ocpp.frame":
            assert not event.data.get("errors")
    assert valid(t) is FAIL


def test_a_recorders_opinion_decides_nothing() -> None:
    """Faults that a recorder claims and the octets do not show are not the charger's."""
    assert valid(asked_once().answers(errors=["status: not in enum"], remark="unsolicited")) is PASS


def test_answers_are_found_by_connection_and_id() -> None:
    """A recorder that names the wrong CALL, or none, changes nothing."""
    t = asked_once().named("ask").answers(reply_to=1, action="Reset", type=2, id="nonsense")
    pair = exchanges(t.trace(), direction="out")[0]
    assert pair.answer is not None and (pair.answer.type, pair.answer.action) == (3, "ClearCache")


def test_an_error_that_answers_our_own_rubbish_is_no_fault() -> None:
    """What we garbled on purpose may be answered with an error that belongs to no CALL (Part 4, 4.2.3)."""
    t = asked_once().answers().event("ocpp.frame", "harness", **frame("out", "{{{"))
    t.event("ocpp.frame", "dut", **frame("in", 4, "-1", "RpcFrameworkError", "", {}))
    assert valid(t) is PASS


def test_a_bad_frame_after_the_claim_counts() -> None:
    """Every message of the campaign is meant, not only those before the case that asks."""
    t = T().says("Heartbeat").claims("core_ocpp.every_frame_valid")
    assert t.judged().verdict is PASS
    t.says("Heartbeat", {"extra": 1})
    assert t.judged().verdict is FAIL


def test_our_own_frames_are_not_the_chargers() -> None:
    """What we send wrongly on purpose does not count; and silence proves nothing."""
    assert valid(T().says("Heartbeat").asks("Nonsense")) is PASS
    assert valid(T().asks("Nonsense")) is INCONCLUSIVE


def test_a_trace_of_the_first_version_keeps_what_only_its_recorder_could_know() -> None:
    """How the WebSocket brought a message stood in words then; they still count."""
    t = asked_once().answers(errors=["not UTF-8 at byte 21 (OCPP-J Part 4, 4.1.2)"])
    assert valid(t) is FAIL
