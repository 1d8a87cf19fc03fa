"""Sessions as drivers make them: what is told of those that were stopped, left, paused or offline, and what flows."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
AT = {"evse_id": 1, "connector_id": 1}


def status(t: T, state: str, connector: int = 1) -> T:
    """A StatusNotification of EVSE 1."""
    told = {"timestamp": t.stamp(), "connectorStatus": state, "evseId": 1, "connectorId": connector}
    return t.says("StatusNotification", told).is_answered()


def get(t: T, component: str, variable: str, value: str | None, name: str) -> T:
    """A setting is read; None: there is none."""
    about = {"component": {"name": component}, "variable": {"name": variable}}
    status = (
        {"attributeStatus": "Accepted", "attributeValue": value} if value else {"attributeStatus": "UnknownVariable"}
    )
    t.asks("GetVariables", {"getVariableData": [about]}).named(name)
    return t.answers({"getVariableResult": [{**about, **status}]})


def outage(*events: tuple[str, int, bool], ends: str = "true", comes_back: bool = True) -> T:
    """An outage with a session in it, told when the charger is back: kind, number, and whether it is marked."""
    t = get(T().connects(), "TxCtrlr", "StopTxOnEVSideDisconnect", ends, "leaving")
    t.acts("csms.network", "cut:reset").named("cut").closes().wait(9).acts("csms.network", "restore").named("restored")
    if comes_back:
        t.wait(1).connects(2)
    for kind, number, offline in events:
        t.tells(kind, number, at_s=3.0 + number, offline=offline)
    how = {"cut": "@cut", "restored": "@restored", "leaving": "@leaving"}
    return t.wait(1).claims("told.afterwards", "SC-05.2", **how)


@pytest.mark.parametrize(
    ("events", "ends", "verdict"),
    [
        ([("Started", 0, True), ("Updated", 1, True), ("Ended", 2, True)], "true", PASS),
        ([("Started", 0, True), ("Ended", 1, True)], "true", PASS),
        ([("Ended", 2, True), ("Updated", 1, True), ("Started", 0, True)], "true", PASS),  # newest first (E 1.3.2)
        ([("Ended", 3, True), ("Updated", 1, True), ("Started", 0, True)], "true", FAIL),  # one is missing
        ([("Ended", 1, True), ("Started", 0, False)], "true", FAIL),
        ([("Started", 1, True), ("Ended", 0, True)], "true", FAIL),  # by its numbers it ended before it began
        ([], "true", FAIL),
        ([("Started", 0, False), ("Ended", 1, False)], "true", FAIL),  # not as of an outage
        ([("Started", 0, True), ("Ended", 2, True)], "true", FAIL),  # one is missing
        ([("Ended", 1, True)], "true", FAIL),
        ([("Started", 0, True)], "true", FAIL),
        ([("Started", 0, True)], "false", INCONCLUSIVE),  # the car may come back
    ],
)
def test_a_session_of_an_outage_is_told(events: Any, ends: str, verdict: Verdict) -> None:
    """From its start to its end, marked as offline; an end where the charger's settings ask for one."""
    assert outage(*events, ends=ends).judged().verdict is verdict


def test_one_that_never_came_back_told_nothing_and_is_judged_elsewhere() -> None:
    """Without a connection nobody can tell what it would have told."""
    assert outage(comes_back=False).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        ([], ["Available"], PASS),
        (["Occupied"], ["Available"], PASS),
        (["Available"], [], FAIL),
        (["Available", "Occupied"], ["Available"], FAIL),
        ([], [], FAIL),
    ],
)
def test_a_connector_is_free_when_the_plug_is_out(before: list[str], after: list[str], verdict: Verdict) -> None:
    """And not when its session was stopped."""
    t = T().asks("RequestStopTransaction").named("stop").answers()
    status(t, "Available", connector=2)  # another connector is another matter
    for state in before:
        status(t.wait(1), state)
    t.wait(1).acts("pilot", "UNPLUG").named("out")
    for state in after:
        status(t.wait(1), state)
    assert (
        t.claims("told.not_free_while_plugged", "SC-09.2", since="@stop", out="@out", **AT).judged().verdict is verdict
    )


def problem(t: T, variable: str, trigger: str = "Delta") -> T:
    """A NotifyEvent about the EVSE."""
    data = {"eventId": 1, "timestamp": t.stamp(), "trigger": trigger, "actualValue": "true"}
    about = {"component": {"name": "EVSE", "evse": {"id": 1}}, "variable": {"name": variable}}
    event = {**data, **about, "eventNotificationType": "HardWiredNotification"}
    return t.says("NotifyEvent", {"generatedAt": t.stamp(), "seqNo": 0, "eventData": [event]}).is_answered()


def test_a_fault_is_told_in_one_way_or_another() -> None:
    """By the connector's state, or by an event about the problem; not by saying what was said before."""
    ways = {
        "Faulted": lambda t: status(t, "Faulted"),
        "Unavailable": lambda t: status(t, "Unavailable"),
        "problem": lambda t: problem(t, "Problem"),
        "threshold": lambda t: problem(t, "Temperature", "Alerting"),
        "nothing": lambda t: t,
        "occupied": lambda t: status(t, "Occupied"),
        "another's": lambda t: status(t, "Faulted", connector=2),
    }
    found = {
        name: way(T().acts("pilot", "STATE E").named("fault").wait(1))
        .claims("told.fault", since="@fault", **AT)
        .judged()
        for name, way in ways.items()
    }
    verdicts = {name: finding.verdict for name, finding in found.items()}
    good = ("Faulted", "Unavailable", "problem", "threshold")
    assert verdicts == {name: PASS if name in good else FAIL for name in ways}


def states(*told: str, later: tuple[str, ...], ended: bool = False) -> T:
    """The charging states that a session was told in, before and after something happened."""
    t = T()
    every = [*told, *later]
    for number, state in enumerate(every):
        if number == len(told):
            t.acts("pilot", "STATE B").named("since").wait(1)
        last = ended and number == len(every) - 1
        info = {"transactionId": "TX-1", "chargingState": state}
        t.tells("Started" if not number else "Ended" if last else "Updated", number, transactionInfo=info)
    return t if later else t.acts("pilot", "STATE B").named("since").wait(1)


@pytest.mark.parametrize(
    ("later", "ended", "verdict"),
    [
        (("SuspendedEV",), False, PASS),
        (("SuspendedEV", "Charging"), False, PASS),  # told, and then something else happened
        ((), False, FAIL),  # Charging stands
        (("Charging",), False, FAIL),
        (("EVConnected",), False, INCONCLUSIVE),
        (("Charging",), True, INCONCLUSIVE),  # it has ended (E01.FR.20)
    ],
)
def test_a_state_that_was_told_stands_until_another_one_is(
    later: tuple[str, ...], ended: bool, verdict: Verdict
) -> None:
    """What was said last is what the backend believes."""
    t = states("EVConnected", "Charging", later=later, ended=ended)
    how = {"fits": ["SuspendedEV"], "wrong": ["Charging"]}
    assert t.claims("told.state", "SC-09.3", since="@since", **how).judged().verdict is verdict


@pytest.mark.parametrize(
    ("told", "boots", "verdict"),
    [
        (["Unavailable"], True, PASS),
        (["Available"], True, FAIL),
        (["Unavailable", "Available"], True, FAIL),
        (["Faulted"], True, INCONCLUSIVE),
        ([], True, INCONCLUSIVE),
        (["Unavailable"], False, INCONCLUSIVE),
    ],
)
def test_out_of_service_over_a_reset(told: list[str], boots: bool, verdict: Verdict) -> None:
    """Only what is told after the boot counts."""
    t = status(T().asks("Reset", {"type": "Immediate"}).named("reset").answers(), "Unavailable")
    if boots:
        t.says("BootNotification", {"reason": "RemoteReset"}).is_answered()
    for state in told:
        status(t, state)
    assert t.claims("told.out_of_service", "SC-09.2", since="@reset", **AT).judged().verdict is verdict


@pytest.mark.parametrize(
    ("persistent", "value", "verdict"),
    [(True, "240", PASS), (True, "60", FAIL), (False, "60", PASS), (None, "60", INCONCLUSIVE)],
)
def test_a_setting_is_kept_where_it_says_so(persistent: bool | None, value: str, verdict: Verdict) -> None:
    """What it does not call persistent it need not keep."""
    about = {"component": {"name": "OCPPCommCtrlr"}, "variable": {"name": "OfflineThreshold"}}
    t = T().asks("GetReport", {"requestId": 5}).named("report").answers()
    if persistent is not None:
        entry = {**about, "variableAttribute": [{"value": "60", "persistent": persistent}]}
        t.says("NotifyReport", {"requestId": 5, "seqNo": 0, "generatedAt": t.stamp(), "reportData": [entry]})
    get(t, "OCPPCommCtrlr", "OfflineThreshold", value, "get")
    how = {"component": "OCPPCommCtrlr", "variable": "OfflineThreshold", "value": "240"}
    assert t.claims("told.kept", "SC-09.4", report="@report", get="@get", **how).judged().verdict is verdict


@pytest.mark.parametrize(
    ("before", "at_boot", "read", "verdict"),
    [
        ("2.0", "2.0", "2.0", PASS),
        ("2.0", "1.0", "1.0", FAIL),
        ("2.0", None, "2.0", PASS),  # a boot need not name it
        ("2.0", None, "1.0", FAIL),
        ("2.0", None, None, INCONCLUSIVE),
        ("1.0", "1.0", "1.0", INCONCLUSIVE),  # it was never installed
    ],
)
def test_a_version_is_kept_over_a_reset(before: str, at_boot: str | None, read: str | None, verdict: Verdict) -> None:
    """What ran before the reset runs after it."""
    t = T().says("BootNotification", {"reason": "FirmwareUpdate", "chargingStation": {"firmwareVersion": before}})
    t.is_answered().asks("Reset", {"type": "Immediate"}).named("reset").answers()
    t.says("BootNotification", {"chargingStation": {"firmwareVersion": at_boot} if at_boot else {}}).is_answered()
    get(t, "ChargingStation", "FirmwareVersion", read, "get")
    t.claims("told.version_kept", "GEN-03.3", since="@reset", get="@get", version="2.0")
    assert t.judged().verdict is verdict


@pytest.mark.parametrize(("what", "verdict"), [("", PASS), ("ends", FAIL), ("boots", FAIL), ("another ends", PASS)])
def test_a_session_goes_on(what: str, verdict: Verdict) -> None:
    """Neither its end nor a boot was told."""
    t = T().tells("Started", 0).asks("UpdateFirmware", {"requestId": 1}).named("update").answers()
    if what == "boots":
        t.says("BootNotification", {"reason": "FirmwareUpdate"})
    elif what:
        t.tells("Ended", 1, tx="TX-1" if what == "ends" else "TX-2")
    assert t.claims("told.goes_on", "GEN-03.3", since="@update", transaction="TX-1").judged().verdict is verdict


@pytest.mark.parametrize(("goes_after_s", "back_after_s", "verdict"), [(1, None, PASS), (30, None, FAIL), (1, 5, FAIL)])
def test_a_stop_takes_the_power_away(goes_after_s: float, back_after_s: float | None, verdict: Verdict) -> None:
    """In time, and for good."""
    t = T().draws(16, 2).asks("RequestStopTransaction").named("stop").answers().draws(16, goes_after_s)
    t.draws(0, back_after_s or 12)
    if back_after_s:
        t.draws(16, 12)
    assert t.claims("off.power_goes", "SC-04.3", since="@stop").judged().verdict is verdict


def test_where_nothing_flowed_a_stop_shows_nothing() -> None:
    """The control of a stop is that something was stopped."""
    t = T().draws(0, 2).asks("RequestStopTransaction").named("stop").answers().draws(0, 12)
    assert t.claims("off.power_goes", "SC-04.3", since="@stop").judged().verdict is INCONCLUSIVE


def refused(status: str | None, amps: float, allowance: str | None = None, watched_s: float = 30) -> T:
    """A session's token is answered so, and then so much flows."""
    t = get(T(), "TxCtrlr", "MaxEnergyOnInvalidId", allowance, "allowance").acts("pilot", "STATE B").named("since")
    t.tells("Started", 0, **({"idToken": {"idToken": "A", "type": "Central"}} if status else {}))
    t.is_answered({"idTokenInfo": {"status": status}} if status else {})
    return t.draws(amps, watched_s).claims(
        "off.no_power_once_refused", "SC-04.3", since="@since", allowance="@allowance"
    )


@pytest.mark.parametrize(
    ("status", "amps", "allowance", "verdict"),
    [
        ("Invalid", 0, None, PASS),
        ("Invalid", 16, None, FAIL),
        ("Blocked", 16, None, FAIL),
        ("Accepted", 16, None, INCONCLUSIVE),
        (None, 16, None, INCONCLUSIVE),
        ("Invalid", 16, "500", INCONCLUSIVE),  # some energy is allowed all the same
        ("Invalid", 16, "0", FAIL),
    ],
)
def test_a_refused_token_gets_nothing(status: str | None, amps: float, allowance: str | None, verdict: Verdict) -> None:
    """After the response time no power flows any more."""
    assert refused(status, amps, allowance).judged().verdict is verdict


def test_a_refusal_that_nobody_watched_decides_nothing() -> None:
    """The response time itself is the charger's."""
    assert refused("Invalid", 0, watched_s=1).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("back_after_s", "heard", "verdict"),
    [(5, False, PASS), (200, False, FAIL), (None, False, FAIL), (5, True, INCONCLUSIVE)],
)
def test_a_dead_line_is_noticed(back_after_s: float | None, heard: bool, verdict: Verdict) -> None:
    """By a new connection in time; one that was heard over the old one was not cut off."""
    t = T().connects().says("Heartbeat").is_answered().acts("csms.network", "cut:blackhole").named("cut")
    t.acts("csms.network", "restore:leave").named("restored").wait(1)
    if heard:
        t.says("Heartbeat").is_answered()
    t.wait(back_after_s if back_after_s is not None else 130)
    if back_after_s is not None:
        t.connects(2).says("Heartbeat").is_answered()
    how = {"cut": "@cut", "restored": "@restored"}
    assert t.wait(1).claims("connectivity.notices_silence", "SC-05.1", **how).judged().verdict is verdict


def test_a_dead_line_that_was_not_watched_long_enough_decides_nothing() -> None:
    """It has the contract's time."""
    t = T().connects().says("Heartbeat").acts("csms.network", "cut:blackhole").named("cut")
    t.acts("csms.network", "restore:leave").named("restored").wait(20)
    how = {"cut": "@cut", "restored": "@restored"}
    assert t.claims("connectivity.notices_silence", "SC-05.1", **how).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(
    ("states", "ended", "verdict"),
    [
        (["Unavailable"], True, PASS),
        (["Occupied", "Unavailable"], True, PASS),  # the cable was still in
        (["Available"], True, FAIL),
        (["Available", "Unavailable"], True, FAIL),  # free for a moment
        (["Unavailable", "Available"], True, FAIL),
        ([], True, FAIL),
        (["Occupied"], True, FAIL),
        (["Faulted"], True, INCONCLUSIVE),
        (["Available"], False, INCONCLUSIVE),  # the session it waits for may go on
    ],
)
def test_what_waits_for_a_session_goes_out_of_service_after_it(states: Any, ended: bool, verdict: Verdict) -> None:
    """Unavailable once the session has ended, and Available at no time."""
    t = T().connects().tells("Started", 0).asks("ChangeAvailability", {"operationalStatus": "Inoperative"})
    t.named("asked").answers("Scheduled").wait(2)
    if ended:
        t.tells("Ended", 1)
    for state in states:
        status(t, state).wait(1)
    assert t.claims("told.taken_out", "SC-09.2", since="@asked", **AT).judged().verdict is verdict
