"""A scheduled limit to the discharge holds for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def never(inner: Any) -> Any:
        def put(request: Any) -> Any:
            for body in request.values():
                if isinstance(body, dict):
                    body.pop("duration", None)
            return inner(request)

        return put

    swap(ocpp_of(station).der, "set_der_control", never)


DEFECT = Defect(
    name="settings-never-end",
    title="Scheduled grid-code settings never end",
    what_is_broken=("A scheduled grid-code setting starts at its moment, and its duration is ignored."),
    must_fail=("OCPP-R04.P102", "OCPP-R04.P103"),
    may_fail=("OCPP-R04.P104",),
    run=("OCPP-R04.P102", "OCPP-R04.P103"),
    apply=_break,
    depth="acceptance",
)
