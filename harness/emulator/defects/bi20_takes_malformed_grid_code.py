"""Accepts a grid code setting whose content belongs to another kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Set = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    def yielding(set_der_control: Set) -> Set:
        def never_rejected(request: dict[str, Any]) -> Any:
            answer = set_der_control(request)
            refused = isinstance(answer, dict) and answer["status"] == "Rejected"
            return {"status": "Accepted"} if refused else answer

        return never_rejected

    swap(ocpp_of(station).der, "set_der_control", yielding)


DEFECT = Defect(
    name="takes-malformed-grid-code",
    title="Accepts a malformed grid code setting",
    what_is_broken="A DER control whose settings do not fit its kind is answered with Accepted.",
    must_fail=("OCPP-R04.P002",),
    run=("BI-20",),
    apply=_break,
)
