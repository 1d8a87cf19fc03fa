"""Adds a signature to its meter values."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import everywhere, says
from harness.emulator.variants._model import Variant

if TYPE_CHECKING:
    from harness.emulator._station import Station

SIGNED = {
    "signedMeterData": base64.b64encode(b"OCMF|{}|{}").decode(),
    "signingMethod": "ECDSA-secp256r1-SHA256",
    "encodingMethod": "OCMF",
    "publicKey": "",
}


def _alter(station: Station) -> None:
    def signed(_: str, value: Any) -> Any:
        ends = isinstance(value, dict) and value.get("context") in ("Transaction.Begin", "Transaction.End")
        return {**value, "signedMeterValue": SIGNED} if ends else value

    says(station, lambda _, payload: everywhere(payload, signed))


VARIANT = Variant(
    name="signs-its-meter-values",
    title="Signed meter values at the beginning and the end",
    what_is_unusual="Values of a transaction's beginning and end carry a signedMeterValue, without a public key.",
    why_legal="A sampled value may carry its signature; the public key may be an empty string.",
    clauses=("OCPP 2.0.1 Part 2, SignedMeterValueType", "OCPPCommCtrlr.PublicKeyWithSignedMeterValue"),
    touches=("SC-04.7", "SC-05.2", "SC-09.3", "SC-09.9"),
    apply=_alter,
)
