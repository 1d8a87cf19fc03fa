"""Accepts a second start with the plug still in, and gives no energy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    transactions = client.transactions
    deaf = {"is": False}

    def over(inner: Any) -> Any:
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

    swap(transactions, "end", over)
    swap(transactions, "unplugged", unplugged)
    swap(transactions, "_close_power_path", close)


DEFECT = Defect(
    name="no-second-session-without-unplugging",
    title="Accepts a second start and gives nothing",
    what_is_broken=(
        "After a session was stopped, another start with the plug still in is accepted, and no energy comes."
    ),
    must_fail=("OCPP-F03.P003",),
    run=("OCPP-F03.P003",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
