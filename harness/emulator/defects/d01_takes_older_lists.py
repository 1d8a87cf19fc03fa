"""Takes an update of its local list whatever its version."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Handle = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    lists = ocpp_of(station).authorization

    def of_any_version(send: Handle) -> Handle:
        def sent(request: dict[str, Any]) -> Any:
            lists._list_version = 0
            return send(request)

        return sent

    swap(lists, "send_local_list", of_any_version)


DEFECT = Defect(
    name="takes-older-lists",
    title="Takes updates of older local lists",
    what_is_broken="An update of its local list is taken also where its version is not above that of the list.",
    must_fail=("OCPP-D01.P401",),
    may_fail=("OCPP-D02.P401",),
    run=("OCPP-D01.P401", "OCPP-D02.P401"),
    depth="acceptance",
    apply=_break,
)
