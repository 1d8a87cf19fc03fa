"""ClearDERControl for one control type clears the controls of all types."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    der = ocpp_of(station).der

    def clear(inner: Any) -> Any:
        def all_of_them(request: Any) -> Any:
            answer = inner(request)
            if "controlType" in request and getattr(answer, "payload", answer)["status"] == "Accepted":
                der._controls = []
                der._save()
            return answer

        return all_of_them

    swap(der, "clear_der_control", clear)


DEFECT = Defect(
    name="clearing-one-kind-clears-all",
    title="Clears every grid code for one",
    what_is_broken="ClearDERControl for one control type clears the controls of all types.",
    must_fail=("OCPP-R04.P101",),
    run=("OCPP-R04.P101",),
    depth="acceptance",
    apply=_break,
)
