"""Each sampled value comes in a MeterValue of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    outbox = ocpp_of(station).outbox

    def put(inner: Any) -> Any:
        def split(action: str, payload: Any, **more: Any) -> None:
            if "meterValue" in payload:
                payload = {
                    **payload,
                    "meterValue": [
                        {**m, "sampledValue": [v]} for m in payload["meterValue"] for v in m["sampledValue"]
                    ],
                }
            inner(action, payload, **more)

        return split

    swap(outbox, "put", put)


VARIANT = Variant(
    name="one-meter-value-each",
    title="Splits its samples",
    what_is_unusual="Each sampled value comes in a MeterValue of its own.",
    why_legal="meterValue is a list; each has its own time and at least one sampled value.",
    clauses=("OCPP 2.0.1 Part 2, MeterValueType",),
    touches=("SC-04.7", "SC-05", "SC-09", "BI-16"),
    apply=_alter,
)
