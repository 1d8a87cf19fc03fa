"""Bills up to the last sample."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    last: dict[str, Any] = {}

    def sample(plain: Any) -> Any:
        def stale(context: str, measurands: list[str]) -> Any:
            told = plain(context, measurands)
            for value in (told or {}).get("sampledValue", ()):
                if not value["measurand"].startswith("Energy"):
                    continue
                if context == "Transaction.End":
                    value["value"] = last.get(value["measurand"], value["value"])
                else:
                    last[value["measurand"]] = value["value"]
            return told

        return stale

    swap(ocpp_of(station).metering, "sample", sample)


DEFECT = Defect(
    name="bills-up-to-the-last-sample",
    title="Bills up to the last sample",
    what_is_broken="The register at the end of a session is that of the last sample, not that of the end.",
    must_fail=("OCPP-J02.P109",),
    run=("OCPP-J02.P109",),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
