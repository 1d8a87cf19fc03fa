"""Overlooks a plug that is put back at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)
    seen: dict[str, Any] = {"left": -1e9, "missed": False}

    def status_on_plant(plain: Any) -> Any:
        def on_plant(event: Any) -> None:
            now = client.time.monotonic()
            if event.what == "unplugged":
                seen.update(left=now, missed=False)
            elif event.what == "plugged" and now - seen["left"] < 4.0:
                seen["missed"] = True
            plain(event)

        return on_plant

    def session_on_plant(plain: Any) -> Any:
        def on_plant(event: Any) -> None:
            if not seen["missed"] or event.what in ("unplugged", "fault"):
                plain(event)

        return on_plant

    def new(plain: Any) -> Any:
        def without_a_car() -> Any:
            session = plain()
            if seen["missed"]:
                session.connector, session.charging_state = None, "Idle"
            return session

        return without_a_car

    swap(client.status, "on_plant", status_on_plant)
    swap(client.transactions, "on_plant", session_on_plant)
    swap(client.transactions, "_new", new)


DEFECT = Defect(
    name="replug-goes-unnoticed",
    title="Overlooks a plug that is put back at once",
    what_is_broken="A plug that is put back within 4 s of being pulled goes unnoticed: a start waits for a car.",
    must_fail=("OCPP-G01.P104",),
    run=("OCPP-G01.P104",),
    may_fail=("OCPP-E01.R006",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
