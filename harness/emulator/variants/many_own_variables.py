"""The device model has 400 vendor variables more, in components of its own, some with instances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.ocpp.provisioning._model import Variable
from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    model = ocpp_of(station).model
    model.add(
        Variable(
            "VendorBoard", f"Probe{n // 4}", f"{n}.5", "decimal", instance=f"i{n % 4}", component_instance=f"b{n % 7}"
        )
        for n in range(400)
    )


VARIANT = Variant(
    name="many-own-variables",
    title="Reports 400 variables of its own",
    what_is_unusual="The device model has 400 vendor variables more, in components of its own, some with instances.",
    why_legal="A device model may hold components and variables beyond the standard's.",
    clauses=("OCPP 2.0.1 Part 1, 4 (Device Model)",),
    touches=("SC-09.4", "GEN-02"),
    apply=_alter,
)
