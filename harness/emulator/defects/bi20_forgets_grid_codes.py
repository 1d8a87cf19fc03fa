"""Accepts a grid code setting, and keeps nothing of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Set = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    der = ocpp_of(station).der

    def forgetful(set_der_control: Set) -> Set:
        def at_once(request: dict[str, Any]) -> Any:
            answer = set_der_control(request)
            der.clear_der_control({"controlId": request["controlId"]})
            return answer

        return at_once

    swap(der, "set_der_control", forgetful)


DEFECT = Defect(
    name="forgets-grid-codes",
    title="Accepts a grid code setting without keeping it",
    what_is_broken="A DER control is answered with Accepted, but is not there when asked for.",
    must_fail=("OCPP-R04.P001",),
    run=("BI-20",),
    apply=_break,
)
