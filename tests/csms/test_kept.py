"""A lab's own CA: a root whose key is elsewhere, a CA below it that signs, and a vendor's roots."""

from __future__ import annotations

import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import NameOID
from websockets.exceptions import WebSocketException

from harness.csms import Csms, Pki
from harness.csms.pki._issuing import Authority, issue, key_pem, new_authority, new_key, pem
from tests.csms.rig import backend, seen, station, timed


def below(above: Authority, name: str, *, ca: bool = True) -> Authority:
    """A CA that another one signed."""
    key, now = new_key("ec"), datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(above.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )
    return Authority(key, builder.sign(above.key, hashes.SHA256()))


def lab(folder: Path, between: int = 1) -> Authority:
    """A folder as a lab gives it: its root, and the last of so many CAs below it with its key; that CA."""
    folder.mkdir(parents=True, exist_ok=True)
    at = new_authority("The operator's root", "ec")
    (folder / "root.pem").write_text(pem(at.certificate))
    chain = ""
    for number in range(between):
        at = below(at, f"The operator's CA {number}")
        chain = pem(at.certificate) + chain
    (folder / "issuer.pem").write_text(chain)
    (folder / "issuer.key").write_text(key_pem(at.key))
    return at


def trusting_the_root_alone(folder: Path) -> ssl.SSLContext:
    """A correct client that has nothing but the lab's root."""
    return ssl.create_default_context(cafile=str(folder / "root.pem"))


@pytest.mark.parametrize("between", [1, 2])
@pytest.mark.parametrize("whole", [True, False], ids=["with its chain", "alone"])
@timed
async def test_a_charger_that_trusts_the_root_alone_is_served(tmp_path: Path, between: int, whole: bool) -> None:
    """The backend shows the chain; a charger's certificate from that CA is let in, shown with its chain or without."""
    lab(tmp_path / "pki", between)
    settings = {"security_profile": 3, "pki_dir": tmp_path / "pki", "serials": {"CS001": "SN-1"}}
    async with backend(tmp_path, **settings) as csms:
        credential = csms.pki.issue_station_certificate("SN-1")
        assert credential.certificate_pem.count("BEGIN") == 1 + between
        shown = credential.certificate_pem if whole else pem(credential.certificate)
        (tmp_path / "client.pem").write_text(credential.key_pem + shown)
        context = trusting_the_root_alone(tmp_path / "pki")
        context.load_cert_chain(tmp_path / "client.pem")
        async with station(csms, tls=context) as raw:
            await raw.boot()
        opened = await seen(csms, "ocpp.connection", state="open")
        assert "CN=SN-1" in opened.data["tls"]["peer_subject"]


@pytest.mark.parametrize("scenario", ["expired", "not_yet_valid", "unknown_ca", "wrong_host"])
@timed
async def test_the_hostile_servers_are_hostile_below_a_lab_s_root_too(tmp_path: Path, scenario: str) -> None:
    """A careful client that has the root alone refuses each; our careless one takes it."""
    lab(tmp_path / "pki")
    async with backend(tmp_path, security_profile=2, identities=None, pki_dir=tmp_path / "pki") as csms:
        await _refused(csms, tmp_path / "pki", scenario)


async def _refused(csms: Csms, folder: Path, scenario: str) -> None:
    async with csms.misbehaving(scenario):
        assert (await csms.control_handshake()).data["outcome"] == "completed"
        with pytest.raises((OSError, EOFError, WebSocketException)):
            async with station(csms, tls=trusting_the_root_alone(folder)):
                pass
        assert (await csms.next_handshake(within_s=5)).data["ended_by"] == "dut"


@timed
async def test_a_vendor_s_chargers_are_let_in_by_their_own_root(tmp_path: Path) -> None:
    """clients.pem holds the root of what a vendor's chargers show; without it they are turned away."""
    vendor, key = new_authority("A vendor", "ec"), new_key("ec")
    (tmp_path / "client.pem").write_text(key_pem(key) + pem(issue(vendor, key.public_key(), "SN-1", "The CSO")))
    for known in (True, False):
        folder = tmp_path / f"pki-{known}"
        lab(folder)
        if known:
            (folder / "clients.pem").write_text(pem(vendor.certificate))
        settings = {"security_profile": 3, "pki_dir": folder, "serials": {"CS001": "SN-1"}, "organization": "The CSO"}
        (tmp_path / str(known)).mkdir()
        async with backend(tmp_path / str(known), **settings) as csms:
            context = trusting_the_root_alone(folder)
            context.load_cert_chain(tmp_path / "client.pem")
            if known:
                async with station(csms, tls=context) as raw:
                    await raw.boot()
                continue
            with pytest.raises((OSError, EOFError, WebSocketException)):
                async with station(csms, tls=context) as raw:
                    await raw.boot()


def test_what_does_not_fit_together_is_said_in_words(tmp_path: Path) -> None:
    """No key at all, a CA of another root, a leaf for a CA, somebody else's key, and a client root that is none."""
    lab(tmp_path / "a")
    (tmp_path / "a" / "issuer.key").unlink()
    with pytest.raises(ValueError, match=r"without root\.key.*issuer\.pem and issuer\.key"):
        Pki.create(tmp_path / "a")
    lab(tmp_path / "b")
    (tmp_path / "b" / "root.pem").write_text(pem(new_authority("Another", "ec").certificate))
    with pytest.raises(ValueError, match="was not signed by"):
        Pki.create(tmp_path / "b")
    lab(tmp_path / "c")
    leaf = below(new_authority("R", "ec"), "leaf", ca=False)
    (tmp_path / "c" / "issuer.pem").write_text(pem(leaf.certificate))
    with pytest.raises(ValueError, match="is no CA"):
        Pki.create(tmp_path / "c")
    lab(tmp_path / "d")
    (tmp_path / "d" / "issuer.key").write_text(key_pem(new_key("ec")))
    with pytest.raises(ValueError, match=r"does not belong to issuer\.pem"):
        Pki.create(tmp_path / "d")
    lab(tmp_path / "e")
    (tmp_path / "e" / "clients.pem").write_text(pem(leaf.certificate))
    with pytest.raises(ValueError, match="is no CA; give the root"):
        Pki.create(tmp_path / "e")
