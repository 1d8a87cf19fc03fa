"""Tells its password to whoever reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    reports = ocpp_of(station).reports

    def get(inner: Any) -> Any:
        def all_of_it(request: Any) -> Any:
            answer = inner(request)
            for result in answer["getVariableResult"]:
                if result["variable"]["name"] == "BasicAuthPassword":
                    result.pop("attributeStatusInfo", None)
                    result |= {"attributeStatus": "Accepted", "attributeValue": "a password that is a secret"}
            return answer

        return all_of_it

    swap(reports, "get_variables", get)


DEFECT = Defect(
    name="tells-its-password",
    title="Tells its password",
    what_is_broken=("GetVariables of BasicAuthPassword, which may only be written, is answered with its value."),
    must_fail=("OCPP-B06.P101",),
    run=("OCPP-B06.P101",),
    may_fail=("OCPP-B06.R009",),
    apply=_break,
    depth="acceptance",
)
