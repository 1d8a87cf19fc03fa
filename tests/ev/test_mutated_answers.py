"""Sessions in which one answer is spoilt: the car says what it could make nothing of, and never breaks."""

from __future__ import annotations

import pytest

from ev_emulator import UnexpectedMessage
from ev_emulator.line._message import Message
from ev_emulator.line._misread import misread
from tests.ev.mutated_answers import STEPS, run


def test_sixty_sessions() -> None:
    """No step raises what is not the charger's, nothing is a fault of ours; the control: most steps go well."""
    ends, wrong = run(60, seed=2)
    assert wrong == []
    assert ends["went well"] > 60 * len(STEPS) / 2
    assert ends["UnexpectedMessage"] > 5


def _answer(*deviations: str) -> Message:
    return Message("SessionSetupRes", {"ResponseCode": "OK"}, 0x8002, b"", 0, deviations)


def test_an_answer_that_left_its_schema_is_the_charger_s() -> None:
    """What the car stumbles over is told by its deviation."""
    with (
        pytest.raises(UnexpectedMessage, match="nothing of SessionSetupRes: Header is missing"),
        misread(lambda: _answer("Header is missing")),
    ):
        raise KeyError("Header")


def test_a_stumble_over_a_good_answer_is_the_car_s_own() -> None:
    """Never blamed on the charger: it is raised as what it is."""
    with pytest.raises(KeyError), misread(_answer):
        raise KeyError("Header")
    with pytest.raises(KeyError), misread(lambda: None):
        raise KeyError("Header")
