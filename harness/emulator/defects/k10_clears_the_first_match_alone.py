"""Clears the first limit that fits alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    smart, clearing = ocpp_of(station).smart_charging, {"now": False}

    def clear(plain: Any) -> Any:
        def noted(request: Any) -> Any:
            clearing["now"] = True
            try:
                return plain(request)
            finally:
                clearing["now"] = False

        return noted

    def remove(plain: Any) -> Any:
        return lambda found: plain(list(found)[:1] if clearing["now"] else found)

    swap(smart, "clear_charging_profile", clear)
    swap(smart.profiles, "remove", remove)


DEFECT = Defect(
    name="clears-the-first-match-alone",
    title="Clears the first limit that fits alone",
    what_is_broken="Of several limits that fit what is asked to be cleared, the first one goes and the others stay.",
    must_fail=("OCPP-K10.P102",),
    run=("OCPP-K10.P102",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
