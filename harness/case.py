"""How a test case says what it verifies, what it needs and how long it takes; markers only, no behaviour."""

from __future__ import annotations

import pytest


def verifies(*criteria: str) -> pytest.MarkDecorator:
    """The criteria this case judges ("SC-04.2"); each must get a claim, or stays inconclusive."""
    return pytest.mark.verifies(*criteria)


def needs(**pcos: str) -> pytest.MarkDecorator:
    """The points of control and observation it cannot do without.

    `bench="meter pilot"`, `ev="iso15118"`, `station="smart_charging"` (a PICS feature), `ocpp="2.1"`, `operator="any"`,
    `security_profile="2"` (at least, of the connection under test), `without="pilot"` (for a bench that lacks it),
    `product="DC bidirectional"` (what the product must be for the case to make sense).
    """
    return pytest.mark.needs(**pcos)


def takes(seconds: float, *, dwells: int = 0, offline_gaps: int = 0, pendings: int = 0) -> pytest.MarkDecorator:
    """About how long it runs on a correct charger, for the plan's estimate.

    Beside its own seconds it waits so many times for the contract's `setpoint.dwell`, `connectivity.offline_gap` and
    `boot.pending_interval`.
    """
    waits = {"setpoint.dwell": dwells, "connectivity.offline_gap": offline_gaps, "boot.pending_interval": pendings}
    return pytest.mark.takes(seconds, waits={name: count for name, count in waits.items() if count})


def disruptive(why: str) -> pytest.MarkDecorator:
    """It touches the way back to the charger; `--no-disruptive` leaves it out."""
    return pytest.mark.disruptive(why)


MARKERS = (
    "verifies(*criteria): the catalogue criteria this case judges",
    "needs(**pcos): the points of control and observation it cannot do without",
    "takes(seconds, waits): about how long it runs, and how often it waits out a contract parameter",
    "disruptive(why): it touches the way back to the charger",
)
