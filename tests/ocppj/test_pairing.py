"""Which answer belongs to which CALL, from the octets of both sides alone."""

from __future__ import annotations

import json

from harness.ocppj import Conversation, Match, Remark, read


class Talk:
    """Frames given a number each; `conn` is where the next one goes."""

    def __init__(self) -> None:
        self.it, self.count, self.conn = Conversation(), -1, 1

    def __call__(self, way: str, *parts: object) -> Match:
        raw = json.dumps(parts).encode() if parts else b"rubbish"
        self.count += 1
        return self.it.take(way, self.conn, read(raw), self.count, raw)


def test_an_answer_takes_its_calls_action_and_number() -> None:
    """In both directions, the same id being used by either side."""
    talk = Talk()
    talk("out", 2, "1", "Reset", {})
    talk("in", 2, "1", "Heartbeat", {})
    assert talk("out", 3, "1", {}) == Match("Heartbeat", 1)
    assert talk("in", 3, "1", {}) == Match("Reset", 0)


def test_a_second_answer_and_one_to_nothing_are_told() -> None:
    """A CALL is answered once, and only what was asked is answered."""
    talk = Talk()
    talk("out", 2, "1", "Reset", {})
    talk("in", 4, "1", "GenericError", "", {})
    assert talk("in", 3, "1", {}).remark is Remark.DUPLICATE
    assert talk("in", 3, "2", {}).remark is Remark.UNASKED


def test_a_log_that_begins_in_the_middle_blames_nobody_for_its_beginning() -> None:
    """Before the connection's opening or a CALL of it was seen, an answer may belong to what came before the log."""
    talk = Talk()
    assert talk("in", 3, "1", {}) == Match(None)
    talk.it.opened(1)
    assert talk("in", 3, "2", {}).remark is Remark.UNASKED


def test_an_id_may_be_repeated_word_for_word_only() -> None:
    """A retry is the same text; another text with the same id is another message, on whichever connection."""
    talk = Talk()
    talk("in", 2, "1", "Heartbeat", {})
    assert talk("in", 2, "1", "Heartbeat", {}).remark is Remark.RETRY
    talk.conn = 2
    assert talk("in", 2, "1", "StatusNotification", {}).remark is Remark.REUSED


def test_what_we_garbled_may_be_answered_with_an_error_once() -> None:
    """An error without a CALL is the proper reply to what cannot be read; a second one is not."""
    talk = Talk()
    talk.it.opened(1)
    talk("out")
    assert talk("in", 4, "-1", "RpcFrameworkError", "", {}) == Match(None)
    assert talk("in", 4, "-1", "RpcFrameworkError", "", {}).remark is Remark.UNASKED


def test_an_answer_over_another_connection_still_belongs_to_its_call() -> None:
    """A connection may break between the two; the remark says so."""
    talk = Talk()
    talk("out", 2, "1", "Reset", {})
    talk.conn = 2
    assert talk("in", 3, "1", {}) == Match("Reset", 0, Remark.ELSEWHERE)


def test_a_callresulterror_speaks_of_the_answer_to_its_senders_call() -> None:
    """OCPP 2.1: the caller could not take the answer."""
    talk = Talk()
    talk("in", 2, "1", "Heartbeat", {})
    talk("out", 3, "1", {})
    assert talk("in", 5, "1", "FormatViolation", "", {}) == Match("Heartbeat", 0)
