"""Sends Heartbeats to a backend that rejected it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def talkative(call: Callable[..., Any]) -> Callable[..., Any]:
        async def and_more(action: str, payload: dict[str, Any], *, triggered: bool = False) -> Any:
            answer = await call(action, payload, triggered=triggered)
            if action == "BootNotification" and answer["status"] == "Rejected":
                client.spawn(client.provisioning.heartbeat(), "a word too much")
            return answer

        return and_more

    swap(client, "call", talkative)


DEFECT = Defect(
    name="talks-while-rejected",
    title="Goes on talking to a backend that rejected it",
    what_is_broken="Rejected by the backend, the charger sends a Heartbeat before its time is over.",
    must_fail=("OCPP-B03.P001", "OCPP-B03.R002"),
    run=("OCPP-B03.P001",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
