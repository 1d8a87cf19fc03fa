"""Accepts whatever value it is given for a setting, also one that cannot be one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Write = Callable[[dict[str, Any]], tuple[dict[str, Any], Any]]


def _break(station: Station) -> None:
    def careless(write: Write) -> Write:
        def accepted(item: dict[str, Any]) -> tuple[dict[str, Any], Any]:
            result, variable = write(item)
            if result["attributeStatus"] == "Rejected":
                result = {k: v for k, v in result.items() if k != "attributeStatusInfo"} | {
                    "attributeStatus": "Accepted"
                }
            return result, variable

        return accepted

    swap(ocpp_of(station).model, "write", careless)


DEFECT = Defect(
    name="takes-unfit-values",
    title="Accepts values that do not fit a setting",
    what_is_broken="A word is accepted where a setting needs a number.",
    must_fail=("OCPP-B05.P002", "OCPP-B05.R007"),
    run=("SC-09.4",),
    apply=_break,
)
