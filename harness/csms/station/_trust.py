"""Certificates and firmware: install, delete, list, renew; update with and without a signature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from harness.csms.station._exchange import Answer
from harness.csms.station._link import StationLink


class TrustOperations(StationLink):
    """InstallCertificate and its relatives (M), CertificateSigned (A02), UpdateFirmware (L)."""

    async def update_firmware(
        self,
        location: str,
        *,
        signing_certificate: str | None = None,
        signature: str | None = None,
        request_id: int | None = None,
        retrieve_at: str | None = None,
        install_at: str | None = None,
        retries: int | None = None,
        retry_interval_s: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Ask for a firmware update (L01; L02 without certificate and signature).

        `signing_certificate` is PEM, `signature` Base64 over the whole file, `retrieve_at` ISO 8601 (None: now). The
        request's id stands in `answer.sent["requestId"]`.
        """
        firmware: dict[str, Any] = {"location": location, "retrieveDateTime": retrieve_at or self.csms.now()}
        if install_at is not None:
            firmware["installDateTime"] = install_at
        if signing_certificate is not None:
            firmware["signingCertificate"] = signing_certificate
        if signature is not None:
            firmware["signature"] = signature
        payload: dict[str, Any] = {"requestId": request_id or self.next_number(), "firmware": firmware}
        if retries is not None:
            payload["retries"] = retries
        if retry_interval_s is not None:
            payload["retryInterval"] = retry_interval_s
        return await self.call("UpdateFirmware", payload, within_s)

    async def install_certificate(
        self, certificate_pem: str, kind: str = "CSMSRootCertificate", within_s: float | None = None
    ) -> Answer:
        """Install a root certificate (M05), PEM; `kind` may be "ManufacturerRootCertificate", "V2GRootCertificate" …"""
        payload = {"certificateType": kind, "certificate": certificate_pem}
        return await self.call("InstallCertificate", payload, within_s)

    async def delete_certificate(self, hash_data: Mapping[str, Any], within_s: float | None = None) -> Answer:
        """Delete an installed certificate by its CertificateHashDataType (M04)."""
        return await self.call("DeleteCertificate", {"certificateHashData": dict(hash_data)}, within_s)

    async def get_installed_certificate_ids(self, *kinds: str, within_s: float | None = None) -> Answer:
        """List installed certificates of these kinds, or of all (M03)."""
        payload: dict[str, Any] = {"certificateType": list(kinds)} if kinds else {}
        return await self.call("GetInstalledCertificateIds", payload, within_s)

    async def certificate_signed(
        self,
        chain_pem: str,
        *,
        kind: str | None = "ChargingStationCertificate",
        request_id: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Hand over a signed certificate chain (A02, A03); `request_id` is 2.1's, from the SignCertificate."""
        payload: dict[str, Any] = {"certificateChain": chain_pem}
        if kind is not None:
            payload["certificateType"] = kind
        if request_id is not None:
            payload["requestId"] = request_id
        return await self.call("CertificateSigned", payload, within_s)
