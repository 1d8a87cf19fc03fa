"""Answers for settings that it does not have as if it had them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Read = Callable[[dict[str, Any]], dict[str, Any]]


def _break(station: Station) -> None:
    def inventive(read: Read) -> Read:
        def some_value(item: dict[str, Any]) -> dict[str, Any]:
            result = read(item)
            if str(result["attributeStatus"]).startswith("Unknown"):
                result |= {"attributeStatus": "Accepted", "attributeValue": "0"}
            return result

        return some_value

    swap(ocpp_of(station).model, "read", inventive)


DEFECT = Defect(
    name="invents-variables",
    title="Answers for settings that it does not have",
    what_is_broken="Asked for a setting that does not exist, the charger answers Accepted with a value.",
    must_fail=("OCPP-B06.P001", "OCPP-B06.R016"),
    run=("SC-09.4",),
    apply=_break,
)
