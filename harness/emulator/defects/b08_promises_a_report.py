"""Accepts to report a part of its settings, and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).reports, "get_report", lambda handle: lambda request: Answer(handle(request).payload))


DEFECT = Defect(
    name="promises-a-report",
    title="Promises a custom report and sends none",
    what_is_broken="The charger answers Accepted when it is asked to report one component, and nothing comes.",
    must_fail=("OCPP-B08.P001",),
    run=("OCPP-B08.P001",),
    may_fail=(
        "OCPP-B07.R004",
        "OCPP-B07.R010",
        "OCPP-B08.R003",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
