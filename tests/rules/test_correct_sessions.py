"""Correct stations that a rule about transactions or connectors must not accuse; block E to H of the standard."""

from __future__ import annotations

import pytest

from tests.rules._correct import Steps, not_accused, noticed
from tests.rules._stream import Stream, meter, sample, stamp
from tests.rules.test_ocpp_rules import (
    CHARGING,
    DOWN,
    OK,
    ON_ONE,
    asks,
    heartbeats_set_the_clock,
    late,
    periodic,
    running,
    starts,
    stops,
)


def refused(s: Stream) -> Stream:
    """A transaction whose token the backend refused."""
    info, answer = {"transactionId": "T1"}, {"idTokenInfo": {"status": "Blocked"}}
    told = {"eventType": "Started", "timestamp": stamp(s.now), "triggerReason": "Authorized", "seqNo": 0}
    token = {"idToken": {"idToken": "A", "type": "Central"}}
    return s.opened().boots().sends("TransactionEvent", told | {"transactionInfo": info} | ON_ONE | token, answer)


CORRECT: dict[str, tuple[str, Steps]] = {
    "drops some events offline, low on memory": (
        "E01.R001",
        lambda s: late(running(s).closed().after(9).opened().event("Updated", 3, offline=True)),
    ),
    "sends an event again after the next one": (
        "E01.R002",
        lambda s: running(s).event("Updated", 1, timestamp=stamp(5)).event("Updated", 2)
        .event("Updated", 1, timestamp=stamp(5), offline=True),
    ),
    "begins again to tell of a transaction": (
        "E01.R003",
        lambda s: s.event("Started", 0, timestamp=stamp(5)).event("Updated", 1)
        .event("Started", 0, timestamp=stamp(5), offline=True),
    ),
    "told the EVSE in an event that was dropped": (
        "E01.R006",
        lambda s: s.opened().event("Started", 0).closed().after(9).opened().event("Updated", 2, **CHARGING),
    ),
    "tells of a new session before the end of one from offline": (
        "E01.R007",
        lambda s: running(s).closed().after(60).opened().event("Updated", 1, offline=True)
        .event("Started", 0, tx="T2", **ON_ONE).event("Ended", 2, offline=True),
    ),
    "charges on after a new plug at the other connector": (
        "E01.R010",
        lambda s: running(s).event("Updated", 1, "EVCommunicationLost", state="Idle")
        .event("Updated", 2, "CablePluggedIn", state="EVConnected", evse={"id": 1, "connectorId": 2}),
    ),
    "was stopped with a card before its car left": (
        "E06.R018",
        lambda s: running(s).event("Updated", 1, "StopAuthorized")
        .event("Ended", 2, "EVCommunicationLost", reason="Local"),
    ),
    "was stopped with a button before its car left": (
        "E06.R018",
        lambda s: running(s).event("Updated", 1, "ChargingStateChanged", state="EVConnected")
        .event("Ended", 2, "EVCommunicationLost", reason="Local"),
    ),
    "was stopped by the backend before its car left": (
        "E06.R018",
        lambda s: stops(running(s), "Accepted").event("Ended", 1, "EVCommunicationLost", reason="Remote"),
    ),
    "was stopped while it told nothing, and then its car left": (
        "E06.R018",
        lambda s: running(s).event("Ended", 3, "EVCommunicationLost", reason="Local", offline=True),
    ),
    "says of a car that left that it stopped": (
        "E06.R018",
        lambda s: running(s).event("Ended", 1, "EVCommunicationLost", reason="StoppedByEV"),
    ),
    "ends without its authorization what a cable that stayed out ended": (
        "E06.R017",
        lambda s: running(s).event("Ended", 1, "Deauthorized", reason="EVDisconnected"),
    ),
    "leaves out the reason of a local stop": ("E06.R017", lambda s: running(s).event("Ended", 1, "StopAuthorized")),
    "tells of a second cable in another connector, and of its own a moment later": (
        "G01.R005",
        lambda s: running(s).state("Available").state("Occupied", 1, 2).event("Updated", 1, **CHARGING).after(9)
        .state("Occupied").after(9).event("Ended", 2),
    ),
    "has a cable in its other connector, and a session of seconds": (
        "G01.R005",
        lambda s: running(s).state("Available").state("Occupied", 1, 2).event("Updated", 1, **CHARGING).after(2)
        .event("Ended", 2),
    ),
    "was ahead, and set its clock back": (
        "E01.R009",
        lambda s: periodic(running(heartbeats_set_the_clock(s)), 240, 120),
    ),
    "is told the time in between": (
        "E01.R009",
        lambda s: periodic(running(heartbeats_set_the_clock(s)), 60)
        .sends("Heartbeat", {}, {"currentTime": stamp(s.now - 600)}).event(
            "Updated", 2, "MeterValuePeriodic", timestamp=stamp(s.now - 600)
        ),
    ),
    "sets its clock by another source": ("E01.R009", lambda s: periodic(running(s.boots()), 60, -600)),
    "tells of the cable that was there before": (
        "E01.R009",
        lambda s: running(heartbeats_set_the_clock(s)).after(600)
        .event("Updated", 1, "CablePluggedIn", timestamp=stamp(1)),
    ),
    "opens its contactor a moment after the end": (
        "E06.R016",
        lambda s: running(s).event("Ended", 1, "RemoteStop", reason="Remote", **CHARGING),
    ),
    "loses its car's protocol, and charges on": (
        "E06.R016",
        lambda s: running(s).event("Ended", 1, "EVCommunicationLost", reason="Other", **CHARGING),
    ),
    "named the token before": ("E02.R001", lambda s: running(s).event("Updated", 1, "Authorized")),
    "charges with direct current": (
        "E02.R018",
        lambda s: s.event(
            "Updated", 1, numberOfPhasesUsed=0, **CHARGING, **meter(0, sample(9e4, "Power.Active.Import", "W"))
        ),
    ),
    "plugs in as the line comes back, by a clock of whole seconds": (
        "E04.R003",
        lambda s: running(s).closed().after(60.9).opened().after(0.05).event("Updated", 1, timestamp=stamp(60)),
    ),
    "has ended a transaction and not yet said so": (
        "E14.R002",
        lambda s: asks(running(s), "GetTransactionStatus", {"ongoingIndicator": False, "messagesInQueue": True},
                       transactionId="T1"),
    ),
    "was started from afar before the log began": (
        "F01.R001",
        lambda s: s.opened().event("Started", 0, "RemoteStart", remote=77, offline=True),
    ),
    "starts for nobody, since the token is refused": (
        "F01.R013",
        lambda s: late(starts(s.opened().boots(), OK | {"transactionId": "T1"}).event("Updated", 1)),
    ),
    "has still to tell of an end from offline": (
        "F03.R007",
        lambda s: stops(running(s), "Rejected").after(200).event("Ended", 1, "EVCommunicationLost"),
    ),
    "unlocks for a driver who stopped a moment before": (
        "F05.R002",
        lambda s: late(
            asks(running(s).after(9), "UnlockConnector", {"status": "Unlocked"}, evseId=1, connectorId=1)
            .event("Updated", 1, "StopAuthorized", timestamp=stamp(s.now - 2))
        ),
    ),
    "unlocks for a token that the backend refused": (
        "F05.R002",
        lambda s: late(late(
            asks(refused(s), "UnlockConnector", {"status": "Unlocked"}, evseId=1, connectorId=1), 60
        )),
    ),
    "makes a key for five minutes": (
        "F06.R010",
        lambda s: asks(s.opened().boots(), "TriggerMessage", requestedMessage="SignChargingStationCertificate")
        .after(300).sends("SignCertificate", {"csr": "x"}),
    ),
    "tells late of a car that has left": (
        "G01.R003",
        lambda s: late(running(s).state("Available").after(60).event("Updated", 1, timestamp=stamp(1), **CHARGING)),
    ),
    "is left by the car meanwhile": (
        "G01.R003",
        lambda s: late(
            running(s).state("Available").event("Updated", 1, **CHARGING).event("Updated", 2, state="Idle")
        ),
    ),
    "tells an old state of its connector late": (
        "G01.R004",
        lambda s: late(late(running(s.after(90)).sends("StatusNotification", {
            "timestamp": stamp(1), "connectorStatus": "Available", "evseId": 1, "connectorId": 1,
        }), 5)),
    ),
    "lost a connector's state with the line": (
        "G01.R011",
        lambda s: late(s.opened().boots().state("Available", 2).closed().after(5).opened()),
    ),
    "reports its connectors one by one, slowly": (
        "G01.R011",
        lambda s: late(late(late(s.opened().boots().state("Available", 2), 40).after(60).state("Available", 1), 99)),
    ),
    "answers often, and needs no heartbeat": (
        "G02.R001",
        lambda s: asks(asks(s.opened().boots(interval=60).after(50), "GetLog").after(50), "GetLog"),
    ),
    "was given a longer interval": (
        "G02.R001",
        lambda s: late(
            asks(s.opened().boots(interval=60), "SetVariables", {"setVariableResult": []}, setVariableData=[])
        ),
    ),
    "is set back before it could say so": (
        "G03.R004",
        lambda s: late(asks(
            asks(s.opened().state("Available"), "ChangeAvailability", **DOWN),
            "ChangeAvailability", operationalStatus="Operative",
        )),
    ),
    "changes the other connector": (
        "G03.R005",
        lambda s: late(late(asks(running(s), "ChangeAvailability", **DOWN, evse={"id": 1, "connectorId": 2}), 60)),
    ),
    "has ended its transaction when it becomes unavailable": (
        "G03.R005",
        lambda s: late(asks(running(s).after(60), "ChangeAvailability", **DOWN).event(
            "Ended", 1, "EVCommunicationLost", timestamp=stamp(s.now - 1)
        )),
    ),
    "replaces its own reservation": (
        "H01.R011",
        lambda s: late(late(asks(s.opened().state("Reserved"), "ReserveNow", evseId=1, id=1), 9)),
    ),
    "is free again as it is reserved": (
        "H01.R011",
        lambda s: late(asks(s.opened().state("Occupied"), "ReserveNow", evseId=1).state("Available").state("Reserved")),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CORRECT))
def test_a_correct_station_is_not_accused(name: str) -> None:
    """What crosses on the wire, is sent again, comes late from an offline time, or is allowed."""
    not_accused(*CORRECT[name])


WRONG: dict[str, tuple[str, Steps]] = {
    "reserves what another one reserved": (
        "H01.R011",
        lambda s: asks(
            asks(s.opened().state("Available"), "ReserveNow", evseId=1, id=1).state("Reserved"),
            "ReserveNow",
            evseId=1,
            id=2,
        ).state("Reserved"),
    ),
    "accepts to stop what it had unlocked": (
        "F05.R002",
        lambda s: stops(
            asks(running(s).after(9), "UnlockConnector", {"status": "Unlocked"}, evseId=1, connectorId=1), "Accepted"
        ),
    ),
    "unlocks under a transaction, which ends of it": (
        "F05.R002",
        lambda s: (
            asks(running(s).after(9), "UnlockConnector", {"status": "Unlocked"}, evseId=1, connectorId=1)
            .after(5)
            .event("Ended", 1, "UnlockCommand")
        ),
    ),
    "becomes unavailable under a transaction": (
        "G03.R005",
        lambda s: asks(running(s).after(9), "ChangeAvailability", **DOWN).after(5).event("Ended", 1),
    ),
    "loses an event while connected": ("E01.R001", lambda s: late(late(running(s).event("Updated", 2), 60))),
    "measures phases of which it says it uses none": (
        "E02.R018",
        lambda s: s.event(
            "Updated", 1, numberOfPhasesUsed=0, **CHARGING, **meter(0, sample(16, "Current.Import", "A", phase="L1"))
        ),
    ),
    "forgets a transaction that runs": (
        "E14.R002",
        lambda s: asks(
            running(s),
            "GetTransactionStatus",
            {"ongoingIndicator": False, "messagesInQueue": False},
            transactionId="T1",
        ),
    ),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_what_is_wrong_is_still_noticed(name: str) -> None:
    """The exceptions above are no wider than they must be."""
    noticed(*WRONG[name])
