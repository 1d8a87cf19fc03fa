"""Reports of its settings what they left the factory with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    reports = ocpp_of(station).reports
    first = {each.key: each.value for each in ocpp_of(station).model}

    def old(plain: Any) -> Any:
        def entry(variable: Any) -> dict[str, Any]:
            told: dict[str, Any] = plain(variable)
            if variable.mutability == "ReadWrite" and "value" in told["variableAttribute"][0]:
                told["variableAttribute"][0]["value"] = first.get(variable.key, variable.value)
            return told

        return entry

    swap(reports, "_entry", old)


DEFECT = Defect(
    name="reports-values-of-the-factory",
    title="Reports what its settings were before they were set",
    what_is_broken="NotifyReport tells of each setting the value that it left the factory with.",
    must_fail=("OCPP-B07.P111",),
    run=("OCPP-B07.P111",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
