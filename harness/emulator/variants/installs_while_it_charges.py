"""Writes new firmware while a car charges, and starts it when the car has gone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    firmware = ocpp_of(station).firmware

    def wait(inner: Any) -> Any:
        async def writing() -> None:
            firmware.tell("Installing")
            await inner()

        return writing

    swap(firmware, "_wait_for_idle", wait)


VARIANT = Variant(
    name="installs-while-it-charges",
    title="Writes firmware while a car charges",
    what_is_unusual="Installing is told while a session runs; the charger starts anew when the session has ended.",
    why_legal="Where installation is possible in a session, only the restart has to wait for its end.",
    clauses=("OCPP 2.0.1 L01.FR.06", "OCPP 2.1 L01.FR.33"),
    touches=("GEN-03",),
    apply=_alter,
)
