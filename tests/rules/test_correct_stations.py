"""Correct stations that a rule must not accuse: what crosses on the wire, is sent again, comes late, or is allowed."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.judge.rules import CSMS
from tests.rules._correct import Steps, not_accused, noticed
from tests.rules._stream import BOOT, Stream, stamp
from tests.rules.test_ocpp_rules import (
    NAME,
    RESET,
    ahead,
    asks,
    gets,
    heartbeats_set_the_clock,
    late,
    lists,
    running,
    told,
)


def reports(s: Stream, action: str, *parts: tuple[int, bool], request: int = 1, **more: Any) -> Stream:
    """Parts of a report, by number and whether more follows."""
    for number, tbc in parts:
        s.sends(action, {"requestId": request, "seqNo": number, "tbc": tbc, "generatedAt": stamp(s.now)} | more)
    return s


def base_report(s: Stream, **request: Any) -> Stream:
    """Booted, and asked for a base report."""
    return asks(s.opened().boots(), "GetBaseReport", requestId=1, **request)


def ends_before(s: Stream, trigger: str = "StopAuthorized") -> Stream:
    """An end that had happened a moment before, and was on its way."""
    return s.event("Ended", 1, trigger, timestamp=stamp(s.now - 2), state="EVConnected")


CORRECT: dict[str, tuple[str, Steps]] = {
    "tells itself anew without a start": (
        "A04.R001",
        lambda s: late(s.opened().boots(reason="Triggered").state("Available")),
    ),
    "loses the line before it resets": (
        "B01.R001",
        lambda s: asks(s.opened().boots(), "Reset", **RESET).closed().opened().event("Ended", 1, "ResetCommand")
        .closed().after(60).opened().boots(reason="RemoteReset"),
    ),
    "sends a long report while Pending": (
        "B02.R002",
        lambda s: reports(
            asks(s.opened().boots("Pending", 600), "GetBaseReport", requestId=1).after(300),
            "NotifyReport", (0, True), (1, False),
        ),
    ),
    "does what a trigger between the two asks for": (
        "B02.R002",
        lambda s: asks(s.opened().boots("Pending"), "TriggerMessage", requestedMessage="CustomTrigger").sends(
            "Heartbeat", {}
        ),
    ),
    "new firmware starts after a reset": (
        "B01.R003",
        lambda s: asks(s.opened().boots(), "Reset", **RESET).closed().opened().boots(reason="FirmwareUpdate"),
    ),
    "has its clock from elsewhere": ("B01.R005", lambda s: ahead(s.opened().boots().after(60), 60)),
    "keeps the time that its boot was told, when a heartbeat is told an earlier one": (
        "B01.R005",
        lambda s: heartbeats_set_the_clock(s.opened())
        .after(60)
        .sends("Heartbeat", {}, {"currentTime": stamp(s.now - 120)})
        .event("Updated", 1, timestamp=stamp(s.now)),
    ),
    "has drifted since it set its clock a week ago": (
        "B01.R005",
        lambda s: ahead(heartbeats_set_the_clock(s.opened()).after(7 * 86_400), 20),
    ),
    "stamped an event before its clock was set": (
        "B01.R005",
        lambda s: ahead(heartbeats_set_the_clock(s.opened()).after(5), 60),
    ),
    "sends an event that waited for its turn": (
        "B01.R005",
        lambda s: heartbeats_set_the_clock(s.opened()).after(900).event("Updated", 1, timestamp=stamp(100)),
    ),
    "first tells what happened offline": (
        "B01.R006",
        lambda s: s.opened().boots().event("Updated", 1, offline=True).after(200).state("Available"),
    ),
    "is started anew in a log without connections": ("B02.R004", lambda s: s.boots("Pending", 600).after(20).boots()),
    "had given up waiting for the answer": (
        "B02.R004",
        lambda s: s.opened().sends("BootNotification", BOOT, open=True).after(40)
        .raw(json.dumps([3, "s1", {"status": "Pending", "interval": 300, "currentTime": stamp(40)}]), CSMS)
        .after(2).boots(),
    ),
    "calls a malformed request malformed": (
        "B03.R008",
        lambda s: asks(s.opened().boots("Rejected"), "Reset", None, "FormatViolation", type="Hard"),
    ),
    "reads as it was set before a reboot that is due": (
        "B05.R010",
        lambda s: gets(
            s.answered("SetVariables", {"setVariableData": [NAME | {"attributeValue": "60"}]}, {
                "setVariableResult": [{"attributeStatus": "Accepted"} | NAME]
            }).answered("SetVariables", {"setVariableData": [NAME | {"attributeValue": "90"}]}, {
                "setVariableResult": [{"attributeStatus": "RebootRequired"} | NAME]
            }),
            told("90"),
        ),
    ),
    "keeps a number with fewer digits": (
        "B05.R010",
        lambda s: gets(
            s.answered("SetVariables", {"setVariableData": [NAME | {"attributeValue": "0.3"}]}, {
                "setVariableResult": [{"attributeStatus": "Accepted"} | NAME]
            }),
            told("0.30000001192"),
        ),
    ),
    "reports a list that is not set": (
        "B07.R008",
        lambda s: lists(s, "", "OptionList", valuesList="A,W"),
    ),
    "writes the members of a list in another order, case and with spaces": (
        "B07.R008",
        lambda s: lists(s, "voltage, SoC", valuesList="SoC,Voltage,Current.Import"),
    ),
    "has more values to choose from than the field holds": (
        "B07.R008",
        lambda s: lists(s, "Z", valuesList=("A," * 500)),
    ),
    "reports a text that is no list": (
        "B07.R007",
        lambda s: lists(s, "Z", "string"),
    ),
    "needs more than five minutes for a long report": (
        "B07.R003",
        lambda s: reports(
            reports(base_report(s).after(200), "NotifyReport", (0, True)).after(200), "NotifyReport", (1, False)
        ).after(999).state("Available"),
    ),
    "starts anew amid a report": (
        "B07.R003",
        lambda s: late(reports(base_report(s), "NotifyReport", (0, True)).boots().state("Available")),
    ),
    "goes on with a report that was asked for before the log": (
        "B07.R004",
        lambda s: reports(s.opened(), "NotifyReport", (3, True)),
    ),
    "goes on with a report whose answer was lost": (
        "B07.R004",
        lambda s: reports(
            s.opened().boots().raw('[2,"b","GetReport",{"requestId":1}]', CSMS).closed().after(9).opened(),
            "NotifyReport", (0, False),
        ),
    ),
    "refuses the same request a second time": (
        "B07.R004",
        lambda s: reports(
            asks(base_report(s), "GetBaseReport", {"status": "Rejected"}, requestId=1), "NotifyReport", (0, False)
        ),
    ),
    "has a log without any answers": (
        "P4.R006",
        lambda s: s.raw('[2,"b","Reset",{"type":"OnIdle"}]', CSMS)
        .sends("Heartbeat", {}, open=True).after(1).sends("Heartbeat", {}, open=True),
    ),
    "has a log with a hole": (
        "B07.R003",
        lambda s: asks(s.boots(), "GetBaseReport", requestId=1)
        .after(9).state("Available").after(999).state("Available"),
    ),
    "takes what it need not refuse": (
        "P4.R010",
        lambda s: asks(s.opened().boots(), "Reset", type="OnIdle", more=1),
    ),
    "has events from offline to tell before its start": (
        "A04.R001",
        lambda s: late(s.opened().boots().event("Updated", 4, offline=True)),
    ),
    "sends a part again": (
        "B07.R010",
        lambda s: reports(base_report(s), "NotifyReport", (0, True), (1, True), (1, True), (2, False), (2, False)),
    ),
    "loses a part with the line": (
        "B07.R010",
        lambda s: reports(
            reports(base_report(s), "NotifyReport", (0, True)).closed().after(9).opened(), "NotifyReport", (2, False)
        ),
    ),
    "takes a quarter of an hour to start": (
        "B11.R003",
        lambda s: asks(running(s), "Reset", **RESET)
        .event("Ended", 1, "ResetCommand").after(9).closed().after(900).opened().boots(),
    ),
    "ends its transaction as it is asked to reset when idle": (
        "B12.R001",
        lambda s: late(ends_before(asks(running(s).after(60), "Reset", type="OnIdle"))),
    ),
    "resumes its transaction after a reset": (
        "B12.R004",
        lambda s: late(
            asks(running(s), "Reset", **RESET).closed().opened().boots().event("Updated", 1, "TxResumed"), 9999
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CORRECT))
def test_a_correct_station_is_not_accused(name: str) -> None:
    """The rule that once would have, or might be thought to, finds nothing; and no rule fails in itself."""
    not_accused(*CORRECT[name])


WRONG: dict[str, tuple[str, Steps]] = {
    "acts on a reset when idle at once": (
        "B12.R001",
        lambda s: asks(running(s).after(60), "Reset", type="OnIdle").after(5).event("Ended", 1, "ResetCommand"),
    ),
    "gives all parts one number": (
        "B07.R010",
        lambda s: reports(
            reports(base_report(s), "NotifyReport", (0, True)), "NotifyReport", (0, False), reportData=[{}]
        ),
    ),
    "has a clock that is behind": (
        "B01.R005",
        lambda s: asks(
            heartbeats_set_the_clock(s.opened()).after(60), "TriggerMessage", requestedMessage="TransactionEvent"
        ).event("Updated", 1, "Trigger", timestamp=stamp(s.now - 3600)),
    ),
    "stays connected and does not reset": (
        "B11.R003",
        lambda s: late(asks(s.opened().boots(), "Reset", **RESET).state("Available")),
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_still_noticed(name: str) -> None:
    """The exceptions above are no wider than they must be."""
    noticed(*WRONG[name])
