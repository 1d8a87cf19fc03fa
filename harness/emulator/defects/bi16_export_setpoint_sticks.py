"""While it exports, a setpoint for more export is accepted and ignored; only less, zero or charging is followed."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    last: dict[str, Any] = {"w": None}

    def allow(inner: Any) -> Any:
        def put(limits: Any) -> None:
            wanted = limits.setpoint_w
            if wanted is not None and wanted < 0 and last["w"] is not None and last["w"] < 0:
                wanted = max(wanted, last["w"])
            last["w"] = wanted
            inner(dataclasses.replace(limits, setpoint_w=wanted))

        return put

    swap(station.plant, "allow", allow)


DEFECT = Defect(
    name="export-setpoint-sticks",
    title="Does not export more when told to",
    what_is_broken=(
        "While it exports, a setpoint for more export is accepted and ignored; only less, zero or charging is followed."
    ),
    must_fail=("OCPP-Q04.P103",),
    run=("OCPP-Q04.P103",),
    depth="acceptance",
    apply=_break,
)
