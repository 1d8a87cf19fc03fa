"""Takes a request under the SessionID 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc.line._session import Session

    def takes(plain: Callable[..., bool]) -> Callable[..., bool]:
        def out_of_turn(self: Any, asked: Any) -> bool:
            header = getattr(asked, "header", None)
            if (
                self.session_id
                and header is not None
                and not header.session_id.strip("0")
                and str(asked) != "SessionSetupReq"
            ):
                header.session_id = self.session_id
            return plain(self, asked)

        return out_of_turn

    swap(Session, "_out_of_turn", takes)


DEFECT = Defect(
    name="serves-nobody",
    title="Takes the SessionID 0 for its session",
    what_is_broken="A request with the SessionID 0 is answered within a session.",
    must_fail=("I20-SID.P002",),
    run=("I20-SID.P002",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
