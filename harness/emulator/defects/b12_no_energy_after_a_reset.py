"""A car that was plugged in when the charger was reset gets nothing until it was unplugged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    transactions = client.transactions
    deaf = {"is": False}

    def reset(inner: Any) -> Any:
        def end(*given: Any, **named: Any) -> Any:
            result = inner(*given, **named)
            deaf["is"] = client.plant.plugged_connector is not None
            return result

        return end

    def unplugged(inner: Any) -> Any:
        def out() -> None:
            deaf["is"] = False
            inner()

        return out

    def close(inner: Any) -> Any:
        return lambda tx: None if deaf["is"] else inner(tx)

    swap(transactions, "end_for_reset", reset)
    swap(transactions, "unplugged", unplugged)
    swap(transactions, "_close_power_path", close)


DEFECT = Defect(
    name="no-energy-after-a-reset",
    title="After a reset a plugged car gets nothing",
    what_is_broken=(
        "With the plug in over a reset, the charger accepts a start and gives no energy until the plug was out."
    ),
    must_fail=("OCPP-B12.P004",),
    run=("OCPP-B12.P004",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
