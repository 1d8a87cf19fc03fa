"""Fills fields that came with OCPP 2.1 and that nobody asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import says
from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    model = ocpp_of(station).model

    def more(name: str, payload: dict[str, Any]) -> dict[str, Any]:
        if model.version != "ocpp2.1":
            return payload
        if name == "TransactionEventRequest":
            return {**payload, "preconditioningStatus": "Unknown", "evseSleep": False}
        if name == "NotifyEVChargingNeedsRequest":
            return {**payload, "timestamp": ocpp_of(station).time.text()}
        return payload

    says(station, more)


VARIANT = Variant(
    name="tells-more-in-2-1",
    title="Optional fields of OCPP 2.1",
    what_is_unusual="Its events tell preconditioning and evseSleep, its charging needs the time they were said.",
    why_legal="A field with cardinality 0..1 may be there.",
    clauses=("OCPP 2.1 Part 2, TransactionEventRequest", "OCPP 2.1 Part 2, NotifyEVChargingNeedsRequest"),
    touches=("SC-09.9", "SC-05.2", "BI-16.1", "BI-19.1", "BI-20.1"),
    apply=_alter,
)
