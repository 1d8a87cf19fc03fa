"""The CSMS's part in renewing a station's certificate: CSR in, signed chain out (A02, A03)."""

from __future__ import annotations

from typing import Any

from harness.csms._schemas import V21
from harness.csms.pki._pki import Pki
from harness.csms.station._backend import Asking
from harness.csms.station._exchange import NotSeen


async def push_certificate(pki: Pki, station: Asking, asked: dict[str, Any]) -> None:
    """Sign what a SignCertificate asked for and send CertificateSigned; a CSR that cannot be signed is recorded."""
    recorder = station.csms.recorder
    try:
        chain = pki.sign_request(str(asked.get("csr", "")))
    except ValueError as error:
        recorder.record("csms.certificate", "harness", {"signed": False, "reason": str(error)})
        return
    recorder.record("csms.certificate", "harness", {"signed": True, "reason": None})
    request_id = asked.get("requestId") if station.version == V21 else None
    kind = str(asked.get("certificateType", "ChargingStationCertificate"))
    try:
        await station.certificate_signed(chain, kind=kind, request_id=request_id)
    except NotSeen as error:
        recorder.record("csms.certificate", "harness", {"signed": True, "reason": f"not delivered: {error}"})
