"""Accepts to report its monitors, and does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).monitoring, "get_monitoring_report", lambda ask: lambda asked: Answer(ask(asked).payload))


DEFECT = Defect(
    name="promises-a-monitoring-report",
    title="Promises a monitoring report and sends none",
    what_is_broken="The charger answers Accepted when it is asked to report its monitors, and nothing comes.",
    must_fail=("OCPP-N02.P001",),
    run=("OCPP-N02.P001",),
    may_fail=(
        "OCPP-N02.R003",
        "OCPP-N02.R004",
        "OCPP-N02.R010",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
