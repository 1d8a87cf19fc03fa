"""Of two limits of one purpose it follows the one that was sent last, whatever their stack levels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Active = Callable[[], "list[Any]"]


def _break(station: Station) -> None:
    came: list[int] = []

    def turn(profile: Any) -> int:
        return max((n for n, number in enumerate(came) if number == profile.id), default=-1)

    def noting(inner: Callable[[Any], None]) -> Callable[[Any], None]:
        def install(profile: Any) -> None:
            came.append(profile.id)
            inner(profile)

        return install

    def newest(inner: Active) -> Active:
        def active() -> list[Any]:
            in_order = sorted(
                inner(), key=lambda each: max((n for n, i in enumerate(came) if i == each.id), default=-1)
            )
            return list({each.purpose: each for each in in_order}.values())

        return active

    for evse in ocpp_of(station).evses.values():
        swap(evse.smart_charging, "install", noting)
        swap(evse.smart_charging, "active", newest)


DEFECT = Defect(
    name="the-last-limit-wins",
    title="Follows the limit that was sent last, whatever its level",
    what_is_broken=(
        "Of two charging profiles of one purpose the one that came last binds, and stands in the composite "
        "schedule; their stack levels count for nothing."
    ),
    must_fail=("OCPP-K01.P401", "OCPP-K01.P402", "OCPP-K08.P401", "OCPP-K08.P402"),
    run=("OCPP-K01.P401", "OCPP-K01.P402", "OCPP-K08.P401", "OCPP-K08.P402"),
    apply=_break,
    depth="acceptance",
)
