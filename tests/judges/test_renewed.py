"""With which certificate does a charger come once it has taken a new one?"""

from __future__ import annotations

import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from harness.judge import Verdict
from tests.judges._trace import T


def comes(t: T, conn: int, key: str) -> T:
    """The charger connects, and shows a certificate with this key."""
    hello = {"versions": ["TLSv1.3"], "supported_versions_extension": True}
    shown = {"scenario": "good", "outcome": "completed", "peer": "dut", "client_hello": hello, "peer_key": key}
    t = t.event("tls.handshake", "dut", conn=conn, remote="192.0.2.7:4711", **shown)
    return t.connects(conn, remote="192.0.2.7:4711")


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        ("Accepted", ["k2"], Verdict.PASS),
        ("Accepted", ["k1"], Verdict.FAIL),
        ("Accepted", ["k1", "k2"], Verdict.PASS),
        ("Accepted", [], Verdict.INCONCLUSIVE),
        ("Rejected", ["k1"], Verdict.INCONCLUSIVE),
    ],
)
def test_the_newest_connection_rests_on_the_new_key(status: str, after: list[str], expected: Verdict) -> None:
    """The same key as before is the old certificate; who never came again has not shown any."""
    t = comes(T(), 1, "k1").asks("CertificateSigned").named("given").answers({"status": status})
    for conn, key in enumerate(after, 2):
        t = comes(t, conn, key)
    assert t.claims("renewed.shown", call="@given").judged().verdict is expected


def request(key: ec.EllipticCurvePrivateKey) -> str:
    """A certificate request for this key, as PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "CS-1")])
    csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, SHA256())
    return csr.public_bytes(Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        (["new"], Verdict.PASS),
        (["old"], Verdict.FAIL),
        (["new", "old"], Verdict.FAIL),
        ([], Verdict.INCONCLUSIVE),
        (["garbage"], Verdict.INCONCLUSIVE),
    ],
)
def test_each_request_is_for_a_new_key(keys: list[str], expected: Verdict) -> None:
    """The key in use must not be asked for again, not the second time either."""
    made = {name: ec.generate_private_key(ec.SECP256R1()) for name in ("old", "new")}
    old = made["old"].public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    t = comes(T(), 1, hashlib.sha256(old).hexdigest())
    for key in keys:
        t = t.says("SignCertificate", {"csr": request(made[key]) if key in made else "garbage"}).is_answered()
    assert t.claims("renewed.asks_for_a_new_key", since=0).judged().verdict is expected
