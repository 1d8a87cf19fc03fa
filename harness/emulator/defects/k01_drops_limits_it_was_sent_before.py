"""Drops a limit that it was sent before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    known: list[Any] = []

    def install(inner: Any) -> Any:
        def once(profile: Any) -> None:
            if profile.raw not in known:
                known.append(profile.raw)
                inner(profile)

        return once

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", install)


DEFECT = Defect(
    name="drops-limits-it-was-sent-before",
    title="Drops a limit that it was sent before",
    what_is_broken=(
        "A charging profile that is word for word one from before is accepted and dropped, also when that one "
        "is in force no longer."
    ),
    must_fail=("OCPP-K01.P127",),
    run=("OCPP-K01.P127",),
    apply=_break,
    depth="acceptance",
)
