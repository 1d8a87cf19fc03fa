"""Joins a session that it never had."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc.line._session import Session

    def takes(plain: Callable[..., bool]) -> Callable[..., bool]:
        def out_of_turn(self: Any, asked: Any) -> bool:
            if str(asked) == "SessionSetupReq" and asked.header.session_id.strip("0"):
                self.session_id = asked.header.session_id
            return plain(self, asked)

        return out_of_turn

    swap(Session, "_out_of_turn", takes)


DEFECT = Defect(
    name="joins-what-never-was",
    title="Joins a session that never was",
    what_is_broken="SessionSetup with a SessionID is answered with OK_OldSessionJoined, whatever it is.",
    must_fail=("I20-SID.P005",),
    run=("I20-SID.P005",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
