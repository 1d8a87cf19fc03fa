"""Tells of a transaction only what has changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.altered import says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    told: dict[str, str] = {}

    def news(message: str, payload: dict[str, Any]) -> dict[str, Any]:
        if message != "TransactionEventRequest":
            return payload
        about = dict(payload["transactionInfo"])
        state = about.get("chargingState", "")
        asked = payload["triggerReason"] == "Trigger"  # then the state is told all the same (F06.FR.07)
        if told.get(about["transactionId"]) == state and payload["eventType"] == "Updated" and not asked:
            del about["chargingState"]
        told[about["transactionId"]] = state
        return {**payload, "transactionInfo": about}

    says(station, news)


VARIANT = Variant(
    name="says-nothing-twice",
    title="The charging state only when it changes",
    what_is_unusual="An Updated event nobody asked for leaves chargingState out when the one before said the same.",
    why_legal="Optional fields of an event are needed only when they changed, which keeps messages small.",
    clauses=("OCPP 2.0.1 Part 2, E 1.5 (optional fields)",),
    touches=("SC-04.2", "SC-05.2", "SC-09.2", "SC-09.3", "BI-16", "PR-15.3"),
    apply=_alter,
)
