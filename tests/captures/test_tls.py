"""TLS of a capture, opened with a key log: both versions, against an independent implementation of TLS."""

from __future__ import annotations

import datetime
import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from harness.trace.captures import Capture, Frame
from tests.captures._make import CAR, CHARGER, Made, block, session, v2gtp

SAID = session()[:20]
SUITES = [
    (ssl.TLSVersion.TLSv1_3, ""),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-SHA256"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-GCM-SHA384"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-CHACHA20-POLY1305"),
    (ssl.TLSVersion.TLSv1_2, "ECDHE-ECDSA-AES256-SHA384"),
]


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate of its own making, in one file."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SECC")])
    now = datetime.datetime.now(datetime.UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
    signed = made.sign(key, hashes.SHA256())
    path = tmp_path_factory.mktemp("pki") / "both.pem"
    form = serialization.PrivateFormat.PKCS8
    private = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path.write_bytes(private + signed.public_bytes(serialization.Encoding.PEM))
    return path


def talked(certificate: Path, keys: Path, version: ssl.TLSVersion, suite: str) -> Made:
    """The recorded session between two ends of the platform's own TLS, as a capture sees it."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    server.load_cert_chain(certificate)
    client.check_hostname, client.verify_mode, client.keylog_filename = False, ssl.CERT_NONE, str(keys)
    for context in (server, client):
        context.minimum_version = context.maximum_version = version
    if suite:
        server.set_ciphers(suite)
        client.set_ciphers(suite)
    pipes = [ssl.MemoryBIO() for _ in range(4)]
    ends = {
        CAR: client.wrap_bio(pipes[0], pipes[1]),
        CHARGER: server.wrap_bio(pipes[2], pipes[3], server_side=True),
    }
    made = Made().sdp(security=0).opened()

    def carried() -> None:
        for source, target, out, into in ((CAR, CHARGER, pipes[1], pipes[2]), (CHARGER, CAR, pipes[3], pipes[0])):
            if octets := out.read():
                into.write(octets)
                made.tcp(source, target, octets)

    done: set[tuple[str, int]] = set()
    while len(done) < 2:
        for end, wire in ends.items():
            try:
                wire.do_handshake()
                done.add(end)
            except ssl.SSLWantReadError:
                pass
            carried()
    for way, kind, exi in SAID:
        ends[CHARGER if way == "in" else CAR].write(v2gtp(kind, exi))
        carried()
    return made


def frames(capture: Capture) -> list[tuple[str, int, bytes]]:
    """Its messages."""
    found = [each for each in capture if isinstance(each, Frame)]
    return [("out" if f.from_client else "in", f.payload_type, f.payload) for f in found]


@pytest.mark.parametrize(("version", "suite"), SUITES, ids=str)
def test_a_session_is_opened_with_its_secrets(
    tmp_path: Path, certificate: Path, version: ssl.TLSVersion, suite: str
) -> None:
    """From a key log, from the capture itself; without one it is counted and named, and nothing is guessed."""
    keys = tmp_path / "keys"
    made = talked(certificate, keys, version, suite)
    path = made.pcapng(tmp_path / "x.pcapng")
    assert frames(Capture(path, keys.read_text())) == list(SAID)
    silent = Capture(path)
    assert frames(silent) == [] and [why for _, why in silent.encrypted] == ["no key log gives its secrets"]
    text = keys.read_bytes()
    carried = len(text).to_bytes(4, "little") + text + b"\0" * (-len(text) % 4)
    inside = made.pcapng(tmp_path / "y.pcapng", extra=block(10, (0x544C534B).to_bytes(4, "little") + carried))
    assert frames(Capture(inside)) == list(SAID)
    disclosed = made.udp(("fe80::5ecc", 50001), ("ff02::1", 50000), text).pcap(tmp_path / "z.pcap")
    assert frames(Capture(disclosed)) == list(SAID)


@pytest.mark.parametrize(("version", "suite"), SUITES, ids=str)
def test_wrong_secrets_open_nothing(tmp_path: Path, certificate: Path, version: ssl.TLSVersion, suite: str) -> None:
    """Each record is proven by its own seal: a wrong secret gives no wrong message, it gives none."""
    keys = tmp_path / "keys"
    path = talked(certificate, keys, version, suite).pcap(tmp_path / "x")
    lines = [line.split() for line in keys.read_text().splitlines() if not line.startswith("#")]
    wrong = "\n".join(f"{label} {client} {'00' * (len(secret) // 2)}" for label, client, secret in lines)
    capture = Capture(path, wrong)
    assert frames(capture) == []
    assert [why for _, why in capture.encrypted] == ["it does not open with the secret that the key log gives"]


def test_what_is_lost_of_it_ends_the_reading(tmp_path: Path, certificate: Path) -> None:
    """What came before it is read, nothing that was not said, and the loss is named."""
    keys = tmp_path / "keys"
    made = talked(certificate, keys, *SUITES[0])
    del made.packets[-9]
    capture = Capture(made.pcap(tmp_path / "x"), keys.read_text())
    found = frames(capture)
    assert 0 < len(found) < len(SAID) and found[:10] == list(SAID)[:10] and all(each in SAID for each in found)
    assert [why for _, why in capture.encrypted] == ["octets of it are not in the capture"]
