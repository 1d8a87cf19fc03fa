"""Sends nothing on request: every TriggerMessage is rejected."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def no(request: dict[str, Any]) -> dict[str, Any]:
        return {"status": "NotImplemented" if request["requestedMessage"] == "Heartbeat" else "Rejected"}

    swap(ocpp_of(station).provisioning, "trigger_message", lambda _: no)


VARIANT = Variant(
    name="rejects-triggers",
    title="Rejects every TriggerMessage",
    what_is_unusual="A TriggerMessage is answered Rejected or NotImplemented, and nothing is sent.",
    why_legal="Whether it sends what is asked for is up to the charger.",
    clauses=("OCPP 2.0.1 F06.FR.05, F06.FR.08",),
    declares={"pics": {"certificate_on_request": "no", "messages_on_request": "no"}},
    may_change={"SC-09.6": "pass", "BI-20.6": "pass"},
    touches=("SC-05", "SC-09", "SC-04.7"),
    apply=_alter,
)
