"""Answers what a backend asks that has rejected it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Handle = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def obliging(find: Callable[[str], Handle | None]) -> Callable[[str], Handle | None]:
        def as_if_accepted(action: str) -> Handle | None:
            before, client.provisioning.status = client.provisioning.status, ""
            try:
                return find(action)
            finally:
                client.provisioning.status = before

        return as_if_accepted

    swap(client, "find_handler", obliging)


DEFECT = Defect(
    name="answers-while-rejected",
    title="Answers a backend that rejected it",
    what_is_broken="Rejected by the backend, the charger answers its requests as if it had been accepted.",
    must_fail=("OCPP-B03.P002", "OCPP-B03.R008"),
    run=("OCPP-B03.P002",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
