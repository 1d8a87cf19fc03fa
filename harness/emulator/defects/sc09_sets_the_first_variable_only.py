"""Of a SetVariables with several items all are said to be Accepted, and only the first is changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    client = ocpp_of(station)

    def setting(inner: Any) -> Any:
        def put(request: Any) -> Any:
            found = [client.model.locate(item) for item in request["setVariableData"][1:]]
            before = [(v, v.value) for v in found if not isinstance(v, str)]
            answer = inner(request)
            for variable, value in before:
                variable.value = value
            client.persist_variables()
            return answer

        return put

    swap(client.reports, "set_variables", setting)


DEFECT = Defect(
    name="sets-the-first-variable-only",
    title="Of several settings it changes the first",
    what_is_broken="Of a SetVariables with several items all are said to be Accepted, and only the first is changed.",
    must_fail=("OCPP-B05.P101", "OCPP-B05.R010"),
    run=("OCPP-B05.P101",),
    depth="acceptance",
    apply=_break,
)
