"""Updates a profile that is not dynamic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def update(inner: Any) -> Any:
        def whatever(request: Any) -> Any:
            inner(request)
            return {"status": "Accepted"}

        return whatever

    swap(ocpp_of(station).smart_charging, "update_dynamic_schedule", update)


DEFECT = Defect(
    name="updates-what-is-not-dynamic",
    title="Updates what is not dynamic",
    what_is_broken=("UpdateDynamicSchedule is accepted for a profile that is Absolute."),
    must_fail=("OCPP-K28.P105", "OCPP-K28.R011"),
    run=("OCPP-K28.P105",),
    apply=_break,
    depth="acceptance",
)
