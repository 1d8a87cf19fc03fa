"""When a session ends while energy flows to the grid, the light goes on showing it until the next car comes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    plant, panel = station.plant, station.panel
    state = {"latched": False, "was": "", "car": False}

    def shows(inner: Any) -> Any:
        def now() -> str:
            told = str(inner())
            plugged = plant.plugged_connector is not None
            if state["was"] == "discharging" and told != "discharging" and not (plant.enabled and plugged):
                state["latched"] = True
            if (plugged and not state["car"]) or told in ("charging", "fault"):
                state["latched"] = False
            state["car"], state["was"] = plugged, told
            return "discharging" if state["latched"] else told

        return now

    swap(panel, "shows", shows)


DEFECT = Defect(
    name="discharge-light-after-a-stop",
    title="Its light stays violet after a session",
    what_is_broken=(
        "When a session ends while energy flows to the grid, the light goes on showing it until the next car comes."
    ),
    must_fail=("LIGHT-V2X.P103",),
    run=("LIGHT-V2X.P103",),
    depth="acceptance",
    apply=_break,
)
