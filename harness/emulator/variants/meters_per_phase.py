"""Reports power phase by phase, without a total."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from harness.emulator._ports import Readings
from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

Values = Callable[[str, Readings], list[dict[str, Any]]]


def _alter(station: Station) -> None:
    def by_phase(values: Values) -> Values:
        def made(measurand: str, readings: Readings) -> list[dict[str, Any]]:
            found = values(measurand, readings)
            if not measurand.startswith("Power.Active.") or len(found) != 1:
                return found
            lines = [n for n, amps in enumerate(readings.i_a, 1) if amps > 0] or [1]
            share = found[0]["value"] / len(lines)
            return [{**found[0], "value": round(share, 3), "phase": f"L{n}-N"} for n in lines]

        return made

    swap(ocpp_of(station).metering, "values", by_phase)


VARIANT = Variant(
    name="meters-per-phase",
    title="Power by phase, without a total",
    what_is_unusual="Power.Active.Import is given as L1-N, L2-N and L3-N; no value stands without a phase.",
    why_legal="A sampled value may be that of a phase; only one without a phase is the total, and none is required.",
    clauses=("OCPP 2.0.1 Part 2, SampledValueType.phase", "OCPP 2.0.1 J02"),
    touches=("SC-04.7", "SC-09.3", "SC-09.9"),
    apply=_alter,
)
