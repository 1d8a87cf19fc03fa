"""Security profiles: what the station accepts, what it refuses, and that it tells of refusals."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from harness.emulator.ocpp import StationConfig
from tests.emulator_ocpp._backend import PASSWORD, Backend, station
from tests.emulator_ocpp._pki import Pki, pem


def url(backend: Backend) -> str:
    """The TLS endpoint."""
    return f"wss://127.0.0.1:{backend.port}/ocpp"


@asynccontextmanager
async def blocking_tls(context: ssl.SSLContext) -> Any:
    """A TLS listener on blocking sockets: unlike asyncio's it gets its alert out before it hangs up.

    `heard` are the reasons for which handshakes failed.
    """
    heard: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            try:
                with connection:
                    connection.settimeout(2)
                    context.wrap_socket(connection, server_side=True).close()
            except OSError as error:
                heard.append(str(getattr(error, "reason", error)))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield SimpleNamespace(port=listener.getsockname()[1], heard=heard)
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(3)


def test_profile_3_shows_the_manufacturers_certificate(tmp_path: Path) -> None:
    """Mutual TLS works out of the box with the certificate the factory put in; no password is sent."""

    async def run() -> None:
        pki = Pki(tmp_path / "pki")
        made = tmp_path / "state" / "factory" / "manufacturer_root.pem"
        from harness.emulator._ports import Ratings
        from harness.emulator.factory import make_factory

        make_factory(made.parent, Ratings())
        backend = Backend()
        async with backend.listening(pki.server(client_root=made)):
            options: dict[str, Any] = {"url": url(backend), "security_profile": 3, "ca_file": pki.root_file}
            async with station(backend, tmp_path / "state", **options, basic_auth_password=None):
                transport = backend.sockets[0].transport.get_extra_info("ssl_object")
                subject = dict(part[0] for part in transport.getpeercert()["subject"])
                assert subject["commonName"] == "EMU-0001"
                assert "Authorization" not in backend.headers[0]
        assert backend.faults == []

    asyncio.run(run())


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize(
    ("flaw", "event"),
    [
        ("wrong host", "InvalidCsmsCertificate"),
        ("unknown ca", "InvalidCsmsCertificate"),
        ("expired", "InvalidCsmsCertificate"),
        ("old tls", "InvalidTLSVersion"),
        ("weak suite", "InvalidTLSCipherSuite"),
    ],
)
def test_refuses_a_bad_backend_and_tells_the_good_one(tmp_path: Path, flaw: str, event: str) -> None:
    """Nothing is said to the bad backend; once the good one is back it gets the security event (A00.FR.310-323)."""

    async def run() -> None:
        pki, stranger = Pki(tmp_path / "pki"), Pki(tmp_path / "stranger")
        bad = {
            "wrong host": lambda: pki.server(host="10.9.9.9"),
            "unknown ca": stranger.server,
            "expired": lambda: pki.server(days=-1),
        }.get(flaw, pki.server)()
        if flaw == "old tls":
            bad.minimum_version = ssl.TLSVersion.TLSv1
            bad.maximum_version = ssl.TLSVersion.TLSv1_1
            bad.set_ciphers("ALL:@SECLEVEL=0")
        elif flaw == "weak suite":
            bad.maximum_version = ssl.TLSVersion.TLSv1_2
            bad.set_ciphers("ECDHE-ECDSA-AES128-SHA")
        backend, trap = Backend(), Backend()
        options: dict[str, Any] = {"security_profile": 2, "ca_file": pki.root_file}
        listening = blocking_tls(bad) if flaw in ("old tls", "weak suite") else trap.listening(bad)
        async with listening as there:
            trap.port = there.port
            options["url"] = url(trap)
            async with station(trap, tmp_path / "state", **options, wait=False):
                await asyncio.sleep(0.3)
                assert trap.calls == [] and trap.sockets == []
        async with backend.listening(pki.server(), trap.port), station(backend, tmp_path / "state", **options):
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == event)
        assert backend.faults == []

    asyncio.run(run())


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    ("flaw", "reason"),
    [("wrong host", "BAD_CERTIFICATE"), ("unknown ca", "DECRYPT_ERROR"), ("expired", "CERTIFICATE_EXPIRED")],
)
def test_its_refusal_reaches_the_backend_as_an_alert(
    tmp_path: Path, flaw: str, reason: str, version: ssl.TLSVersion
) -> None:
    """As embedded TLS stacks do, it says why before it hangs up (RFC 8446, 6.2); this stranger has our root's name."""

    async def run() -> None:
        pki, stranger = Pki(tmp_path / "pki"), Pki(tmp_path / "stranger")
        bad = {
            "wrong host": lambda: pki.server(host="10.9.9.9"),
            "unknown ca": stranger.server,
            "expired": lambda: pki.server(days=-1),
        }[flaw]()
        bad.minimum_version = bad.maximum_version = version
        trap = Backend()
        async with blocking_tls(bad) as there:
            trap.port = there.port
            options: dict[str, Any] = {"security_profile": 2, "ca_file": pki.root_file, "url": url(trap)}
            async with station(trap, tmp_path / "state", **options, wait=False), asyncio.timeout(5):
                while not there.heard:
                    await asyncio.sleep(0.02)
            assert there.heard[0].endswith(f"ALERT_{reason}")

    asyncio.run(run())


def test_offers_only_strong_tls(tmp_path: Path) -> None:
    """TLS 1.2 at least, no compression, name checked, only suites with forward secrecy (A00.FR.313-321)."""

    async def run() -> None:
        backend = Backend()
        pki = Pki(tmp_path / "pki")
        async with backend.listening(), station(backend, tmp_path / "s", ca_file=pki.root_file) as (client, _):
            context = client.security.context(2)
            assert context.minimum_version == ssl.TLSVersion.TLSv1_2 and context.check_hostname
            assert context.options & ssl.OP_NO_COMPRESSION and context.verify_mode == ssl.CERT_REQUIRED
            names = {c["name"] for c in context.get_ciphers()}
            assert "ECDHE-ECDSA-AES128-GCM-SHA256" in names
            assert all(n.startswith(("TLS_", "ECDHE-")) for n in names)

    asyncio.run(run())


def test_new_password_reconnects_with_it(tmp_path: Path) -> None:
    """A01: BasicAuthPassword is write-only, too short is rejected, a good one is used at once."""

    async def run() -> None:
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path):
            item = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
            read = await backend.ask("GetVariables", {"getVariableData": [item]})
            assert read["getVariableResult"][0]["attributeStatus"] == "Rejected"
            short = await backend.ask("SetVariables", {"setVariableData": [{**item, "attributeValue": "short"}]})
            assert short["setVariableResult"][0]["attributeStatus"] == "Rejected"
            good = {"setVariableData": [{**item, "attributeValue": "another good password"}]}
            assert (await backend.ask("SetVariables", good))["setVariableResult"][0]["attributeStatus"] == "Accepted"
            for _ in range(100):
                if len(backend.sockets) == 2:
                    break
                await asyncio.sleep(0.02)
            first, second = (h["Authorization"] for h in backend.headers)
            assert first != second
            await backend.expect(
                "SecurityEventNotification", lambda p: p["type"] == "ReconfigurationOfSecurityParameters"
            )
            assert len(backend.of("BootNotification")) == 1

    asyncio.run(run())


def test_wrong_password_is_told_later(tmp_path: Path) -> None:
    """HTTP 401 becomes FailedToAuthenticateAtCsms once the backend lets the station in again."""

    async def run() -> None:
        backend = Backend()
        backend.refuse_status = 401
        async with backend.listening(), station(backend, tmp_path, wait=False):
            await asyncio.sleep(0.2)
            assert backend.calls == []
            backend.refuse_status = None
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == "FailedToAuthenticateAtCsms")

    asyncio.run(run())


def test_certificate_renewal(tmp_path: Path) -> None:
    """A02: CSR with serial number and operator, a signed chain is accepted and used, somebody else's is rejected."""

    async def run() -> None:
        pki = Pki(tmp_path / "pki")
        backend = Backend()
        async with backend.listening(), station(backend, tmp_path / "s", ca_file=pki.root_file) as (client, _):
            await backend.ask("TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"})
            told = await backend.expect("SignCertificate")
            csr = x509.load_pem_x509_csr(told["csr"].encode())
            assert csr.is_signature_valid
            assert csr.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "EMU-0001"
            assert csr.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
            wrong = pki.pair("stranger")[0].read_text()
            request = {"certificateChain": wrong, "requestId": told["requestId"]}
            assert (await backend.ask("CertificateSigned", request))["status"] == "Rejected"
            event = "InvalidChargingStationCertificate"
            await backend.expect("SecurityEventNotification", lambda p: p["type"] == event)
            signed = pki.sign(csr.subject, csr.public_key())
            request["certificateChain"] = pem(signed).decode()
            assert (await backend.ask("CertificateSigned", {**request, "requestId": 99}))["status"] == "Rejected"
            assert (await backend.ask("CertificateSigned", request))["status"] == "Accepted"
            assert x509.load_pem_x509_certificate(client.certificates.client_files()[0].read_bytes()) == signed
        assert backend.faults == []

    asyncio.run(run())


def test_root_certificates_are_installed_listed_and_deleted(tmp_path: Path) -> None:
    """Block M: a valid root is installed and found by its hash, rubbish and expired ones are rejected."""

    async def run() -> None:
        pki = Pki(tmp_path / "pki")
        backend = Backend("ocpp2.0.1")
        async with backend.listening(), station(backend, tmp_path / "s"):
            ask = backend.ask
            wanted = {"certificateType": ["V2GRootCertificate"]}
            assert (await ask("GetInstalledCertificateIds", wanted))["status"] == "NotFound"
            request = {"certificateType": "V2GRootCertificate", "certificate": pki.root_file.read_text()}
            assert (await ask("InstallCertificate", {**request, "certificate": "rubbish"}))["status"] == "Rejected"
            old = pem(pki.sign(pki.name, pki.key.public_key(), ca=True, days=-1)).decode()
            assert (await ask("InstallCertificate", {**request, "certificate": old}))["status"] == "Rejected"
            assert (await ask("InstallCertificate", request))["status"] == "Accepted"
            listed = await ask("GetInstalledCertificateIds", wanted)
            data = listed["certificateHashDataChain"][0]["certificateHashData"]
            from cryptography.hazmat.primitives.hashes import SHA256
            from cryptography.x509 import ocsp

            built = ocsp.OCSPRequestBuilder().add_certificate(pki.root, pki.root, SHA256()).build()
            assert data["issuerKeyHash"] == built.issuer_key_hash.hex()
            assert data["issuerNameHash"] == built.issuer_name_hash.hex()
            assert int(data["serialNumber"], 16) == pki.root.serial_number
            delete = {"certificateHashData": data}
            assert (await ask("DeleteCertificate", delete))["status"] == "Accepted"
            assert (await ask("DeleteCertificate", delete))["status"] == "NotFound"
        assert backend.faults == []

    asyncio.run(run())


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"security_profile": 4}, "1, 2 and 3"),
        ({"url": "wss://h"}, "needs ws://"),
        ({"basic_auth_password": "short"}, "16 to 64"),
        ({"identity": "a:b"}, "neither"),
        ({"security_profile": 2, "url": "wss://h"}, "ca_file"),
        ({"subprotocols": ("ocpp1.6",)}, "speaks"),
    ],
)
def test_bad_configuration_says_what_would_be_right(changes: dict[str, Any], says: str) -> None:
    """A station with impossible credentials is not built."""
    with pytest.raises(ValueError, match=says):
        StationConfig(**{"url": "ws://h", "basic_auth_password": PASSWORD, **changes})
