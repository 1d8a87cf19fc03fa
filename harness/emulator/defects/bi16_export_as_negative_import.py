"""While energy flows to the grid Power.Active.Import is negative and Power.Active.Export is 0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    metering = ocpp_of(station).metering

    def values(inner: Any) -> Any:
        def of(measurand: str, r: Any) -> Any:
            out = inner(measurand, r)
            if r.p_w < 0 and measurand in ("Power.Active.Import", "Power.Active.Export"):
                out[0]["value"] = round(r.p_w, 3) if measurand.endswith("Import") else 0.0
            return out

        return of

    swap(metering, "values", values)


DEFECT = Defect(
    name="export-as-negative-import",
    title="Reports exported power as negative import",
    what_is_broken="While energy flows to the grid Power.Active.Import is negative and Power.Active.Export is 0.",
    must_fail=("OCPP-J02.P101", "OCPP-J02.R021"),
    run=("OCPP-J02.P101",),
    depth="acceptance",
    apply=_break,
)
