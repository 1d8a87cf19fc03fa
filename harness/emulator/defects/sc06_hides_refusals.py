"""Refuses a wrong backend, and tells nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Refused = Callable[[BaseException], None]


def _break(station: Station) -> None:
    def silent(_: Refused) -> Refused:
        return lambda error: None

    swap(ocpp_of(station).security, "refused", silent)


DEFECT = Defect(
    name="hides-refusals",
    title="Does not report a backend that it refused",
    what_is_broken="The charger turns a false backend away, but never tells the right one of it.",
    must_fail=("OCPP-A04.P001", "OCPP-A04.P002", "OCPP-A04.P003"),
    run=("SC-06",),
    apply=_break,
)
