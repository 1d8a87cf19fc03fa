"""When one limit is withdrawn, all are gone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Clear = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    smart = ocpp_of(station).smart_charging

    def thorough(clear: Clear) -> Clear:
        def everything(request: dict[str, Any]) -> Any:
            answer = clear(request)
            smart.profiles.remove(list(smart.profiles))
            smart.refresh()
            return answer

        return everything

    swap(smart, "clear_charging_profile", thorough)


DEFECT = Defect(
    name="forgets-second-lowest",
    title="Without the lowest limit it follows none",
    what_is_broken="When the lowest limit is withdrawn, the charger goes to full power instead of the next lowest one.",
    must_fail=("OCPP-K01.P021",),
    run=("PR-15",),
    apply=_break,
)
