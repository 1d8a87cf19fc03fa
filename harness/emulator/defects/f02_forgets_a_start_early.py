"""Forgets a start before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    model = ocpp_of(station).model

    def integer(plain: Any) -> Any:
        def less(component: str, name: str, instance: str = "") -> int:
            value: int = plain(component, name, instance)
            return min(value, 20) if name == "EVConnectionTimeOut" else value

        return less

    swap(model, "integer", integer)


DEFECT = Defect(
    name="forgets-a-start-early",
    title="Forgets a start before its time",
    what_is_broken="Whoever comes later than 20 s after a start is not served, although EVConnectionTimeOut is longer.",
    must_fail=("OCPP-F02.P003",),
    run=("OCPP-F02.P003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
