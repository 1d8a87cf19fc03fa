"""Signed firmware: installed when the manufacturer signed it, refused otherwise, and never half."""

from __future__ import annotations

import asyncio
import base64
import json
import threading
import time
from contextlib import asynccontextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from harness.emulator._ports import Ratings
from harness.emulator.factory import make_factory
from harness.emulator.factory._authority import Authority
from harness.emulator.ocpp._times import text_of
from tests.emulator_ocpp._backend import Backend, station

Json = dict[str, Any]


@asynccontextmanager
async def files(content: dict[str, bytes], *, cut_after: int | None = None) -> Any:
    """A file server on 127.0.0.1; `cut_after` hangs up in the middle. Yields (base url, uploads)."""
    uploads: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            data = content[self.path.lstrip("/")]
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data[:cut_after] if cut_after else data)

        def do_PUT(self) -> None:
            uploads[self.path.lstrip("/")] = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", uploads
    finally:
        await asyncio.to_thread(server.shutdown)
        server.server_close()


def release(folder: Path) -> tuple[Json, bytes]:
    """The vendor's release: the `firmware` object of UpdateFirmware without location, and the image."""
    made = make_factory(folder, Ratings())
    image = json.loads(made.index.read_text())["firmware"][0]
    firmware = {
        "retrieveDateTime": text_of(time.time() - 5),
        "signingCertificate": (folder / image["signing_certificate"]).read_text(),
        "signature": (folder / image["signature"]).read_text(),
    }
    return firmware, (folder / image["file"]).read_bytes()


def statuses(backend: Backend) -> list[str]:
    """The firmware statuses told so far."""
    return [p["status"] for p in backend.of("FirmwareStatusNotification")]


@pytest.mark.parametrize("version", ["ocpp2.0.1", "ocpp2.1"])
def test_installs_what_the_manufacturer_signed(tmp_path: Path, version: str) -> None:
    """All statuses in order with the request's id, a reboot, the new version in BootNotification, FirmwareUpdated."""

    async def run() -> None:
        backend = Backend(version)
        firmware, image = release(tmp_path / "factory")
        async with backend.listening(), files({"fw.bin": image}) as (base, _), station(backend, tmp_path):
            request = {"requestId": 42, "firmware": {**firmware, "location": f"{base}/fw.bin"}}
            assert (await backend.ask("UpdateFirmware", request))["status"] == "Accepted"
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == "FirmwareUpdated")
            assert statuses(backend) == [
                "Downloading",
                "Downloaded",
                "SignatureVerified",
                "Installing",
                "InstallRebooting",
                "Installed",
            ]
            assert {p["requestId"] for p in backend.of("FirmwareStatusNotification")} == {42}
            boot = backend.of("BootNotification")[-1]
            assert (boot["reason"], boot["chargingStation"]["firmwareVersion"]) == ("FirmwareUpdate", "1.5.0")
            item = {"component": {"name": "ChargingStation"}, "variable": {"name": "FirmwareVersion"}}
            answer = await backend.ask("GetVariables", {"getVariableData": [item]})
            assert answer["getVariableResult"][0]["attributeValue"] == "1.5.0"
        assert backend.faults == []

    asyncio.run(run())


def test_tampered_image_is_refused(tmp_path: Path) -> None:
    """One flipped byte: InvalidSignature, a security event, the old version goes on and answers."""

    async def run() -> None:
        backend = Backend()
        firmware, image = release(tmp_path / "factory")
        broken = image[:-1] + bytes([image[-1] ^ 1])
        async with (
            backend.listening(),
            files({"fw.bin": broken}) as (base, _),
            station(backend, tmp_path) as (client, _),
        ):
            request = {"requestId": 1, "firmware": {**firmware, "location": f"{base}/fw.bin"}}
            await backend.ask("UpdateFirmware", request)
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == "InvalidFirmwareSignature")
            assert statuses(backend) == ["Downloading", "Downloaded", "InvalidSignature"]
            assert client.firmware.version == "1.4.2" and len(backend.of("BootNotification")) == 1
        assert backend.faults == []

    asyncio.run(run())


def test_strangers_and_revoked_signers_are_refused_before_anything_is_fetched(tmp_path: Path) -> None:
    """InvalidCertificate, RevokedCertificate, and unsigned is rejected; no download begins (L01.FR.21, .22)."""

    async def run() -> None:
        backend = Backend()
        firmware, image = release(tmp_path / "factory")
        stranger, key = Authority("Stranger Root", "Stranger").firmware_signer("Stranger Signing")
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        signature = base64.b64encode(key.sign(image, pss, hashes.SHA256())).decode()
        cases = [
            ({**firmware, "signingCertificate": stranger.decode(), "signature": signature}, "InvalidCertificate"),
            ({**firmware, "signingCertificate": "rubbish"}, "InvalidCertificate"),
            (
                {**firmware, "signingCertificate": (tmp_path / "factory" / "firmware_signing_revoked.pem").read_text()},
                "RevokedCertificate",
            ),
            ({k: v for k, v in firmware.items() if k != "signature"}, "Rejected"),
        ]
        async with backend.listening(), station(backend, tmp_path):
            for each, status in cases:
                request = {"requestId": 1, "firmware": {**each, "location": "http://127.0.0.1:1/x"}}
                assert (await backend.ask("UpdateFirmware", request))["status"] == status
            event = "InvalidFirmwareSigningCertificate"
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == event)
            assert statuses(backend) == []
        assert backend.faults == []

    asyncio.run(run())


def test_interrupted_download_leaves_the_old_firmware(tmp_path: Path) -> None:
    """A connection cut half way is retried as often as asked, then DownloadFailed; the station stays reachable."""

    async def run() -> None:
        backend = Backend()
        firmware, image = release(tmp_path / "factory")
        served = files({"fw.bin": image}, cut_after=100_000)
        async with backend.listening(), served as (base, _), station(backend, tmp_path) as (client, _):
            location = {**firmware, "location": f"{base}/fw.bin"}
            request = {"requestId": 1, "retries": 1, "retryInterval": 0, "firmware": location}
            await backend.ask("UpdateFirmware", request)
            await backend.expect("FirmwareStatusNotification", lambda p: p["status"] == "DownloadFailed")
            assert statuses(backend) == ["Downloading", "Downloading", "DownloadFailed"]
            assert client.firmware.version == "1.4.2"
            assert "versionNumber" in await backend.ask("GetLocalListVersion", {})

    asyncio.run(run())


def test_waits_for_a_running_transaction(tmp_path: Path) -> None:
    """While a car charges the installation is only scheduled; it goes on when the transaction ends (L01.FR.06)."""

    async def run() -> None:
        backend = Backend()
        firmware, image = release(tmp_path / "factory")
        async with (
            backend.listening(),
            files({"fw.bin": image}) as (base, _),
            station(backend, tmp_path) as (client, plant),
        ):
            plant.plug()
            await client.present_token("DRIVER1")
            request = {"requestId": 1, "firmware": {**firmware, "location": f"{base}/fw.bin"}}
            await backend.ask("UpdateFirmware", request)
            await backend.expect("FirmwareStatusNotification", lambda p: p["status"] == "InstallScheduled")
            await asyncio.sleep(0.2)
            assert "Installing" not in statuses(backend)
            plant.unplug()
            await backend.expect("FirmwareStatusNotification", lambda p: p["status"] == "Installed")

    asyncio.run(run())


def test_image_for_another_model_is_not_activated(tmp_path: Path) -> None:
    """A properly signed image of another model ends in InstallVerificationFailed."""

    async def run() -> None:
        backend = Backend()
        other = Ratings(model="Another-Model", serial="EMU-0001")
        make_factory(tmp_path / "factory", other)
        firmware, image = release(tmp_path / "factory")
        async with (
            backend.listening(),
            files({"fw.bin": image}) as (base, _),
            station(backend, tmp_path) as (client, _),
        ):
            request = {"requestId": 1, "firmware": {**firmware, "location": f"{base}/fw.bin"}}
            await backend.ask("UpdateFirmware", request)
            await backend.expect("FirmwareStatusNotification", lambda p: p["status"] == "InstallVerificationFailed")
            assert client.firmware.version == "1.4.2"

    asyncio.run(run())


def test_release_folder_is_complete_and_kept(tmp_path: Path) -> None:
    """The index names files that exist, the signature verifies, no private key of the manufacturer lies about, and a
    second call changes nothing."""
    made = make_factory(tmp_path, Ratings())
    index = json.loads(made.index.read_text())
    image = index["firmware"][0]
    assert all((tmp_path / image[k]).is_file() for k in ("file", "signature", "signing_certificate"))
    certificate = x509.load_pem_x509_certificate(made.signing_certificate.read_bytes())
    certificate.verify_directly_issued_by(x509.load_pem_x509_certificate(made.root.read_bytes()))
    content = (tmp_path / image["file"]).read_bytes()
    signature = base64.b64decode((tmp_path / image["signature"]).read_text())
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.AUTO)
    certificate.public_key().verify(signature, content, pss, hashes.SHA256())
    with_keys = [p.name for p in tmp_path.iterdir() if b"PRIVATE KEY" in p.read_bytes()]
    assert with_keys == ["station_key.pem"]
    before = made.root.read_bytes()
    assert make_factory(tmp_path, Ratings()).root.read_bytes() == before


def test_log_is_uploaded(tmp_path: Path) -> None:
    """GetLog answers with a file name, uploads it and tells Uploading, Uploaded; passwords are not in it."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), files({}) as (base, uploads), station(backend, tmp_path):
            request = {"log": {"remoteLocation": f"{base}/logs"}, "logType": "SecurityLog", "requestId": 8}
            answer = await backend.ask("GetLog", request)
            assert answer["status"] == "Accepted"
            await backend.expect("LogStatusNotification", lambda p: p["status"] == "Uploaded")
            assert [p["status"] for p in backend.of("LogStatusNotification")] == ["Uploading", "Uploaded"]
            (content,) = uploads.values()
            assert b"StartupOfTheDevice" in content and b"battery" not in content
        assert backend.faults == []

    asyncio.run(run())
