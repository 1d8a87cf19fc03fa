"""Loss and recovery, what happened meanwhile, and the share of time connected."""

from __future__ import annotations

from typing import Any

import pytest

from harness.judge import Verdict
from tests.judges._trace import LIMITS, T

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
DAY_S = 86400.0


def cut(t: T | None = None, after_s: float = 10.0) -> T:
    """A charging session is under way; the network is cut for ten seconds."""
    t = (t or T()).connects(1)
    t.tells("Started", 0).is_answered().wait(1).tells("Updated", 1).is_answered().wait(1)
    return t.acts("csms.network", "cut:reset").named("cut").closes(1, by="harness").wait(after_s)


def restored(t: T) -> T:
    """The network returns."""
    return t.acts("csms.network", "restore").named("restored")


def back(t: T, after_s: float = 3.0) -> T:
    """The charger is connected again."""
    return restored(t).wait(after_s).connects(2).wait(0.1)


def reconnected(t: T) -> Verdict:
    """The verdict on SC-05.1."""
    return t.claims("connectivity.reconnects", "SC-05.1", cut="@cut", restored="@restored").judged().verdict


def delivered(t: T, **more: Any) -> Verdict:
    """The verdict on SC-05.2."""
    t.claims("connectivity.offline_events_delivered", "SC-05.2", cut="@cut", restored="@restored", **more)
    return t.judged().verdict


@pytest.mark.parametrize(("after_s", "expected"), [(3, PASS), (120, PASS), (121, FAIL)])
def test_time_to_reconnect(after_s: float, expected: Verdict) -> None:
    """Two minutes are agreed, from the network's return."""
    assert reconnected(back(cut(), after_s)) is expected


def test_a_charger_that_stays_away_fails_when_the_time_is_up() -> None:
    """And not before."""
    assert reconnected(restored(cut()).wait(60)) is INCONCLUSIVE
    assert reconnected(restored(cut()).wait(121)) is FAIL


def test_a_cut_that_cut_nothing_proves_nothing() -> None:
    """The connection was never lost, or came back while the network was away."""
    t = T().connects(1).acts("csms.network", "cut:reset").named("cut").wait(10)
    assert reconnected(restored(t).wait(1)) is INCONCLUSIVE
    t = cut().connects(2).wait(1)
    assert reconnected(restored(t).wait(130)) is INCONCLUSIVE


def test_the_offline_end_is_delivered() -> None:
    """Ended at 4 s, told at 15 s, with its own time and the offline flag."""
    assert delivered(back(cut()).tells("Ended", 2, at_s=4.0, offline=True)) is PASS


@pytest.mark.parametrize("skew_s", [-7200.0, -20.0, 20.0])
def test_the_chargers_clock_may_be_off(skew_s: float) -> None:
    """Its times are compared with its own clock as it ran before the cut."""
    assert delivered(back(cut(T(skew_s=skew_s))).tells("Ended", 2, at_s=4.0, offline=True)) is PASS


def outage(first_s: float, apart_s: float) -> Verdict:
    """Ten events of an outage of ten seconds (2 to 12 s), with times from `first_s` on, told at 15 s."""
    t = back(cut())
    for n in range(10):
        t.tells("Ended" if n == 9 else "Updated", n + 2, at_s=first_s + n * apart_s, offline=True)
    return delivered(t, many=True)


@pytest.mark.parametrize(("first_s", "apart_s", "expected"), [(3, 0.8, PASS), (12.5, 0.01, FAIL), (12.1, 0.4, FAIL)])
def test_a_whole_outage_stamped_when_it_was_sent_fails(first_s: float, apart_s: float, expected: Verdict) -> None:
    """Ten seconds' events did not all happen as the network came back."""
    assert outage(first_s, apart_s) is expected


def test_an_end_stamped_when_it_was_sent_fails() -> None:
    """Three seconds after the network's return, for something that happened before it."""
    assert delivered(back(cut()).tells("Ended", 2, offline=True)) is FAIL


def test_an_end_stamped_about_the_return_cannot_be_told() -> None:
    """Back within half a second: happened then, or sent then?"""
    assert delivered(back(cut(), 0.4).tells("Ended", 2, offline=True)) is INCONCLUSIVE


def test_without_a_clock_to_compare_with_the_time_cannot_be_judged() -> None:
    """The only messages before the cut carried no time."""
    t = (
        T()
        .connects(1)
        .says("TransactionEvent", {"eventType": "Started", "seqNo": 0, "transactionInfo": {"transactionId": "TX-1"}})
    )
    t.wait(1).acts("csms.network", "cut:reset").named("cut").closes(1, by="harness").wait(10)
    assert delivered(back(t).tells("Ended", 1, at_s=4.0, offline=True)) is INCONCLUSIVE


def test_an_end_that_never_comes_fails() -> None:
    """Connected again, and nothing more of the transaction."""
    assert delivered(back(cut()).wait(20)) is FAIL


@pytest.mark.parametrize(("value", "verdict"), [("true", FAIL), ("True", FAIL), ("false", INCONCLUSIVE)])
def test_a_charger_that_keeps_a_session_whose_car_left_owes_no_end(value: str, verdict: Verdict) -> None:
    """With StopTxOnEVSideDisconnect false, and not to be changed, the transaction is only suspended (E10)."""
    variable = {"component": {"name": "TxCtrlr"}, "variable": {"name": "StopTxOnEVSideDisconnect"}}
    t = T().connects(1).asks("GetVariables", {"getVariableData": [variable]}).named("leaving")
    t.answers({"getVariableResult": [{"attributeStatus": "Accepted", "attributeValue": value, **variable}]})
    assert delivered(back(cut(t)).wait(20), leaving=t["leaving"]) is verdict


def test_a_charger_that_is_not_back_has_not_delivered() -> None:
    """Nobody knows while it may still return; after the agreed time it has failed at this too."""
    assert delivered(restored(cut()).wait(60)) is INCONCLUSIVE
    assert delivered(restored(cut()).wait(121)) is FAIL


@pytest.mark.parametrize("number", [1, 3, 4])
def test_a_number_missing_or_repeated_fails(number: int) -> None:
    """After 0 and 1 comes 2."""
    assert delivered(back(cut()).tells("Ended", number, at_s=4.0, offline=True)) is FAIL


def test_the_order_of_delivery_is_free() -> None:
    """The end before what came before it: events may arrive in another order, the numbers tell (Part 2, E 1.3.2)."""
    t = back(cut()).tells("Ended", 3, at_s=5.0, offline=True).tells("Updated", 2, at_s=4.0, offline=True)
    assert delivered(t) is PASS


def test_sending_again_what_was_never_answered_is_a_duty() -> None:
    """The cut ate our answer to number 2: it comes again, with the same number and time (E13)."""
    t = T().connects(1).tells("Started", 0).is_answered().wait(1).tells("Updated", 1, at_s=1.0)
    t.acts("csms.network", "cut:reset").named("cut").closes(1, by="harness").wait(10)
    t = back(t).tells("Updated", 1, at_s=1.0).tells("Ended", 2, at_s=3.0, offline=True)
    assert delivered(t) is PASS


def test_what_happened_offline_must_say_so() -> None:
    """Five seconds into the gap the charger knew that it was offline (E04.FR.03)."""
    t = back(cut()).tells("Updated", 2, at_s=7.0).tells("Ended", 3, at_s=8.0, offline=True)
    assert delivered(t) is FAIL
    t = back(cut()).tells("Updated", 2, at_s=7.0, offline=True).tells("Ended", 3, at_s=8.0, offline=True)
    assert delivered(t) is PASS


def test_another_transactions_end_is_none() -> None:
    """A different one is told of; the one under way is forgotten."""
    assert delivered(back(cut()).tells("Ended", 2, tx="TX-2", at_s=4.0, offline=True)) is FAIL


def test_no_session_at_the_cut_proves_nothing() -> None:
    """It had ended before; or the charger was heard in between."""
    t = T().connects(1).tells("Started", 0).tells("Ended", 1).wait(1)
    t.acts("csms.network", "cut:reset").named("cut").closes(1).wait(10)
    assert delivered(back(t).wait(5)) is INCONCLUSIVE
    t = cut(after_s=5).tells("Ended", 2).wait(5)
    assert delivered(back(t).wait(5)) is INCONCLUSIVE


def test_connecting_and_speaking_is_asked_for() -> None:
    """SC-05.4: a connection, and a word on it."""
    judge = "connectivity.connects"
    assert T().connects().says("BootNotification").claims(judge).judged().verdict is PASS
    assert T().connects().claims(judge).judged().verdict is INCONCLUSIVE
    assert T().claims(judge).judged().verdict is INCONCLUSIVE
    assert T().connects(1).connects(2).says("Heartbeat", conn=3).claims(judge).judged().verdict is INCONCLUSIVE


def share(t: T, window_day: float = 1.0) -> Any:
    """The finding on SC-05.3, with a shorter window."""
    limits = dict(LIMITS)
    old = limits["window"]
    limits["window"] = type(old)(name=old.name, value=window_day, unit="day", sense=old.sense)
    return t.claims("connected_share.at_least_98_percent", "SC-05.3").judged(limits)


def beats(t: T, for_s: float) -> T:
    """A heartbeat every half minute."""
    for _ in range(round(for_s / 30)):
        t.wait(30).says("Heartbeat").is_answered()
    return t


def test_a_day_without_loss_passes() -> None:
    """Both bounds are near 100 %."""
    assert share(beats(T().connects(), DAY_S)).verdict is PASS


def test_a_window_too_short_proves_nothing() -> None:
    """An hour of a day."""
    assert share(beats(T().connects(), 3600)).verdict is INCONCLUSIVE


def test_an_hour_away_in_a_day_fails() -> None:
    """It closed by itself and came back an hour later: 95.8 %."""
    t = beats(T().connects(1), DAY_S / 2).closes(1).wait(3600).connects(2)
    assert share(beats(t, DAY_S / 2)).verdict is FAIL


def test_a_connection_that_died_unnoticed_counts_from_its_last_word() -> None:
    """An hour of silence before the socket was closed is an hour away."""
    t = beats(T().connects(1), DAY_S / 2).wait(3600).closes(1).connects(2)
    assert share(beats(t, DAY_S / 2)).verdict is FAIL


def test_time_that_we_took_ourselves_counts_either_way() -> None:
    """We cut the network for an hour: inconclusive, with both bounds given."""
    t = beats(T().connects(1), DAY_S / 2).acts("csms.network", "cut:reset").closes(1, by="harness").wait(3600)
    t.acts("csms.network", "restore").wait(10).connects(2)
    finding = share(beats(t, DAY_S / 2))
    assert finding.verdict is INCONCLUSIVE
    assert [round(m.value) for m in finding.measurements] == [96, 100]


def test_our_cut_is_no_excuse_for_staying_away_for_good() -> None:
    """Ten seconds of ours, an hour of the charger's."""
    t = beats(T().connects(1), DAY_S / 2).acts("csms.network", "cut:reset").closes(1, by="harness").wait(10)
    t.acts("csms.network", "restore").wait(3600).connects(2)
    assert share(beats(t, DAY_S / 2)).verdict is FAIL
