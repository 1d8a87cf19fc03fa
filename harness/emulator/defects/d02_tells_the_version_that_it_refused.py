"""Tells as the version of its list that of the last update, whether it took it or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Handle = Callable[[dict[str, Any]], Any]


def _break(station: Station) -> None:
    lists = ocpp_of(station).authorization
    asked = [0]

    def noting(send: Handle) -> Handle:
        def sent(request: dict[str, Any]) -> Any:
            asked[0] = request["versionNumber"]
            return send(request)

        return sent

    swap(lists, "send_local_list", noting)
    swap(lists, "get_local_list_version", lambda _: lambda request: {"versionNumber": asked[0]})


DEFECT = Defect(
    name="tells-the-version-that-it-refused",
    title="Tells the version of a list that it refused",
    what_is_broken="Asked for the version of its local list, it tells that of the last update, also of a refused one.",
    must_fail=("OCPP-D02.P401",),
    run=("OCPP-D01.P401", "OCPP-D02.P401"),
    depth="acceptance",
    apply=_break,
)
