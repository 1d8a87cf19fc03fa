"""The engine: what sets a rule off, what it may know, what it owes, and what stays when it fails."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from harness.judge.rules import CSMS, PROVOKED, Debt, Message, Provoked, Station, Tally, results
from requirement_catalog import load_suites
from tests.rules._stream import Stream, row, stamp

ID = "OCPP-X99.R001"


def always(s: Station, m: Message) -> bool:
    return True


def never(s: Station, m: Message) -> str:
    return f"number {m.at} is wrong"


@pytest.mark.parametrize(
    ("on", "wanted"),
    [
        ("call:Heartbeat", [1]),
        ("told:Heartbeat", [2]),
        ("asked:Reset", [3]),
        ("result:Reset", [4]),
        ("error:GetLog", [6]),
        ("call:*", [1]),
        ("asked:*", [3, 5]),
        ("answer:*", [4, 6]),
        ("sent", [1, 4, 6, 7]),
        ("frame", [7]),
    ],
)
def test_a_rule_is_set_off_by_what_it_names(on: str, wanted: list[int]) -> None:
    """An action of one side, a family, all that the station sent, or what is no message at all."""
    seen: list[int] = []
    stream = Stream(row(lambda s, m: seen.append(m.at), on))
    stream.sends("Heartbeat", {}).answered("Reset", {"type": "OnIdle"}, {"status": "Accepted"})
    stream.answered("GetLog", {}, None, "NotSupported").raw("rubbish")
    assert seen == wanted


def test_exercised_and_violated_are_counted() -> None:
    """What held, what did not, and what did not concern the rule; the first frame that exercised it is named."""
    said = iter([None, True, "wrong", [True, "wrong"], None])
    stream = Stream(row(lambda s, m: next(said), "call:Heartbeat"))
    for _ in range(5):
        stream.sends("Heartbeat", {})
    assert (stream.of(ID).exercised, stream.of(ID).violated, stream.of(ID).first_at) == (4, 2, 3)


def test_each_kind_of_place_is_kept_once() -> None:
    """What differs in numbers only is one kind, counted; the first one of it is kept with its frame."""
    stream = Stream(row(never, "call:Heartbeat"))
    for _ in range(50):
        stream.sends("Heartbeat", {})
    (place,) = stream.of(ID).places.values()
    assert (place.seen, place.at, place.times) == ("number 1 is wrong", (1,), 50)
    assert json.loads(place.frame)[2] == "Heartbeat"


def test_kinds_of_places_are_bounded() -> None:
    """A station that is wrong in ever new ways fills no memory."""
    stream = Stream(row(lambda s, m: "x" * m.at, "call:Heartbeat"))
    for _ in range(100):
        stream.sends("Heartbeat", {})
    assert (len(stream.of(ID).places), stream.of(ID).violated) == (20, 100)


def test_a_rule_sees_the_station_as_it_was_before() -> None:
    """Facts are taken in after the rules have looked."""
    seen: list[str | None] = []
    stream = Stream(row(lambda s, m: seen.append(s.registration), "told:BootNotification"))
    stream.boots("Pending").boots("Accepted")
    assert seen == [None, None]
    assert stream.watch.stations["CP1"].registration == "Accepted"


def test_a_rule_that_raises_is_an_error_of_that_rule_alone() -> None:
    """The other rules go on, and the error names the frame."""
    stream = Stream(row(lambda s, m: 1 / 0, "call:Heartbeat"), row(always, "call:Heartbeat", id="OCPP-X99.R002"))
    for _ in range(10):
        stream.sends("Heartbeat", {})
    broken = stream.of(ID)
    assert (broken.exercised, broken.violated, len(broken.errors)) == (0, 0, 5)
    assert broken.errors[0].startswith("frame 1: ZeroDivisionError")
    assert stream.of("OCPP-X99.R002").exercised == 10


def test_a_debt_that_raises_is_an_error_of_its_rule() -> None:
    """Also what looks at later messages may fail, and is then given up."""
    stream = Stream(row(lambda s, m: Debt("unpaid", 10, lambda x: 1 / 0 > 1), "asked:Reset"))
    stream.answered("Reset", {"type": "OnIdle"}, {"status": "Accepted"}).after(60).sends("Heartbeat", {})
    assert (stream.of(ID).violated, len(stream.of(ID).errors)) == (0, 1)


# -- versions and states ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("spoken", "versions", "exercised"),
    [
        ("ocpp2.1", ("2.1",), 1),
        ("ocpp2.0.1", ("2.1",), 0),
        ("ocpp2.0.1", ("2.0.1", "2.1"), 1),
        ("ocpp1.6", ("2.0.1", "2.1"), 0),
        (None, ("2.0.1", "2.1"), 1),
        (None, ("2.1",), 0),
        (None, ("2.0.1",), 0),
    ],
)
def test_a_rule_looks_at_its_versions_only(spoken: str | None, versions: tuple[str, ...], exercised: int) -> None:
    """Where nobody tells the version, only what both versions say."""
    stream = Stream(row(always, "call:Heartbeat", versions=versions), version=spoken).sends("Heartbeat", {})
    assert stream.of(ID).exercised == exercised


def test_state_from_boot_waits_for_a_boot() -> None:
    """A log that begins in the middle exercises nothing that needs the boot."""
    stream = Stream(row(always, "call:Heartbeat", state_from="boot"))
    stream.sends("Heartbeat", {}).boots().sends("Heartbeat", {})
    assert stream.of(ID).exercised == 1


def test_state_from_session_waits_for_the_transactions_beginning() -> None:
    """Each transaction for itself."""
    stream = Stream(row(always, "call:TransactionEvent", state_from="session"))
    stream.event("Updated", 4, tx="OLD").event("Started", 0, tx="NEW").event("Updated", 1, tx="NEW")
    stream.event("Ended", 5, tx="OLD")
    assert stream.of(ID).exercised == 2


# -- debts ------------------------------------------------------------------------------------------------------------


def owing(**more: Any) -> Any:
    return row(lambda s, m: Debt("unpaid", 10, lambda x: x.action == "Heartbeat", **more), "result:Reset")


def promised(stream: Stream) -> Stream:
    return stream.answered("Reset", {"type": "OnIdle"}, {"status": "Scheduled"})


def test_a_debt_that_is_paid_held() -> None:
    """Both frames are evidence."""
    stream = promised(Stream(owing()).opened()).after(5).sends("Heartbeat", {})
    assert (stream.of(ID).exercised, stream.of(ID).violated) == (1, 0)


def test_a_debt_that_is_not_paid_in_time_is_violated() -> None:
    """Found as soon as anything later is seen; the place is that of the promise."""
    stream = promised(Stream(owing()).opened()).after(11).sends("Heartbeat", {})
    (place,) = stream.of(ID).places.values()
    assert (place.seen, place.at) == ("unpaid", (3,))


def test_a_debt_that_is_not_due_at_the_end_is_undecided() -> None:
    """The log ends too early for it."""
    stream = promised(Stream(owing()).opened()).after(5).state("Available")
    assert stream.of(ID).exercised == 0


def test_a_lost_connection_leaves_a_debt_undecided() -> None:
    """Without the line nothing can be sent; one that survives waits on."""
    for survives, violated in ((False, 0), (True, 1)):
        stream = promised(Stream(owing(survives=survives)).opened()).closed().after(2).opened()
        stream.state("Available").after(20).state("Available")
        assert stream.of(ID).violated == violated


def test_silence_in_a_log_without_connections_leaves_a_debt_undecided() -> None:
    """It may be a hole in the log; where the station spoke meanwhile, it is none."""
    stream = promised(Stream(owing())).after(60).state("Available")
    assert stream.of(ID).exercised == 0
    stream = promised(Stream(owing())).after(5).state("Available").after(60).state("Available")
    assert stream.of(ID).exercised == 0
    stream = promised(Stream(owing())).after(5).state("Available").after(20).state("Available")
    assert stream.of(ID).violated == 1


def test_a_debt_may_end_without_a_payment_and_may_be_broken_at_once() -> None:
    """`ends_by` leaves it undecided; `wrong_by` tells what is wrong instead of waiting."""
    stream = promised(Stream(owing(ends_by=lambda x: x.action == "StatusNotification")).opened())
    assert stream.state("Available").after(60).state("Available").of(ID).exercised == 0
    wrong = owing(wrong_by=lambda x: "that is wrong" if x.action == "StatusNotification" else None)
    stream = promised(Stream(wrong).opened()).state("Available")
    assert [p.seen for p in stream.of(ID).places.values()] == ["that is wrong"]


def test_debts_are_bounded() -> None:
    """A backend that asks without end fills no memory."""
    stream = Stream(row(lambda s, m: Debt("unpaid", 1e6, lambda x: False), "asked:Reset")).opened()
    for _ in range(600):
        stream.answered("Reset", {"type": "OnIdle"}, {"status": "Rejected"})
    assert len(stream.watch._owed["CP1"]) == 256


# -- exceptions -------------------------------------------------------------------------------------------------------


def test_what_we_provoked_is_forgiven_where_the_row_says_so() -> None:
    """For as long as it goes on and a moment longer; other rules count it all the same."""
    for unless, violated in (((PROVOKED,), 1), ((), 2)):
        stream = Stream(row(never, "call:Heartbeat", unless=unless))
        stream.sends("Heartbeat", {}).provoked(for_s=3).after(2).sends("Heartbeat", {})
        assert stream.of(ID).violated == violated
        assert stream.after(5).sends("Heartbeat", {}).of(ID).violated == violated + 1


def test_what_is_provoked_of_nobody_is_so_of_everybody() -> None:
    """A network that is cut is cut for all stations."""
    stream = Stream(row(never, "call:Heartbeat", unless=(PROVOKED,))).sends("Heartbeat", {})
    stream.watch.take(Provoked(9, 10**9, "", "the network is cut", 5 * 10**9))
    assert stream.after(3).sends("Heartbeat", {}).of(ID).violated == 1


def test_a_debt_waits_as_much_longer_as_we_keep_the_station_waiting() -> None:
    """While we hold an answer back it may not call (Part 4, 4.1.1)."""
    stream = promised(Stream(owing()).opened()).provoked(for_s=20).after(25).sends("Heartbeat", {})
    assert (stream.of(ID).exercised, stream.of(ID).violated) == (1, 0)


def test_a_network_that_we_cut_leaves_debts_undecided() -> None:
    """As a lost connection does, also where no connection was closed."""
    stream = promised(Stream(owing()).opened()).provoked("cut:blackhole", away=True).after(60).sends("Heartbeat", {})
    assert stream.of(ID).exercised == 0


def test_what_the_backend_asked_for_is_known_for_a_while() -> None:
    """TriggerMessage and the requests for reports, by the action that answers them."""
    stream = Stream(row(always, "call:Heartbeat"))
    stream.answered("TriggerMessage", {"requestedMessage": "Heartbeat"}, {"status": "Accepted"})
    stream.answered("GetBaseReport", {"requestId": 1, "reportBase": "FullInventory"}, {"status": "Accepted"})
    s = stream.watch.stations["CP1"]
    assert s.was_asked_for("Heartbeat", 120) and s.was_asked_for("NotifyReport", 120)
    assert not s.was_asked_for("MeterValues", 120)
    stream.after(300).sends("Heartbeat", {})
    assert not s.was_asked_for("Heartbeat", 120)


# -- bounds and results -----------------------------------------------------------------------------------------------


def test_a_stations_state_is_bounded() -> None:
    """Transactions, calls, requests, variables, ids without end: nothing of it grows for ever."""
    stream = Stream().opened().boots()
    for n in range(700):
        stream.event("Started", 0, tx=f"T{n}").event("Updated", 1 + 40 * n, tx=f"T{n}")
        stream.raw(json.dumps([2, f"c{n}", "GetReport", {"requestId": n}]), CSMS)
        stream.sends("Heartbeat", {}, open=True).sends(f"Action{n}", {})
    s = stream.watch.stations["CP1"]
    sizes = [len(v) for v in vars(s).values() if hasattr(v, "__len__")] + [len(v) for v in s.open_calls.values()]
    sizes += [len(v) for v in s.notes.values()] + [len(t.missing) for t in s.transactions.values()]
    assert max(sizes) <= 256
    assert len(stream.talk._calls) <= 2048
    assert sum(len(x) for x in stream.talk._pairing._calls.values()) <= 2 * 2048


def test_stations_do_not_mix() -> None:
    """Each has its state and its tally."""
    one, two = Stream(), Stream(station="CP2")
    two.watch = one.watch
    one.boots("Pending").state("Available")
    two.boots().state("Available")
    assert (one.of("OCPP-B02.R002").violated, two.of("OCPP-B02.R002").violated) == (1, 0)


def test_a_rule_that_was_not_exercised_is_told_of() -> None:
    """With no station, and nothing counted."""
    stream = Stream(row(always, "call:Heartbeat"), row(always, "call:MeterValues", id="OCPP-X99.R002"))
    found = {each.rule: each for each in results(stream.sends("Heartbeat", {}).watch.tallies, stream.rows, ())}
    assert (found[ID].station, found[ID].exercised) == ("CP1", 1)
    assert (found["OCPP-X99.R002"].station, found["OCPP-X99.R002"].exercised) == ("", 0)


def test_a_rule_decides_that_was_read_twice_and_proven() -> None:
    """Read once, or never seen red and green, it is advisory, and each result says of what."""
    other = row(never, "call:Heartbeat", id="OCPP-X99.R002", readings=2)
    stream = Stream(row(never, "call:Heartbeat"), other)
    stream.sends("Heartbeat", {})
    proven = [each.weight for each in results(stream.watch.tallies, stream.rows, {ID, "OCPP-X99.R002"})]
    assert proven == ["read once", "decides"]
    assert [each.weight for each in results(stream.watch.tallies, stream.rows, {ID})] == ["read once", "unproven"]
    assert not any(each.decides for each in results(stream.watch.tallies, stream.rows, ()))


def test_a_rule_compares_with_the_numbers_of_its_row() -> None:
    """Another number in the catalogue is another verdict; no number stands in a rule's function."""
    row_ = load_suites().rule("OCPP-P4.R007")
    seen = []
    for answered_s in (600.0, 120.0):
        limit = msgspec.structs.replace(row_.limits["answered"], value=answered_s)
        stream = Stream(msgspec.structs.replace(row_, limits={"answered": limit})).opened().boots()
        stream.answered("ClearCache", {}, {"status": "Accepted"})
        stream.raw('[2,"never","ClearCache",{}]', CSMS).after(200).sends("Heartbeat", {}).after(200)
        seen.append(stream.sends("Heartbeat", {}).of(row_.id).violated)
    assert seen == [0, 1]


def test_the_same_stream_gives_the_same_results() -> None:
    """Rules have no clock and no memory of their own beyond the stream."""

    def run() -> list[Tally]:
        stream = Stream().opened().boots("Pending", 5).state("Available").after(5).boots()
        stream.event("Started", 0, state="Charging").event("Updated", 3).closed().after(30).opened().sends("X", {})
        return sorted(stream.watch.tallies, key=lambda t: t.rule)

    assert run() == run()


def test_two_rules_may_not_have_one_id() -> None:
    """The second one is refused."""
    row(always, "call:Heartbeat")
    from harness.judge.rules import rule

    with pytest.raises(ValueError, match="two rules are called OCPP-X99"):
        rule(ID, "call:Heartbeat")(never)


def test_a_whole_number_written_with_a_point_is_that_number() -> None:
    """JSON knows one kind of number: a station that writes 1.0 for 1 sets rules off like any other, and is caught."""
    info = {"transactionId": "T1"}
    told = {"eventType": "Started", "timestamp": stamp(0), "triggerReason": "Authorized", "transactionInfo": info}
    s = Stream().opened().boots()
    s.sends("TransactionEvent", told | {"seqNo": 0.0, "evse": {"id": 1.0, "connectorId": 1.0}})
    s.sends("TransactionEvent", told | {"eventType": "Updated", "seqNo": 1.0})
    assert s.of("OCPP-E01.R001").exercised and "OCPP-E01.R002" not in s.red()
    s.sends("TransactionEvent", told | {"eventType": "Updated", "seqNo": 1.0, "triggerReason": "Trigger"})
    assert "OCPP-E01.R002" in s.red()
