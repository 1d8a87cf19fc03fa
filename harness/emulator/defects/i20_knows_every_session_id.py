"""Takes a request under the SessionID of no session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from harness.emulator.defects._model import Defect, in_the_secc, swap


def _break() -> None:
    from harness.emulator.secc.line._session import Session

    def takes(plain: Callable[..., bool]) -> Callable[..., bool]:
        def out_of_turn(self: Any, asked: Any) -> bool:
            header = getattr(asked, "header", None)
            if self.session_id and header is not None and str(asked) == "ServiceDiscoveryReq":
                header.session_id = self.session_id
            return plain(self, asked)

        return out_of_turn

    swap(Session, "_out_of_turn", takes)


DEFECT = Defect(
    name="knows-every-session-id",
    title="Takes any SessionID in ServiceDiscovery",
    what_is_broken="Whatever SessionID stands in ServiceDiscoveryReq, it is answered.",
    must_fail=("I20-SID.P001",),
    run=("I20-SID.P001",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
