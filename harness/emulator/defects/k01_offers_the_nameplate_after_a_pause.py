"""After the car has paused, the limit in force counts no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap
from harness.emulator.ocpp.smart_charging._composite import flow_at

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    smart = client.smart_charging
    paused = {"is": False}

    def on_plant(event: Any) -> None:
        tx = client.transactions.current
        paused["is"] |= event.what == "pilot" and event.value == "B" and tx is not None and tx.flowed_at is not None

    def installed(inner: Any) -> Any:
        def install(profile: Any) -> None:
            paused["is"] = False
            inner(profile)

        return install

    def flow(inner: Any) -> Any:
        def now() -> Any:
            if not paused["is"]:
                return inner()
            return flow_at([], client.time.now(), smart.situation(), smart.hardware)

        return now

    client.plant.subscribe(on_plant)
    swap(smart, "install", installed)
    swap(smart, "flow_now", flow)


DEFECT = Defect(
    name="offers-the-nameplate-after-a-pause",
    title="Forgets the limit when the car pauses",
    what_is_broken=(
        "When the car has rested and goes on, it is offered all that the nameplate allows, until the next limit comes."
    ),
    must_fail=("OCPP-K01.P204",),
    run=("OCPP-K01.P204",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
