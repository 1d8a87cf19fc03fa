"""Signed firmware update: check, fetch, verify, install, reboot into it (use case L01)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import json

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from harness.emulator.factory import MAGIC
from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline
from harness.emulator.ocpp.management import _transfer
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.security._certificates import split_pem


class Firmware:
    """The running version and at most one update under way."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.version: str = client.storage.load("firmware", {}).get("version", client.plant.ratings.firmware)
        self._task: asyncio.Task[None] | None = None
        self._request_id: int | None = None
        self._last = "Idle"
        self._idle = asyncio.Event()

    # --- requests --------------------------------------------------------------------------------------------------

    @answers("UpdateFirmware")
    def update_firmware(self, request: Json) -> Answer | Json:
        """L01: only what the manufacturer signed; the certificate is checked before anything is accepted (FR.21)."""
        firmware = request["firmware"]
        if "signingCertificate" not in firmware or "signature" not in firmware:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "MissingParam"}}
        fault = self.certificate_fault(firmware["signingCertificate"])
        if fault is not None:
            self._client.security.event("InvalidFirmwareSigningCertificate", fault)
            return {"status": fault}
        cancelled = self._task is not None and not self._task.done()
        if cancelled and self._last in ("Installing", "InstallRebooting"):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "FwUpdateInProgress"}}

        def begin() -> None:
            if self._task is not None:
                self._task.cancel()
                self._done()  # what waited for the last session no longer does
            self._request_id = request["requestId"]
            self._task = self._client.spawn(self.update(request), "firmware update")

        return Answer({"status": "AcceptedCanceled" if cancelled else "Accepted"}, begin)

    def certificate_fault(self, pem: str) -> str | None:
        """Why it is no certificate of the manufacturer's: InvalidCertificate, RevokedCertificate, or None."""
        try:
            chain = [x509.load_pem_x509_certificate(p.encode()) for p in split_pem(pem)]
        except ValueError:
            return "InvalidCertificate"
        if not chain:
            return "InvalidCertificate"
        fault = self._client.certificates.fault_of_chain(chain[0], chain[1:], "ManufacturerRootCertificate")
        return {"revoked": "RevokedCertificate", "invalid": "InvalidCertificate"}.get(fault or "")

    async def send_triggered(self) -> None:
        """F06.FR.16, L01.FR.25, .26: the last status, or Idle when nothing is going on."""
        busy = self._last not in ("Idle", "Installed")
        payload: Json = {"status": self._last if busy else "Idle"}
        if busy and self._request_id is not None:
            payload["requestId"] = self._request_id
        try:
            await self._client.call("FirmwareStatusNotification", payload, triggered=True)
        except (CallFailed, Offline):
            return

    # --- the update ------------------------------------------------------------------------------------------------

    async def update(self, request: Json) -> None:
        """One update from download to reboot. Whatever fails leaves the old firmware running."""
        firmware = request["firmware"]
        await self._until(firmware["retrieveDateTime"], "DownloadScheduled")
        image = await self.download(firmware["location"], request.get("retries", 0), request.get("retryInterval", 1))
        if image is None:
            self.tell("DownloadFailed")
            return
        self.tell("Downloaded")
        if not self.verify(image, firmware["signature"], firmware["signingCertificate"]):
            self.tell("InvalidSignature")
            self._client.security.event("InvalidFirmwareSignature", firmware["location"])
            return
        self.tell("SignatureVerified")
        await self._until(firmware.get("installDateTime"), "InstallScheduled")
        await self._wait_for_idle()
        await self.install(image)

    async def download(self, location: str, retries: int, interval_s: int) -> bytes | None:
        """The image, or None after the last retry."""
        roots = self._client.certificates.roots("CSMSRootCertificate")
        for attempt in range(retries + 1):
            if attempt:
                await asyncio.sleep(interval_s)
            self.tell("Downloading")
            try:
                return await _transfer.fetch(location, roots=roots)
            except _transfer.TransferFailed as failure:
                self._client.security.log.append(f"{self._client.time.text()} firmware download: {failure}")
        return None

    def verify(self, image: bytes, signature: str, certificate: str) -> bool:
        """L01.FR.04: SHA-256 over the whole file; RSA-PSS for RSA keys, ECDSA for elliptic ones."""
        key = x509.load_pem_x509_certificate(split_pem(certificate)[0].encode()).public_key()
        try:
            raw = base64.b64decode(signature, validate=True)
            if isinstance(key, rsa.RSAPublicKey):
                pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
                key.verify(raw, image, pss, hashes.SHA256())
            elif isinstance(key, ec.EllipticCurvePublicKey):
                key.verify(raw, image, ec.ECDSA(hashes.SHA256()))
            else:
                return False
        except (InvalidSignature, binascii.Error, ValueError):
            return False
        return True

    async def install(self, image: bytes) -> None:
        """Write it and reboot into it; an image for another model is refused."""
        self.tell("Installing")
        header = self.header(image)
        await asyncio.sleep(self._client.config.install_s)
        if header is None or header.get("model") != self._client.plant.ratings.model:
            self.tell("InstallVerificationFailed")
            self._done()
            return
        self.tell("InstallRebooting")
        pending = {"version": header["version"], "installed_for": self._request_id}
        await self._client.outbox.drained(3.0)
        self._client.storage.save("firmware", pending)
        self.version = str(header["version"])
        self._client.reboot("FirmwareUpdate")

    @staticmethod
    def header(image: bytes) -> Json | None:
        """The image's header: {"model", "version"}; None when it is no image of ours."""
        if not image.startswith(MAGIC):
            return None
        try:
            header = json.loads(image[len(MAGIC) : image.index(b"\n", len(MAGIC))])
        except ValueError:
            return None
        return header if isinstance(header, dict) and "version" in header else None

    def booted(self) -> None:
        """Accepted after a boot: if it was into new firmware, say that it is installed (FR.28, FR.31)."""
        stored = self._client.storage.load("firmware", {})
        if "installed_for" not in stored:
            return
        self._client.storage.save("firmware", {"version": stored["version"]})
        self._request_id = stored["installed_for"]
        self.tell("Installed")
        self._client.security.event("FirmwareUpdated", stored["version"])
        self._done()

    def idle(self) -> None:
        """A transaction has ended."""
        self._idle.set()

    def tell(self, status: str) -> None:
        """FirmwareStatusNotification; kept until it was delivered."""
        self._last = status
        payload: Json = {"status": status}
        if self._request_id is not None:
            payload["requestId"] = self._request_id
        self._client.outbox.put("FirmwareStatusNotification", payload, keep=True)

    async def _until(self, moment: str | None, scheduled: str) -> None:
        if moment is None:
            return
        wait_s = instant_of(moment) - self._client.time.now()
        if wait_s > 0:
            self.tell(scheduled)
            await asyncio.sleep(wait_s)

    async def _wait_for_idle(self) -> None:
        client = self._client
        if client.evses.busy:
            self.tell("InstallScheduled")
        # L01.FR.07: no new sessions meanwhile, unless the operator wants them
        client.status.firmware_pending = not client.model.flag(
            "ChargingStation", "AllowNewSessionsPendingFirmwareUpdate"
        )
        self._tell_connectors()
        while client.evses.busy:
            self._idle.clear()
            await self._idle.wait()

    def _done(self) -> None:
        self._client.status.firmware_pending = False
        self._tell_connectors()

    def _tell_connectors(self) -> None:
        for evse in self._client.evses.values():
            evse.status.changed()
