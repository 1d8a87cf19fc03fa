"""The vendor's newer firmware as cases offer it: right, broken off, altered, or signed by a stranger."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from harness.bench import BenchError
from harness.csms import Answer, Credential
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import Running
from harness.hands._settings import Settings
from harness.hands._waits import Waits
from harness.profile import FirmwareFiles
from harness.trace import OcppMessage
from plain_files import octets_of, text_of

_ASK_AGAIN_S = 1.0
_ON_THE_WAY = ("Installed", "InstallScheduled", "DownloadScheduled")
_GIVES_UP_S = 60.0  # where no purpose says how long a refusal may take
_MOST_IMAGE, _MOST_TEXT = 500_000_000, 1_000_000
_FINAL = ("Installed", "DownloadFailed", "InvalidSignature", "InstallationFailed", "InstallVerificationFailed")


class FirmwareOffer:
    """One image with its signature. `version` is what it installs, `running` what the charger ran before."""

    def __init__(self, ports: Ports, reach: Reach, running: Running, settings: Settings, waits: Waits) -> None:
        self._ports, self._reach, self._limits, self._settings, self._waits = ports, reach, running, settings, waits
        files, folder = _given(ports)
        self.version = files.version
        self.running = ports.profile.product.firmware
        self._image = octets_of(folder / files.image, most=_MOST_IMAGE)
        self._signature = text_of(folder / files.signature, most=_MOST_TEXT).strip()
        self._certificate = text_of(folder / files.signing_certificate, most=_MOST_TEXT)
        self._number = 0
        self._said = ""

    async def offer(
        self,
        *,
        interrupt: bool = False,
        tampered: bool = False,
        stranger: bool = False,
        own_root: bool = False,
        without: tuple[str, ...] = (),
        retrieve_at: str | None = None,
        install_at: str | None = None,
    ) -> Answer:
        """Send UpdateFirmware for an image that our file server holds (OCPP L01), to be fetched and installed then.

        `stranger`: signed below a root that nobody installed; `own_root`: below the one that it knows its backend by.
        `without` "signature", "certificate": these are left out.
        """
        csms = self._ports.csms
        station = await self._reach.connected()
        image, signature, certificate = self._image, self._signature, self._certificate
        if tampered:
            middle = len(image) // 2
            image = image[:middle] + bytes([image[middle] ^ 0xFF]) + image[middle + 1 :]
        if stranger:
            signature, certificate = _signed(image, csms.pki.make_stranger_signing_certificate())
        if own_root:
            signature, certificate = _signed(image, csms.pki.make_signing_certificate())
        await self._runs()  # what it tells when asked is held against what it told before
        self._number += 1
        location = csms.files.serve(
            f"firmware-{self._number}.bin",
            image,
            interrupt_after=len(image) // 2 if interrupt else None,
            secure=await self._settings.wants_https(),
        )
        return await station.update_firmware(
            location,
            signing_certificate=None if "certificate" in without else certificate,
            signature=None if "signature" in without else signature,
            retrieve_at=retrieve_at,
            install_at=install_at,
            retries=0,
            retry_interval_s=1,
        )

    async def wait_for(self, status: str, update: Answer) -> None:
        """Wait until the charger reports this or another final status, or refused at once; bounded by the contract."""
        self._said = ""
        if update.status not in ("Accepted", "AcceptedCanceled"):
            return
        station = await self._reach.connected()
        bound_s = self._limits.limit("install" if status in _ON_THE_WAY else "refusal", _GIVES_UP_S)
        told = await self._waits.if_it_comes(
            station.expect(
                "FirmwareStatusNotification",
                where=lambda message: message.payload.get("status") in {status, *_FINAL},
                since=update.call,
                within_s=bound_s + 1,
            )
        )
        self._said = str(told.payload["status"]) if told is not None else ""

    async def until_it_runs(self, update: Answer) -> None:
        """After Installed, wait until the charger tells the new version, at a boot or asked, within the contract."""
        if self._said != "Installed":
            return
        station = await self._reach.connected()
        clock, bound_s = self._ports.recorder.clock, self._limits.limit("install") + 1
        end_ns = clock.mono_ns() + int(bound_s * 1e9)
        while clock.mono_ns() < end_ns:
            booted = station.expect("BootNotification", self._names_it, since=update.call, within_s=_ASK_AGAIN_S)
            came = await self._waits.if_it_comes(booted)
            if await self._runs() == self.version or came:  # asked in any case: boot and device model should agree
                return

    async def sign_of_life(self) -> None:
        """Ask the charger something; it has as long to be there as it has to refuse firmware."""
        within_s = self._limits.limit("refusal") + 1
        await self._waits.if_it_comes(self._reach.station.until_connected(within_s=within_s))
        await self._runs()

    def _names_it(self, boot: OcppMessage) -> bool:
        return bool((boot.payload.get("chargingStation") or {}).get("firmwareVersion") == self.version)

    async def _runs(self) -> str | None:
        """The version that the charger tells when asked; None when it does not (the variable is optional)."""
        asked = self._reach.station.variable("ChargingStation", "FirmwareVersion", within_s=5)
        told = await self._waits.if_it_comes(asked)
        return None if told is None else str(told)


def _given(ports: Ports) -> tuple[FirmwareFiles, Path]:
    """The files of the profile, or those that the emulated charger's maker hands over."""
    files = ports.profile.pixit.firmware_update
    if files is not None:
        return files, ports.profile_folder
    factory = ports.emulator_ready.get("factory")
    if not factory:
        raise BenchError("firmware", None, "the vendor's newer firmware is not given (pixit.firmware_update)")
    folder = Path(factory)
    release = json.loads((folder / "index.json").read_text())["firmware"][-1]
    found = FirmwareFiles(
        image=release["file"],
        signature=release["signature"],
        signing_certificate=release["signing_certificate"],
        version=release["version"],
    )
    return found, folder


def _signed(image: bytes, credential: Credential) -> tuple[str, str]:
    """A signature that is right in itself, by a certificate that the charger has no reason to trust for firmware."""
    key = serialization.load_pem_private_key(credential.key_pem.encode(), None)
    x509.load_pem_x509_certificate(credential.certificate_pem.encode())
    if isinstance(key, rsa.RSAPrivateKey):
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
        raw = key.sign(image, pss, hashes.SHA256())
    else:
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        raw = key.sign(image, ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(raw).decode(), credential.certificate_pem
