"""Takes values outside the range and the list that it declares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    model = ocpp_of(station).model
    for variable in model:
        if variable.kind in ("integer", "decimal", "OptionList", "MemberList", "SequenceList"):
            swap(variable, "fault", lambda _: lambda value: None)


DEFECT = Defect(
    name="takes-values-beyond-its-range",
    title="Accepts values outside the range that it declares",
    what_is_broken="A number beyond its limits, or a word that is not in its list, is taken as a new value.",
    must_fail=("OCPP-B05.P113",),
    run=("OCPP-B05.P113",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
