"""The results of GetVariables and SetVariables come in the reverse order of the question."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    reports = ocpp_of(station).reports

    def get(inner: Any) -> Any:
        return lambda request: {"getVariableResult": inner(request)["getVariableResult"][::-1]}

    def put(inner: Any) -> Any:
        def reverse(request: Any) -> Any:
            answer = inner(request)
            answer.payload["setVariableResult"].reverse()
            return answer

        return reverse

    swap(reports, "get_variables", get)
    swap(reports, "set_variables", put)


VARIANT = Variant(
    name="answers-in-another-order",
    title="Answers settings in reverse order",
    what_is_unusual="The results of GetVariables and SetVariables come in the reverse order of the question.",
    why_legal="Each result names its component and variable; OCPP asks for as many results, and for no order.",
    clauses=("OCPP 2.0.1 B05.FR.10, B06.FR.02",),
    touches=("SC-09.4", "SC-09.6"),
    apply=_alter,
)
