"""How long a charger waits before it tries again, and for how long it is silent."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T
from tests.judges.test_attribution import OTHER_HELLO, login

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
NAMES = ("RetryBackOffWaitMinimum", "RetryBackOffRandomRange", "RetryBackOffRepeatTimes")


def turned_away(*waits_s: float, settings: tuple[str, ...] = ("1", "2", "3"), back: bool = True) -> T:
    """Its settings, at most 10 s between attempts; then it is turned away after each of these waits, and let in."""
    results = [{"variable": {"name": n}, "attributeValue": v} for n, v in zip(NAMES, settings, strict=False)]
    t = login(T()).asks("GetVariables").named("settings").answers({"getVariableResult": results})
    t.acts("csms.network", "cut:busy").named("cut").closes(1, by="harness")
    for number, wait_s in enumerate(waits_s, 2):
        let_in = back and number == len(waits_s) + 1
        refused: dict[str, Any] = {} if let_in else {"state": "refused", "code": 503, "proof": []}
        login(t.wait(wait_s), number, **refused)
    return t.wait(0.1)


def keeps(t: T) -> Verdict:
    """The verdict on SC-05.1."""
    return t.claims("connectivity.keeps_trying", "SC-05.1", since="@cut", settings="@settings").judged().verdict


def test_one_that_tries_as_its_settings_say_passes() -> None:
    """1, 2, 4, 8 and again 8 s, with up to 2 s on top."""
    assert keeps(turned_away(1, 3, 5, 9, 10, 10)) is PASS


@pytest.mark.parametrize("waits_s", [(1, 2, 4, 8, 16, 32), (30, 1), (1, 1, 40)])
def test_one_that_waits_longer_fails(waits_s: tuple[float, ...]) -> None:
    """Wherever the long wait is, at the end too."""
    assert keeps(turned_away(*waits_s)) is FAIL


def test_one_that_gives_up_fails() -> None:
    """After the third attempt nothing more comes."""
    assert keeps(turned_away(1, 2, 4, back=False).wait(60)) is FAIL


def test_without_settings_or_refusal_nothing_is_known() -> None:
    """It tells none; or it was never turned away."""
    assert keeps(turned_away(1, 2, settings=("1", "2"))) is INCONCLUSIVE
    assert keeps(turned_away(1)) is INCONCLUSIVE


def test_what_somebody_else_may_have_tried_does_not_pass() -> None:
    """Of the attempts that kept the waits short, one may have been another's."""
    t = turned_away(1, 3, 5)
    other = login(turned_away(1, 3, back=False), 9, hello=OTHER_HELLO, state="refused", code=503, proof=[])
    assert keeps(t) is PASS
    assert keeps(login(other.wait(5), 10)) is INCONCLUSIVE


def given(interval: int, *silences_s: float, status: str = "Accepted") -> T:
    """A boot that is answered with this interval, and a heartbeat after each of these silences."""
    t = T().event("bench.action", "harness", role="x", command="y", reply="done").named("since").connects(1)
    t.says("BootNotification").is_answered({"status": status, "interval": interval})
    for silence_s in silences_s:
        t.wait(silence_s).says("Heartbeat").is_answered()
    return t.wait(0.1)


def beats(t: T) -> Verdict:
    """The verdict on SC-09.1."""
    return t.claims("core_ocpp.keeps_the_heartbeat_interval", "SC-09.1", since="@since").judged().verdict


@pytest.mark.parametrize(
    ("t", "verdict"),
    [
        (given(5, 5, 5, 5), PASS),
        (given(5, 5, 9.9, 5), PASS),
        (given(5, 5, 10.1), FAIL),
        (given(5).wait(61), FAIL),
        (given(5, 2, 2), INCONCLUSIVE),
        (given(5, 5, 5, 5, status="Pending"), INCONCLUSIVE),
        (given(5, 5).closes(1).wait(20), INCONCLUSIVE),
    ],
)
def test_it_is_heard_before_the_interval_is_over(t: T, verdict: Verdict) -> None:
    """Five seconds late at most; a short look, a boot that was not accepted and a lost connection show nothing."""
    assert beats(t) is verdict
