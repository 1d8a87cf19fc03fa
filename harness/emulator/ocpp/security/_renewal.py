"""Renewing the station's own certificate: CSR out, signed certificate in, reconnect (use cases A02, A03)."""

from __future__ import annotations

import asyncio

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.security._certificates import split_pem


class Renewal:
    """One open certificate request at a time."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._key: ec.EllipticCurvePrivateKey | None = None
        self._request_id = 0
        self._done = asyncio.Event()

    async def start(self) -> None:
        """New key, SignCertificate, and again with growing pauses until it is answered (A02.FR.02, .17 to .19)."""
        model = self._client.model
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._request_id += 1
        self._done.clear()
        payload: Json = {"csr": self.csr(self._key), "certificateType": "ChargingStationCertificate"}
        if model.version == "ocpp2.1":
            payload["requestId"] = self._request_id
        wait_s = float(model.integer("SecurityCtrlr", "CertSigningWaitMinimum"))
        for _ in range(1 + model.integer("SecurityCtrlr", "CertSigningRepeatTimes")):
            try:
                answer = await self._client.call("SignCertificate", payload, triggered=True)
            except (CallFailed, Offline):
                return
            if answer["status"] != "Accepted":
                return
            try:
                await asyncio.wait_for(self._done.wait(), wait_s)
                return
            except TimeoutError:
                wait_s *= 2

    def csr(self, key: ec.EllipticCurvePrivateKey) -> str:
        """PKCS #10: the serial number as common name, the operator as organisation (A00.FR.509, .511)."""
        model, ratings = self._client.model, self._client.plant.ratings
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, ratings.serial),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, model.text("SecurityCtrlr", "OrganizationName")),
            ]
        )
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @answers("CertificateSigned")
    def certificate_signed(self, request: Json) -> Answer | Json:
        """A02.FR.06 to .08: check it, keep it, come back with it."""
        kind = request.get("certificateType", "ChargingStationCertificate")
        asked = request.get("requestId", self._request_id)
        reason = "UnsupportedParam" if kind != "ChargingStationCertificate" else self.fault(request["certificateChain"])
        if asked != self._request_id:
            reason = "InvalidValue"
        if reason or self._key is None:
            if reason == "InvalidCertificate":
                self._done.set()
                self._client.security.event("InvalidChargingStationCertificate", "CertificateSigned")
            return {"status": "Rejected", "statusInfo": {"reasonCode": reason or "InvalidMessageSeq"}}
        key_pem = self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        self._client.certificates.replace_client(request["certificateChain"], key_pem)
        self._key = None
        self._done.set()
        return Answer({"status": "Accepted"}, lambda: self._client.connection.drop("new certificate"))

    def fault(self, chain: str) -> str | None:
        """Why a signed chain is not ours, or None: our key, our serial number, in date, issued by a root we know."""
        if self._key is None:
            return "InvalidMessageSeq"
        if len(chain) > self._client.model.integer("SecurityCtrlr", "MaxCertificateChainSize"):
            return "TooLargeElement"
        try:
            certificates = [x509.load_pem_x509_certificate(p.encode()) for p in split_pem(chain)]
        except ValueError:
            return "InvalidCertificate"
        if not certificates:
            return "InvalidCertificate"
        leaf = certificates[0]
        names = [a.value for a in leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        ours = leaf.public_key() == self._key.public_key() and self._client.plant.ratings.serial in names
        trusted = self._client.certificates.fault_of_chain(leaf, certificates[1:], "CSMSRootCertificate") is None
        return None if ours and trusted else "InvalidCertificate"
