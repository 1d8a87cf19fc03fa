"""Back in service: each connector that was told as unavailable is told as in service again."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def status(t: T, connector: int, state: str, evse: int = 1) -> T:
    """A StatusNotification."""
    told = {"timestamp": t.stamp(), "connectorStatus": state, "evseId": evse, "connectorId": connector}
    return t.says("StatusNotification", told).is_answered()


@pytest.mark.parametrize(
    ("out", "back", "verdict"),
    [
        ([1, 2], {1: "Available", 2: "Available"}, PASS),
        ([1, 2], {1: "Available", 2: "Faulted"}, PASS),  # broken is another matter
        ([1], {1: "Available"}, PASS),  # the other one was never told as out
        ([1, 2], {1: "Available"}, FAIL),
        ([1, 2], {1: "Available", 2: "Unavailable"}, FAIL),
        ([], {1: "Available"}, INCONCLUSIVE),
    ],
)
def test_each_connector_comes_back(out: list[int], back: dict[int, str], verdict: Verdict) -> None:
    """What is told of another EVSE counts for nothing."""
    t = T().connects().asks("ChangeAvailability", {"operationalStatus": "Inoperative"}).named("down").answers()
    for connector in out:
        status(t, connector, "Unavailable")
    status(t, 1, "Unavailable", evse=2)
    t.asks("ChangeAvailability", {"operationalStatus": "Operative"}).named("up").answers()
    for connector, state in back.items():
        status(t, connector, state)
    t.claims("service.all_back", "SC-09.2", down="@down", up="@up", evse_id=1)
    assert t.judged().verdict is verdict
