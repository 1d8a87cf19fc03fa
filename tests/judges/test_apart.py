"""What belongs to one session, driver or EVSE is told of that one alone."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE


def token(text: str) -> dict[str, str]:
    """An idToken."""
    return {"idToken": text, "type": "Central"}


def driver(t: T, number: int, asked: str, told: str | None, *, tx: str, started: bool = True, **more: Any) -> T:
    """The backend starts a session for a driver; the charger tells it, with an idToken or without."""
    t.asks("RequestStartTransaction", {"remoteStartId": number, "idToken": token(asked)}).named(f"start {number}")
    t.answers("Accepted")
    info = {"transactionId": tx, **({"remoteStartId": number} if started else {})}
    named = {} if told is None else {"idToken": token(told)}
    t.wait(1).tells("Started", 0, transactionInfo=info, triggerReason="RemoteStart", **named, **more)
    return t.wait(9).tells("Ended", 1, tx=tx)


def drivers(*pairs: tuple[str, str | None], ids: tuple[str, ...] = ("A", "B", "C"), **how: Any) -> T:
    """One after the other: the token asked for, and the one that was told."""
    t = T().connects()
    for number, (asked, told) in enumerate(pairs, 1):
        driver(t, number, asked, told, tx=ids[number - 1], **how)
    starts = [t[f"start {number}"] for number in range(1, len(pairs) + 1)]
    return t.claims("apart.own_driver", "SC-09.3", starts=starts)


@pytest.mark.parametrize(
    ("pairs", "how", "verdict"),
    [
        ([("X1", "X1"), ("X2", "X2")], {}, PASS),
        ([("X1", "x1"), ("X2", "x2")], {}, PASS),  # case does not count
        ([("X1", "X1"), ("X2", "X1")], {}, FAIL),  # the driver before
        ([("X1", "GROUP"), ("X2", "X2")], {}, FAIL),
        ([("X1", "X1"), ("X2", None)], {}, INCONCLUSIVE),
        ([("X1", "X1"), ("X2", "X2")], {"started": False}, INCONCLUSIVE),
        ([("X1", "X1"), ("X1", "X1")], {"ids": ("A", "A")}, FAIL),  # one id for two
    ],
)
def test_each_session_tells_its_own_driver(pairs: Any, how: Any, verdict: Verdict) -> None:
    """The token of the start that led to it, and no other; a session that told none shows nothing."""
    assert drivers(*pairs, **how).judged().verdict is verdict


@pytest.mark.parametrize(("ended", "verdict"), [(False, INCONCLUSIVE), (True, FAIL)])
def test_a_session_may_go_on_until_the_plug_is_out(ended: bool, verdict: Verdict) -> None:
    """With TxStopPoint EVConnected a second start finds the first one's session; one told as ended is over."""
    t, starts = T().connects(), []
    for number in (1, 2):
        t.asks("RequestStartTransaction", {"remoteStartId": number, "idToken": token(f"X{number}")})
        t.named(f"start {number}").answers("Accepted")
        starts.append(t[f"start {number}"])
        info = {"transactionId": "A", "remoteStartId": number}
        t.tells("Started" if number == 1 else "Updated", 2 * number, transactionInfo=info, idToken=token(f"X{number}"))
        if ended:
            t.wait(5).tells("Ended", 2 * number + 1, tx="A")
    assert t.claims("apart.own_driver", "SC-09.3", starts=starts).judged().verdict is verdict


def test_who_stops_a_session_may_be_another_driver() -> None:
    """E07: one of the same group ends it with his own card."""
    t = T().connects().asks("RequestStartTransaction", {"remoteStartId": 1, "idToken": token("X1")}).named("start")
    t.answers("Accepted")
    t.tells("Started", 0, transactionInfo={"transactionId": "A", "remoteStartId": 1}, idToken=token("X1")).wait(5)
    t.tells("Ended", 1, tx="A", triggerReason="StopAuthorized", idToken=token("X2"))
    assert t.claims("apart.own_driver", "SC-09.3", starts=[t["start"]]).judged().verdict is PASS


@pytest.mark.parametrize(
    ("events", "verdict"),
    [
        ([("A", 1), ("B", 2), ("A", 1)], PASS),
        ([("A", 1), ("A", 2)], FAIL),
        ([("A", 1)], INCONCLUSIVE),  # of the other EVSE nothing was told
        ([("A", 1), ("B", 1)], INCONCLUSIVE),
    ],
)
def test_sessions_at_two_evses_have_an_id_each(events: Any, verdict: Verdict) -> None:
    """An id that is told of at both EVSEs is wrong."""
    t = T().connects().named("begin").of("CS-1", 1)
    for number, (tx, evse) in enumerate(events):
        t.tells("Updated" if number else "Started", number, tx=tx, evse={"id": evse, "connectorId": 1}).wait(1)
    assert t.claims("apart.own_evse", "SC-09.3", since="@begin", evses=[1, 2]).judged().verdict is verdict


@pytest.mark.parametrize(
    ("told", "verdict"),
    [
        ([(2, "Occupied"), (2, "Available"), (2, "Unavailable")], PASS),
        ([(2, "Occupied"), (1, "Occupied"), (2, "Unavailable")], FAIL),
        ([(2, "Occupied"), (2, "Unavailable"), (1, "Unavailable")], FAIL),
        ([(1, "Available"), (2, "Occupied"), (2, "Unavailable")], PASS),  # told again as it was
        ([(2, "Occupied")], INCONCLUSIVE),
    ],
)
def test_one_evse_s_status_is_not_the_other_s(told: Any, verdict: Verdict) -> None:
    """What happens at EVSE 2 is not told of EVSE 1."""
    t = T().connects().named("begin").of("CS-1", 1)
    for evse, state in told:
        t.says("StatusNotification", {"evseId": evse, "connectorId": 1, "connectorStatus": state}).wait(1)
    t.claims("apart.own_status", "SC-09.2", since="@begin", states=["Occupied", "Unavailable"], evse_id=1, other=2)
    assert t.judged().verdict is verdict
