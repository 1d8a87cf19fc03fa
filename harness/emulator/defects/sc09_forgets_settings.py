"""Accepts a new setting, and keeps the old one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Write = Callable[[dict[str, Any]], tuple[dict[str, Any], Any]]


def _break(station: Station) -> None:
    model = ocpp_of(station).model

    def forgetful(write: Write) -> Write:
        def as_before(item: dict[str, Any]) -> tuple[dict[str, Any], Any]:
            before = {variable.key: variable.value for variable in model}
            result = write(item)
            for variable in model:
                variable.value = before.get(variable.key, variable.value)
            return result

        return as_before

    swap(model, "write", forgetful)


DEFECT = Defect(
    name="forgets-settings",
    title="Accepts a setting without keeping it",
    what_is_broken="The charger answers Accepted when a setting is changed, but goes on with the old value.",
    must_fail=("OCPP-B05.P001", "OCPP-B05.R010"),
    run=("SC-09",),
    apply=_break,
)
