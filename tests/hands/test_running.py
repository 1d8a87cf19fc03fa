"""The running case: its limits by role, and what it puts back."""

from __future__ import annotations

import asyncio

import pytest

from tests.hands._case import QUICK, SLOW, running


def test_a_wait_lasts_as_long_as_the_slowest_purpose_asks() -> None:
    """Where two purposes of a case have the same role, a wait must not end before either could be seen to hold."""
    assert running(SLOW, QUICK).limit("response") == 9.0
    assert running(QUICK).limit("response") == 4.0


def test_a_role_that_no_purpose_has_names_those_there_are() -> None:
    """The author of a case sees what to write, or what the criterion in the catalogue lacks."""
    with pytest.raises(KeyError, match=r"offline_gap.*there are: response"):
        running(QUICK).limit("offline_gap")


def test_a_default_is_for_waits_that_no_verdict_hangs_on() -> None:
    """The limit wins where there is one."""
    assert running(QUICK).limit("dwell", 1.0) == 1.0
    assert running(QUICK).limit("response", 1.0) == 4.0


def test_what_was_changed_comes_back_last_first() -> None:
    """One that cannot be put back does not keep the others."""
    done: list[str] = []
    case = running(QUICK)

    async def undo(name: str, fails: bool = False) -> None:
        done.append(name)
        if fails:
            raise TimeoutError

    for name, fails in (("first", False), ("second", True), ("third", False)):
        case.on_restore(lambda name=name, fails=fails: undo(name, fails))
    asyncio.run(case.undo())
    asyncio.run(case.undo())
    assert done == ["third", "second", "first"]
