"""Accepts Relative charging profiles and ignores them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def install(inner: Any) -> Any:
        return lambda profile: None if profile.kind == "Relative" else inner(profile)

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="ignores-relative-limits",
    title="Ignores limits that count from the session",
    what_is_broken=("A charging profile of kind Relative is accepted and changes nothing."),
    must_fail=("OCPP-K01.P124", "OCPP-K08.P101"),
    run=("OCPP-K01.P124", "OCPP-K08.P101"),
    may_fail=("OCPP-K10.R001",),
    apply=_break,
    depth="acceptance",
)
