"""After a stop the voltage stays on as long as the car asks for energy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def end(inner: Any) -> Any:
        def told(trigger: str, *given: Any, **named: Any) -> None:
            inner(trigger, *given, **named)
            if trigger == "RemoteStop" and client.plant.pilot == "C":
                client.plant.enable(True)

        return told

    def on_plant(event: Any) -> None:
        if event.what == "pilot" and event.value != "C" and client.transactions.current is None:
            client.plant.enable(False)

    swap(client.transactions, "end", end)
    client.plant.subscribe(on_plant)


DEFECT = Defect(
    name="gives-energy-after-a-stop",
    title="Gives energy after the backend stopped the session",
    what_is_broken="The end of a stopped session is told, and the car goes on charging until it has enough.",
    must_fail=("OCPP-F03.P002",),
    run=("OCPP-F03.P002",),
    may_fail=("OCPP-F03.P003", "OCPP-G01.P102"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
