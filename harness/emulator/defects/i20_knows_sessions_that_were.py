"""Takes a request under the SessionID of the session before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc.line._session import Session

    had: set[str] = set()

    def takes(plain: Callable[..., bool]) -> Callable[..., bool]:
        def out_of_turn(self: Any, asked: Any) -> bool:
            header = getattr(asked, "header", None)
            if header is not None and self.session_id.strip("0") and str(asked) != "SessionSetupReq":
                if header.session_id in had:
                    header.session_id = self.session_id
                had.add(self.session_id)
            return plain(self, asked)

        return out_of_turn

    swap(Session, "_out_of_turn", takes)


DEFECT = Defect(
    name="knows-sessions-that-were",
    title="Takes the SessionID of the session before",
    what_is_broken="A request with the SessionID of a session that was stopped is answered.",
    must_fail=("I20-SID.P003",),
    run=("I20-SID.P003",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
