"""Correct stations that a rule about transactions or connectors must not accuse; block E to H of the standard."""

from __future__ import annotations

import pytest

from tests.rules._correct import Steps, not_accused, noticed
from tests.rules._stream import meter, sample, stamp
from tests.rules.test_ocpp_rules import CHARGING, ON_ONE, asks, late, running

CORRECT: dict[str, tuple[str, Steps]] = {
    "drops some events offline, low on memory": (
        "E01.R001",
        lambda s: late(late(running(s).closed().after(9).opened().event("Updated", 3, offline=True))),
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
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(CORRECT))
def test_a_correct_station_is_not_accused(name: str) -> None:
    """What crosses on the wire, is sent again, comes late from an offline time, or is allowed."""
    not_accused(*CORRECT[name])


WRONG: dict[str, tuple[str, Steps]] = {
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
