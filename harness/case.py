"""How a test case says what it verifies, what it needs and how long it takes; markers only, no behaviour."""

from __future__ import annotations

import pytest


def verifies(*criteria: str) -> pytest.MarkDecorator:
    """The criteria this case judges ("SC-04.2"); each must get a claim, or stays inconclusive."""
    return pytest.mark.verifies(*criteria)


def needs(**pcos: str) -> pytest.MarkDecorator:
    """The points of control and observation it cannot do without.

    `bench="meter pilot"`, `ev="iso15118"`, `station="smart_charging"` (a PICS feature), `ocpp="2.1"`, `operator="any"`,
    `security_profile="2"` (at least, of the connection under test), `without="pilot"` (for a bench that lacks it).
    """
    return pytest.mark.needs(**pcos)


def takes(seconds: float) -> pytest.MarkDecorator:
    """About how long it runs on a correct charger, for the plan's estimate."""
    return pytest.mark.takes(seconds)


def disruptive(why: str) -> pytest.MarkDecorator:
    """It touches the way back to the charger; `--no-disruptive` leaves it out."""
    return pytest.mark.disruptive(why)


MARKERS = (
    "verifies(*criteria): the catalogue criteria this case judges",
    "needs(**pcos): the points of control and observation it cannot do without",
    "takes(seconds): about how long it runs",
    "disruptive(why): it touches the way back to the charger",
)
