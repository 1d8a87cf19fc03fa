"""A station with two EVSEs, of which the car is at the second."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.ocpp.line._rpc import Answer, Rpc
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Json = dict[str, Any]
OURS, NEIGHBOUR, UNKNOWN = 2, 1, 9


def _alter(station: Station) -> None:
    def neighbour(make: Callable[..., Rpc]) -> Callable[..., Rpc]:
        def made(*arguments: Any) -> Rpc:
            rpc = make(*arguments)
            answer = rpc._answer

            async def by_evse(action: str, payload: Any) -> Any:
                if action == "SetChargingProfile" and payload.get("evseId") == NEIGHBOUR:
                    return Answer({"status": "Accepted"})  # it limits the EVSE where no car is
                return await answer(action, _renumbered(payload, {OURS: 1, NEIGHBOUR: UNKNOWN}))

            swap(rpc, "_answer", lambda _: by_evse)
            return rpc

        return made

    ocpp = ocpp_of(station)
    swap(ocpp.connection, "make_rpc", neighbour)
    says(station, lambda _, payload: _renumbered(payload, {1: OURS, UNKNOWN: NEIGHBOUR}))


def _renumbered(payload: Any, numbers: dict[int, int]) -> Any:
    def one(key: str, value: Any) -> Any:
        if key == "evseId" and isinstance(value, int):
            return numbers.get(value, value)
        if key == "evse" and isinstance(value, dict):
            return {**value, "id": numbers.get(value["id"], value["id"])}
        return value

    return everywhere(payload, one)


VARIANT = Variant(
    name="car-at-evse-2",
    title="The car is at the second of two EVSEs",
    what_is_unusual="The EVSE under test is number 2; limits for EVSE 1 are accepted and concern nobody.",
    why_legal="A station may have any number of EVSEs, numbered from 1; the profile says which one is tested.",
    clauses=("OCPP 2.0.1 Part 1, 3-tier model; Part 2, EVSEType.id",),
    touches=("SC-04", "SC-05.2", "SC-07.4", "SC-09", "PR-15", "BI-16", "BI-19", "BI-20"),
    apply=_alter,
    declares={"pixit": {"evse_id": OURS}},
)
