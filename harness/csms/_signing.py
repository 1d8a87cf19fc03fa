"""The CSMS's part in renewing a station's certificate: CSR in, signed chain out (A02, A03)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from harness.csms._exchange import NotSeen
from harness.csms._schemas import V21

if TYPE_CHECKING:
    from harness.csms._listener import Listener
    from harness.csms._station import Station


async def push_certificate(csms: Listener, station: Station, asked: dict[str, Any]) -> None:
    """Sign what a SignCertificate asked for and send CertificateSigned; a CSR that cannot be signed is recorded."""
    try:
        chain = csms.pki.sign_request(str(asked.get("csr", "")))
    except ValueError as error:
        csms.recorder.record("csms.certificate", "harness", {"signed": False, "reason": str(error)})
        return
    csms.recorder.record("csms.certificate", "harness", {"signed": True, "reason": None})
    request_id = asked.get("requestId") if station.version == V21 else None
    kind = str(asked.get("certificateType", "ChargingStationCertificate"))
    try:
        await station.certificate_signed(chain, kind=kind, request_id=request_id)
    except NotSeen as error:
        csms.recorder.record("csms.certificate", "harness", {"signed": True, "reason": f"not delivered: {error}"})
