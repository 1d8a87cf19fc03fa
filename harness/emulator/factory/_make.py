"""The manufacturer's release folder: written once, then only read, so that a lab can work with it as a vendor's."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from harness.emulator._ports import Ratings

from ._authority import Authority, pem_of_key
from ._image import firmware_image

NEXT_VERSION = "1.5.0"


@dataclass(frozen=True)
class FactoryFiles:
    """Paths in the release folder. The manufacturer's private keys are not among them: they never leave it."""

    folder: Path

    @property
    def index(self) -> Path:
        return self.folder / "index.json"

    @property
    def root(self) -> Path:
        return self.folder / "manufacturer_root.pem"

    @property
    def signing_certificate(self) -> Path:
        return self.folder / "firmware_signing.pem"

    @property
    def revoked_certificate(self) -> Path:
        return self.folder / "firmware_signing_revoked.pem"

    @property
    def revocation_list(self) -> Path:
        return self.folder / "manufacturer.crl.pem"

    @property
    def station_certificate(self) -> Path:
        return self.folder / "station_cert.pem"

    @property
    def station_key(self) -> Path:
        return self.folder / "station_key.pem"


def make_factory(folder: Path, ratings: Ratings, *, version: str = NEXT_VERSION) -> FactoryFiles:
    """Write the release for this model and serial number into `folder`, unless it is there already.

    `index.json` names everything a lab needs: {"model", "vendor", "serial", "running_version", "firmware": [{"version",
    "file", "signature", "signing_certificate"}], "manufacturer_root", "revoked_signing_certificate", ...}.
    The signature is base64 of RSA-PSS with SHA-256 over the whole file (OCPP L01.FR.04).
    """
    files = FactoryFiles(folder)
    if files.index.is_file() and json.loads(files.index.read_text("utf-8")).get("serial") == ratings.serial:
        return files
    folder.mkdir(parents=True, exist_ok=True)
    authority = Authority(f"{ratings.vendor} Root", ratings.vendor)
    files.root.write_bytes(authority.pem)
    signing, signing_key = authority.firmware_signer("Firmware Signing 1")
    revoked, _ = authority.firmware_signer("Firmware Signing 0 (withdrawn)")
    files.signing_certificate.write_bytes(signing)
    files.revoked_certificate.write_bytes(revoked)
    files.revocation_list.write_bytes(authority.revocation_list([revoked]))
    station, station_key = authority.station(ratings.serial)
    files.station_certificate.write_bytes(station)
    files.station_key.touch(mode=0o600)
    files.station_key.write_bytes(pem_of_key(station_key))
    image = firmware_image(ratings.model, version)
    name = f"firmware-{version}.bin"
    (folder / name).write_bytes(image)
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), hashes.SHA256.digest_size)
    signature = base64.b64encode(signing_key.sign(image, pss, hashes.SHA256())).decode("ascii")
    (folder / f"{name}.sig").write_text(signature, "ascii")
    files.index.write_text(json.dumps(_index(files, ratings, version, name), indent=2) + "\n", "utf-8")
    return files


def _index(files: FactoryFiles, ratings: Ratings, version: str, name: str) -> dict[str, object]:
    image = {
        "version": version,
        "file": name,
        "signature": f"{name}.sig",
        "signing_certificate": files.signing_certificate.name,
        "signature_scheme": "RSA-PSS, SHA-256, base64",
    }
    return {
        "note": "An emulated charger's release; proves nothing about a real one.",
        "model": ratings.model,
        "vendor": ratings.vendor,
        "serial": ratings.serial,
        "running_version": ratings.firmware,
        "firmware": [image],
        "manufacturer_root": files.root.name,
        "revoked_signing_certificate": files.revoked_certificate.name,
        "revocation_list": files.revocation_list.name,
        "station_certificate": files.station_certificate.name,
    }
