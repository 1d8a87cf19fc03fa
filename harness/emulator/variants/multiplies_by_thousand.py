"""Power and energy are given in W and Wh with the multiplier 3."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    metering = ocpp_of(station).metering

    def values(inner: Any) -> Any:
        def of(measurand: str, r: Any) -> Any:
            out = inner(measurand, r)
            for each in out:
                if each["unitOfMeasure"]["unit"] in ("W", "Wh"):
                    each["value"] = round(each["value"] / 1000, 6)
                    each["unitOfMeasure"]["multiplier"] = 3
            return out

        return of

    swap(metering, "values", values)


VARIANT = Variant(
    name="multiplies-by-thousand",
    title="Gives watts with a multiplier",
    what_is_unusual="Power and energy are given in W and Wh with the multiplier 3.",
    why_legal="unitOfMeasure has a multiplier: the value is to be multiplied by ten to its power.",
    clauses=("OCPP 2.0.1 Part 2, UnitOfMeasureType",),
    touches=("SC-04.7", "SC-05", "BI-16"),
    apply=_alter,
)
