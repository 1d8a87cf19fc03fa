"""Is out of service, and does not say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.line._rpc import Answer

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).status, "change_availability", lambda ask: lambda asked: Answer(ask(asked).payload))


DEFECT = Defect(
    name="hides-that-it-is-out-of-service",
    title="Does not report that it is out of service",
    what_is_broken="Taken out of service by the backend, the charger goes on being reported as available.",
    must_fail=("OCPP-G03.P001",),
    run=("OCPP-G03.P001",),
    may_fail=("OCPP-G03.R004",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
