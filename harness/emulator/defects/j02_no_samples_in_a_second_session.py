"""Samples the first session of a plug alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client, since_the_plug = ocpp_of(station), {"sessions": 0}
    transactions = client.transactions

    def on_plant(plain: Any) -> Any:
        def noted(event: Any) -> None:
            if event.what == "unplugged":
                since_the_plug["sessions"] = 0
            plain(event)

        return noted

    def new(plain: Any) -> Any:
        def counted() -> Any:
            since_the_plug["sessions"] += client.plant.plugged_connector is not None
            return plain()

        return counted

    def trigger(plain: Any) -> Any:
        def first_alone(reason: str, **more: Any) -> None:
            if reason != "MeterValuePeriodic" or since_the_plug["sessions"] < 2:
                plain(reason, **more)

        return first_alone

    swap(client.status, "on_plant", on_plant)
    swap(transactions, "_new", new)
    swap(transactions, "trigger", trigger)


DEFECT = Defect(
    name="no-samples-in-a-second-session",
    title="Samples the first session of a plug alone",
    what_is_broken="In a session that begins without unplugging after the last one no periodic meter values are sent.",
    must_fail=("OCPP-J02.P110",),
    run=("OCPP-J02.P110",),
    may_fail=(
        "OCPP-J02.R011",
        "OCPP-J02.R025",
    ),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
