"""Takes a remote start only while no car is plugged in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    client = ocpp_of(station)

    def first_the_start(plain: Any) -> Any:
        def answer(request: dict[str, Any]) -> Any:
            at = client.evses.get(request.get("evseId") or 1)
            if at is not None and at.plant.plugged_connector is not None:
                return {"status": "Rejected", "statusInfo": {"reasonCode": "CablePlugged"}}
            return plain(request)

        return answer

    swap(client.remote, "request_start_transaction", first_the_start)


VARIANT = Variant(
    name="rejects-a-start-with-the-plug-in",
    title="Rejects a remote start with the plug in",
    what_is_unusual="A start from the backend is taken before the cable, and rejected once a cable is in.",
    why_legal="A start may be rejected; F02 is the order in which the start comes first and then the cable.",
    clauses=("OCPP 2.0.1 F02", "OCPP 2.0.1 Part 2, RequestStartStopStatusEnumType"),
    touches=("SC-04.2", "SC-04.4", "SC-05.2", "SC-07.2", "SC-07.6", "SC-09.2", "SC-09.3", "BI-16.1", "BI-19.3"),
    apply=_alter,
)
