"""Asks for a new certificate by itself, and not when it is told to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.emulator.variants._model import Variant, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    def no(plain: Any) -> Any:
        def answer(request: dict[str, Any]) -> Any:
            asked = request["requestedMessage"]
            return {"status": "Rejected"} if asked == "SignChargingStationCertificate" else plain(request)

        return answer

    swap(ocpp_of(station).provisioning, "trigger_message", no)


VARIANT = Variant(
    name="rejects-the-trigger-for-its-certificate",
    title="Rejects the trigger for its certificate",
    what_is_unusual="A TriggerMessage for SignChargingStationCertificate is answered Rejected; others are followed.",
    why_legal="Whether it sends what is asked for is up to the charger; it renews its certificate before that expires.",
    clauses=("OCPP 2.0.1 F06.FR.05", "OCPP 2.0.1 A03"),
    touches=("SC-09.6", "BI-20.6"),
    apply=_alter,
    declares={"pics": {"certificate_on_request": "no"}},
    may_change={"SC-09.6": "pass", "BI-20.6": "pass"},
    depth="acceptance",
)
