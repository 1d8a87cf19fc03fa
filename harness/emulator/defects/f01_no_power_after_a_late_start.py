"""Gives no power after a late start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client, at = ocpp_of(station), {"plugged": 0.0}

    def on_plant(plain: Any) -> Any:
        def noted(event: Any) -> None:
            if event.what == "plugged":
                at["plugged"] = client.time.monotonic()
            plain(event)

        return noted

    def close(plain: Any) -> Any:
        def asleep(tx: Any) -> None:
            plain(tx)
            if client.time.monotonic() - at["plugged"] > 30.0:
                client.plant.enable(False)

        return asleep

    swap(client.status, "on_plant", on_plant)
    swap(client.transactions, "_close_power_path", close)


DEFECT = Defect(
    name="no-power-after-a-late-start",
    title="Gives no power after a late start",
    what_is_broken="A start that comes more than 30 s after the plug is accepted, and no power ever comes.",
    must_fail=("OCPP-F01.P120",),
    run=("OCPP-F01.P120",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
