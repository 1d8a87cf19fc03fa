"""A token that its backend refuses changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).transactions, "refused_by_csms", lambda _: lambda tx: None)


DEFECT = Defect(
    name="charges-on-when-refused",
    title="Charges on with a refused token",
    what_is_broken="When its backend refuses the token of a session, the charger goes on with it, and the car charges.",
    must_fail=("OCPP-E05.P001",),
    run=("OCPP-E05.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
