"""Drops the charging profile that came with RequestStartTransaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).smart_charging, "keep_for_start", lambda inner: lambda raw: None)


DEFECT = Defect(
    name="drops-the-limit-of-a-start",
    title="Drops the limit that comes with a start",
    what_is_broken=("The charging profile of a RequestStartTransaction is accepted and forgotten."),
    must_fail=("OCPP-F01.P101",),
    run=("OCPP-F01.P101",),
    apply=_break,
    depth="acceptance",
)
