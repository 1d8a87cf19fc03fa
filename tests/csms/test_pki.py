"""Certificates: what each scenario presents, what stations get, and the renewal over OCPP."""

from __future__ import annotations

import asyncio
import base64
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

import harness
from harness.csms import V21, V201, Pki, offered_root, write_private
from harness.csms.door._basic import basic_credentials
from tests.csms.rig import backend, seen, station, timed


def _csr(serial: str | None, key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> str:
    names = [x509.NameAttribute(NameOID.COMMON_NAME, serial)] if serial else []
    names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, "The CSO"))
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names)).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def test_each_scenario_is_wrong_in_exactly_one_way(tmp_path: Path) -> None:
    """wrong_host has another name, unknown_ca another issuer, expired and not_yet_valid other dates."""
    pki = Pki.create(tmp_path)
    roots = dict(zip(pki.kinds, x509.load_pem_x509_certificates(pki.roots_pem.encode()), strict=True))
    now = datetime.now(UTC)
    for scenario in ("good", "wrong_host", "unknown_ca", "expired", "not_yet_valid"):
        for kind, root in roots.items():
            leaf = x509.load_pem_x509_certificates(pki.server_files(scenario, kind)[0].read_bytes())[0]
            names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            assert ("localhost" in names.get_values_for_type(x509.DNSName)) is (scenario != "wrong_host")
            assert (leaf.not_valid_after_utc > now) is (scenario != "expired")
            assert (leaf.not_valid_before_utc <= now) is (scenario != "not_yet_valid")
            assert (leaf.issuer == root.subject) is (scenario != "unknown_ca")
            if scenario != "unknown_ca":
                leaf.verify_directly_issued_by(root)
    assert (tmp_path / "server-ec.key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_an_unknown_authority_also_comes_under_our_roots_own_name(tmp_path: Path, kind: str) -> None:
    """In turns: an issuer of another name, then one that has our root's name and kind of key but did not sign by it."""
    pki = Pki.create(tmp_path)
    root = dict(zip(pki.kinds, x509.load_pem_x509_certificates(pki.roots_pem.encode()), strict=True))[kind]
    shown = [x509.load_pem_x509_certificates(pki.server_files("unknown_ca", kind, n)[0].read_bytes()) for n in range(3)]
    assert [leaf.issuer == root.subject for leaf, _ in shown] == [False, True, False]
    for leaf, above in shown:
        leaf.verify_directly_issued_by(above)
        with pytest.raises((ValueError, InvalidSignature)):
            leaf.verify_directly_issued_by(root)


@pytest.mark.parametrize("kind", ["ec", "rsa"])
@pytest.mark.parametrize("scenario", ["good", "unknown_ca"])
def test_a_chain_is_of_one_kind_from_leaf_to_root(tmp_path: Path, kind: str, scenario: str) -> None:
    """A station that knows RSA only (or EC only) can check every signature of what it is shown (A00.FR.319)."""
    chain = x509.load_pem_x509_certificates(Pki.create(tmp_path).server_files(scenario, kind)[0].read_bytes())
    wanted = rsa.RSAPublicKey if kind == "rsa" else ec.EllipticCurvePublicKey
    assert all(isinstance(each.public_key(), wanted) for each in chain)
    chain[0].verify_directly_issued_by(chain[-1])


def test_a_folder_of_before_keeps_its_root_and_gets_the_other_kind(tmp_path: Path) -> None:
    """A root.pem that a charger has installed stays what is shown first, whatever its kind; the other kind is added."""
    first = Pki.create(tmp_path, algorithm="rsa").root_pem
    (tmp_path / "root-ec.pem").unlink()
    (tmp_path / "root-ec.key").unlink()
    again = Pki.create(tmp_path, algorithm="ec")
    assert (again.root_pem, again.algorithm, again.kinds) == (first, "rsa", ("rsa", "ec"))
    assert (tmp_path / "roots.pem").read_text() == first + (tmp_path / "root-ec.pem").read_text()


def test_the_root_is_kept_between_campaigns(tmp_path: Path) -> None:
    """A charger that has our root installed trusts the next campaign; half a root is refused in words."""
    first = Pki.create(tmp_path).root_pem
    again = Pki.create(tmp_path, host_names=("bench.example",))
    assert again.root_pem == first
    leaf = x509.load_pem_x509_certificates(again.server_files("good", "ec")[0].read_bytes())[0]
    leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(first.encode()))
    assert leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "bench.example"
    (tmp_path / "root.key").unlink()
    with pytest.raises(ValueError, match=r"without root\.key"):
        Pki.create(tmp_path)


def test_station_and_signing_certificates(tmp_path: Path) -> None:
    """CN is the serial number and O the owner; the stranger's signing certificate does not lead to our root."""
    pki = Pki.create(tmp_path, algorithm="rsa")
    root = x509.load_pem_x509_certificate(pki.root_pem.encode())
    made = pki.issue_station_certificate("SN-7", "The CSO").certificate
    assert made.subject.rfc4514_string() == "O=The CSO,CN=SN-7"
    made.verify_directly_issued_by(root)
    pki.make_signing_certificate().certificate.verify_directly_issued_by(root)
    with pytest.raises(ValueError, match=r"(?i)issuer"):
        pki.make_stranger_signing_certificate().certificate.verify_directly_issued_by(root)
    with pytest.raises(ValueError, match="'ec' or 'rsa'"):
        Pki.create(tmp_path, algorithm="dsa")


def test_certificates_of_both_kinds_for_stations(tmp_path: Path) -> None:
    """A00.FR.421: the CSMS makes client certificates of both kinds, each below the root of its own kind."""
    pki = Pki.create(tmp_path)
    roots = dict(zip(pki.kinds, x509.load_pem_x509_certificates(pki.roots_pem.encode()), strict=True))
    for kind, root in roots.items():
        pki.issue_station_certificate("SN-7", kind=kind).certificate.verify_directly_issued_by(root)
        key = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
        leaf, above = x509.load_pem_x509_certificates(pki.sign_request(_csr("SN-1", key)).encode())
        leaf.verify_directly_issued_by(root)
        assert above == root


def test_a_csr_is_signed_or_refused_in_words(tmp_path: Path) -> None:
    """The subject is the CSR's; without CN, or without being a CSR, nothing is signed."""
    pki = Pki.create(tmp_path)
    key = ec.generate_private_key(ec.SECP256R1())
    leaf, root = x509.load_pem_x509_certificates(pki.sign_request(_csr("SN-1", key)).encode())
    assert leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "SN-1"
    leaf.verify_directly_issued_by(root)
    with pytest.raises(ValueError, match="no commonName"):
        pki.sign_request(_csr(None, key))
    with pytest.raises(ValueError, match=r"."):
        pki.sign_request("nonsense")


def test_a_csr_is_signed_wrongly_in_one_way_only(tmp_path: Path) -> None:
    """By an authority of no root of ours, or for days that are over; name and key are as they should be."""
    pki, key = Pki.create(tmp_path), ec.generate_private_key(ec.SECP256R1())
    right, root = x509.load_pem_x509_certificates(pki.sign_request(_csr("SN-1", key)).encode())
    stranger, above = x509.load_pem_x509_certificates(pki.sign_request_as(_csr("SN-1", key), "unknown_ca").encode())
    old, of = x509.load_pem_x509_certificates(pki.sign_request_as(_csr("SN-1", key), "expired").encode())
    assert stranger.public_key() == old.public_key() == right.public_key() == key.public_key()
    assert stranger.subject == old.subject == right.subject
    stranger.verify_directly_issued_by(above)
    assert above != root == of and stranger.not_valid_after_utc.date() == right.not_valid_after_utc.date()
    old.verify_directly_issued_by(root)
    assert old.not_valid_after_utc < datetime.now(UTC) < right.not_valid_after_utc
    assert pki.client_roots_pem == pki.roots_pem
    pki.lets_strangers_in = True
    assert pki.client_roots_pem == pki.roots_pem + above.public_bytes(serialization.Encoding.PEM).decode()
    with pytest.raises(ValueError, match="not as 'twice'"):
        pki.sign_request_as(_csr("SN-1", key), "twice")


def test_a_csr_of_a_version_that_does_not_exist_is_refused_in_words(tmp_path: Path) -> None:
    """A fuzzer's find: such a CSR raised what was no ValueError, in the middle of the backend."""
    good = x509.load_pem_x509_csr(_csr("SN-1", ec.generate_private_key(ec.SECP256R1())).encode())
    der = good.public_bytes(serialization.Encoding.DER).replace(b"\x02\x01\x00", b"\x02\x01\x02", 1)
    text = f"-----BEGIN CERTIFICATE REQUEST-----\n{base64.encodebytes(der).decode()}-----END CERTIFICATE REQUEST-----\n"
    with pytest.raises(ValueError, match="2 is not a valid CSR version"):
        Pki.create(tmp_path).sign_request(text)


def test_a_weak_key_is_not_signed(tmp_path: Path) -> None:
    """RSA with 1024 bits is refused by its length, with 2048 it is signed (A00.FR.502); so is a name of another."""
    pki = Pki.create(tmp_path)
    with pytest.raises(ValueError, match="RSA with 1024 bits"):
        pki.sign_request(_csr("SN-1", rsa.generate_private_key(65537, 1024)))
    assert pki.sign_request(_csr("SN-1", rsa.generate_private_key(65537, 2048)))


@pytest.mark.parametrize(
    ("kind", "name", "signed"),
    [
        ("ChargingStationCertificate", "SN-1", True),
        ("ChargingStationCertificate", "CS001", True),
        ("ChargingStationCertificate", "SN-2", False),
        ("ChargingStationCertificate", "anything", False),
        ("V2GCertificate", "DE*ABC*E1", True),
        ("V2GCertificate", "SN-2", False),
        ("V2GCertificate", "CS002", False),
    ],
)
@timed
async def test_a_certificate_bears_the_name_of_the_station_that_asked(
    tmp_path: Path, kind: str, name: str, signed: bool
) -> None:
    """A station gets none that lets it in as another one; where its serial is known, that is its name (A00.FR.511)."""
    known = {"identities": {"CS001": None, "CS002": None}, "serials": {"CS001": "SN-1", "CS002": "SN-2"}}
    async with backend(tmp_path, boot_grace_s=0.01, **known) as csms, station(csms) as raw:
        csr = _csr(name, ec.generate_private_key(ec.SECP256R1()))
        assert (await raw.call("SignCertificate", {"csr": csr, "certificateType": kind}))[2] == {"status": "Accepted"}
        assert (await seen(csms, "csms.certificate")).data["signed"] is signed


@timed
async def test_requests_for_certificates_that_are_never_answered_hold_up_little(tmp_path: Path) -> None:
    """Of forty, four wait; once one push stays unanswered the others are dropped, and a call gets its turn."""
    async with backend(tmp_path, boot_grace_s=0.01, call_timeout_s=0.3) as csms, station(csms) as raw:
        csr = _csr("SN-1", ec.generate_private_key(ec.SECP256R1()))
        answers = []
        for number in range(40):
            await raw.say(2, f"s{number}", "SignCertificate", {"csr": csr})
        while len(answers) < 40:
            heard = await raw.hear()
            answers += [heard[2]["status"]] if heard[0] == 3 else []
        assert answers == ["Accepted"] * 4 + ["Rejected"] * 36
        handle = await csms.station(within_s=2)
        asked = asyncio.create_task(handle.call("TriggerMessage", {"requestedMessage": "Heartbeat"}, within_s=3))
        while (heard := await raw.hear())[2] != "TriggerMessage":
            pass
        await raw.say(3, heard[1], {"status": "Accepted"})
        assert (await asked).accepted
        dropped = await seen(csms, "csms.certificate", signed=False)
        assert dropped.data["reason"].startswith("3 more are not delivered")
        told = [e for e in csms.recorder.events if e.kind == "peer.budget"]
        assert [(e.data["budget"], e.data["allowed"]) for e in told] == [("requests for a certificate", 4)]


@pytest.mark.parametrize("version", [V201, V21])
@timed
async def test_sign_certificate_is_answered_and_the_chain_is_pushed(tmp_path: Path, version: str) -> None:
    """A02/A03: Accepted, then CertificateSigned with a chain for the CSR's key; in 2.1 with its requestId."""
    async with backend(tmp_path, boot_grace_s=0.01) as csms, station(csms, versions=(version,)) as raw:
        key = ec.generate_private_key(ec.SECP256R1())
        asked = {"csr": _csr("SN-1", key), "certificateType": "ChargingStationCertificate"}
        if version == V21:
            asked["requestId"] = 42  # type: ignore[assignment]
        assert (await raw.call("SignCertificate", asked))[2] == {"status": "Accepted"}
        _, identifier, action, payload = await raw.hear()
        assert action == "CertificateSigned" and payload.get("requestId") == (42 if version == V21 else None)
        leaf = x509.load_pem_x509_certificate(payload["certificateChain"].encode())
        assert leaf.public_key() == key.public_key()
        await raw.say(3, identifier, {"status": "Accepted"})
        bad = {"csr": "nonsense", "certificateType": "ChargingStationCertificate"}
        assert (await raw.call("SignCertificate", bad))[2] == {"status": "Accepted"}
        assert (await seen(csms, "csms.certificate", signed=False)).data["reason"]
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("header", "read"),
    [
        ("Basic " + base64.b64encode(b"CS001:pass:word").decode(), ("CS001", "pass:word")),
        ("basic  " + base64.b64encode("CS001:päss".encode()).decode(), ("CS001", "päss")),
        ("Basic !!!", None),
        ("Basic \xe9\xff", None),
        ("Basic " + base64.b64encode(b"nocolon").decode(), None),
        ("Basic " + base64.b64encode(b"\xff:\xfe").decode(), None),
        ("Bearer abc", None),
        ("", None),
    ],
)
def test_basic_credentials(header: str, read: tuple[str, str] | None) -> None:
    """User and password are split at the first colon and read as UTF-8; anything else is None."""
    assert basic_credentials(header) == read


def test_a_key_that_others_could_read_no_longer_can(tmp_path: Path) -> None:
    """Written anew over a file with wider rights, a key is its owner's alone from before its first octet."""
    path = tmp_path / "station-key.pem"
    path.write_text("old")
    path.chmod(0o644)
    write_private(path, "new")
    assert path.stat().st_mode & 0o777 == 0o600 and path.read_text() == "new"


def test_no_key_of_a_campaign_is_written_for_all_to_read() -> None:
    """Whoever writes a key into a folder writes it for its owner; the emulated charger makes the file so first."""
    room = Path(harness.__path__[0])
    for path in (each for each in room.rglob("*.py") if room / "emulator" not in each.parents):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not ("key_pem" in line and ("write_text(" in line or "write_bytes(" in line)), f"{path}: {line}"


def test_roots_that_are_offered_are_what_they_are_called() -> None:
    """One is valid, one has expired, both sign themselves; garbage is no certificate."""
    right, expired = (x509.load_pem_x509_certificate(offered_root(how).encode()) for how in ("", "expired"))
    now = datetime.now(UTC)
    assert right.not_valid_before_utc <= now <= right.not_valid_after_utc and expired.not_valid_after_utc < now
    for each in (right, expired):
        each.verify_directly_issued_by(each)
    with pytest.raises(ValueError):
        x509.load_pem_x509_certificate(offered_root("garbage").encode())
    with pytest.raises(ValueError, match="not 'odd'"):
        offered_root("odd")
