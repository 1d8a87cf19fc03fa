"""Knows no base report but the full one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    def full_alone(plain: Any) -> Any:
        def get(request: dict[str, Any]) -> Any:
            return plain(request) if request["reportBase"] == "FullInventory" else {"status": "Rejected"}

        return get

    swap(ocpp_of(station).reports, "get_base_report", full_alone)


DEFECT = Defect(
    name="knows-one-report",
    title="Reports all of itself, and no part",
    what_is_broken="A report of what can be set, or a summary, is rejected without saying that it is not supported.",
    must_fail=("OCPP-B07.P110", "OCPP-B07.P112"),
    run=("OCPP-B07.P110", "OCPP-B07.P112"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
