"""Keys: made once, never written over, and nothing else passes for one."""

from __future__ import annotations

import datetime
import os
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.x509.oid import NameOID

from harness.cli._main import cli
from harness.evidence import Signer, seal, verify
from tests.evidence._campaign import SIGNER, campaign


def run(*arguments: object) -> Result:
    """`chargeproof ARGUMENTS`, in this process."""
    return CliRunner().invoke(cli, [str(a) for a in arguments])


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A bundle that SIGNER sealed."""
    seal(campaign(tmp_path / "c" / "evidence"), tmp_path / "b.zip", SIGNER)
    return tmp_path / "b.zip"


# -- making ----------------------------------------------------------------------------------------------


def test_a_new_pair_signs_and_verifies(tmp_path: Path) -> None:
    """The private file signs, only its owner can read it, and the public one beside it is the one that fits."""
    made = run("key", "new", tmp_path / "lab.pem")
    assert made.exit_code == 0, made.output
    assert stat.S_IMODE((tmp_path / "lab.pem").stat().st_mode) == 0o600
    assert b"PRIVATE" not in (tmp_path / "lab.pub.pem").read_bytes()
    campaign(tmp_path / "c" / "evidence")
    assert run("seal", tmp_path / "c", "--key", tmp_path / "lab.pem").exit_code == 0
    ended = run("verify", tmp_path / "c" / "bundle.zip", "--key", tmp_path / "lab.pub.pem", "--rejudge")
    assert ended.exit_code == 0, ended.output
    assert "Signed by the key you gave" in ended.output


def test_a_new_key_is_private_whatever_the_umask(tmp_path: Path) -> None:
    """A careless umask does not open it to others."""
    before = os.umask(0)
    try:
        run("key", "new", tmp_path / "lab.pem")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "lab.pem").stat().st_mode) == 0o600


@pytest.mark.parametrize("there", ["lab.pem", "lab.pub.pem"])
@pytest.mark.parametrize("kind", ["file", "empty", "dangling link", "folder"])
def test_nothing_is_written_over(tmp_path: Path, there: str, kind: str) -> None:
    """Either half being there already, in whatever form, ends with 2; nothing is made, and what was there stays."""
    path = tmp_path / there
    if kind == "folder":
        path.mkdir()
    elif kind == "dangling link":
        path.symlink_to(tmp_path / "elsewhere")
    else:
        path.write_text("mine" if kind == "file" else "")
    ended = run("key", "new", tmp_path / "lab.pem")
    assert ended.exit_code == 2 and "never written over" in ended.output
    assert [p.name for p in tmp_path.iterdir()] == [there]
    assert kind != "file" or path.read_text() == "mine"


def test_a_place_that_cannot_be_written_to_ends_with_2(tmp_path: Path) -> None:
    """A folder that does not exist is named."""
    ended = run("key", "new", tmp_path / "nowhere" / "lab.pem")
    assert ended.exit_code == 2 and "No such file" in ended.output


def test_the_name_that_bundles_use_is_not_given_to_a_key(tmp_path: Path) -> None:
    """`signer.pub.pem` would be mistaken for what travels in a bundle."""
    ended = run("key", "new", tmp_path / "signer.pem")
    assert ended.exit_code == 2 and "every bundle uses" in ended.output
    assert not list(tmp_path.iterdir())


def test_show_tells_id_and_public_half_and_an_open_door(tmp_path: Path) -> None:
    """Of the private file the public half only; a file that others can read is told."""
    run("key", "new", tmp_path / "lab.pem")
    of_public = run("key", "show", tmp_path / "lab.pub.pem").output
    of_private = run("key", "show", tmp_path / "lab.pem").output
    assert of_public.splitlines()[0] == of_private.splitlines()[0]
    assert (tmp_path / "lab.pub.pem").read_text() in of_private
    assert "PRIVATE KEY" not in of_private and "chmod" not in of_private
    (tmp_path / "lab.pem").chmod(0o644)
    assert "chmod 600" in run("key", "show", tmp_path / "lab.pem").output


# -- giving ----------------------------------------------------------------------------------------------


def _certificate() -> bytes:
    key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))  # SIGNER's own
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab")])
    now = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + datetime.timedelta(days=1))
    return made.sign(key, None).public_bytes(serialization.Encoding.PEM)


def _rsa() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def _locked() -> bytes:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32))).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )


def test_the_private_key_stands_for_its_public_half_and_that_is_said(bundle: Path, tmp_path: Path) -> None:
    """It verifies, with advice to keep it out of such commands."""
    (tmp_path / "lab.pem").write_bytes(SIGNER.to_pem())
    ended = run("verify", bundle, "--key", tmp_path / "lab.pem")
    assert ended.exit_code == 0
    assert "is a private key; its public half was used" in ended.output


NO_KEYS: dict[str, tuple[Callable[[Path], bytes], str]] = {
    "a copy of the bundle": (lambda bundle: bundle.read_bytes(), "is not a key in PEM|holds more than a key"),
    "empty": (lambda _: b" \n", "is empty"),
    "a certificate": (lambda _: _certificate(), "is a certificate; take the key out"),
    "a certificate and the key": (lambda _: _certificate() + SIGNER.public.pem, "holds 2 keys or certificates"),
    "two keys": (lambda _: SIGNER.public.pem + Signer.generate().public.pem, "holds 2 keys or certificates"),
    "a page that quotes the key": (lambda _: b"<html>" + SIGNER.public.pem + b"</html>", "holds more than a key"),
    "an RSA key": (lambda _: _rsa(), "is not Ed25519"),
    "a private key behind a password": (lambda _: _locked(), "behind a password"),
    "a text": (lambda _: b"not a key", "is not a key in PEM"),
    "half a key": (lambda _: SIGNER.public.pem[:60], "holds more than a key"),
    "too long": (lambda _: SIGNER.public.pem + b"\n" * 20_000, "is not a key in PEM"),
    "DER": (lambda _: b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00" + bytes(32), "is not a key in PEM"),
}


@pytest.mark.parametrize("what", NO_KEYS)
def test_what_is_no_key_is_refused(bundle: Path, tmp_path: Path, what: str) -> None:
    """Exit code 2 and a sentence; never "signed by the key you gave"."""
    make, words = NO_KEYS[what]
    (tmp_path / "given").write_bytes(make(bundle))
    ended = run("verify", bundle, "--key", tmp_path / "given")
    assert ended.exit_code == 2, ended.output
    assert any(each in ended.output for each in words.split("|")), ended.output
    assert "Signed by" not in ended.output


def test_the_bundle_is_no_key_for_itself(bundle: Path, tmp_path: Path) -> None:
    """Nor by another path to the same file."""
    (tmp_path / "link.pem").symlink_to(bundle)
    (tmp_path / "hard.pem").hardlink_to(bundle)
    for key in (bundle, tmp_path / "link.pem", tmp_path / "hard.pem"):
        ended = run("verify", bundle, "--key", key)
        assert ended.exit_code == 2 and "is the bundle itself" in ended.output


def test_what_came_in_a_bundle_is_no_key(bundle: Path, tmp_path: Path) -> None:
    """Neither under its name, nor out of an unpacked bundle's folder; the same bytes kept apart are one."""
    unpacked = tmp_path / "unpacked"
    subprocess.run(["python3", "-m", "zipfile", "-e", str(bundle), str(unpacked)], check=True)
    (unpacked / "renamed.pem").write_bytes((unpacked / "signer.pub.pem").read_bytes())
    (tmp_path / "signer.pub.pem").write_bytes(SIGNER.public.pem)
    for key in (unpacked / "signer.pub.pem", unpacked / "renamed.pem", tmp_path / "signer.pub.pem"):
        ended = run("verify", bundle, "--key", key)
        assert ended.exit_code == 2 and "comes with a bundle" in ended.output, ended.output
    (tmp_path / "lab.pem").write_bytes(SIGNER.public.pem)
    assert run("verify", bundle, "--key", tmp_path / "lab.pem").exit_code == 0


def test_folders_pipes_and_nothing_are_no_keys(bundle: Path, tmp_path: Path) -> None:
    """They end with 2 at once; a pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    for key, words in (
        (tmp_path, "is a folder"),
        (tmp_path / "pipe", "no ordinary file"),
        (tmp_path / "no", "No such"),
    ):
        ended = run("verify", bundle, "--key", key)
        assert ended.exit_code == 2 and words in ended.output


def test_to_sign_the_private_key_is_needed(tmp_path: Path) -> None:
    """A public key, a folder, an empty file: told before anything is sealed."""
    campaign(tmp_path / "c" / "evidence")
    (tmp_path / "pub").write_bytes(SIGNER.public.pem)
    (tmp_path / "empty").write_bytes(b"")
    for key, words in (
        (tmp_path / "pub", "is a public key"),
        (tmp_path, "is a folder"),
        (tmp_path / "empty", "is empty"),
    ):
        ended = run("seal", tmp_path / "c", "--key", key)
        assert ended.exit_code == 2 and words in ended.output
    assert not (tmp_path / "c" / "bundle.zip").exists()


def test_a_bundle_whose_own_key_is_a_private_one_does_not_hold(tmp_path: Path) -> None:
    """signer.pub.pem is the PEM of a public key and nothing else; the reader does not look for one further on."""
    from harness.evidence.bundle import _zip
    from harness.evidence.bundle._survey import survey
    from tests.evidence._campaign import seal_by_hand

    seal(campaign(tmp_path / "e"), tmp_path / "b.zip", SIGNER)
    files = {name: bytes(data) for name, data in survey((tmp_path / "b.zip").read_bytes()).files.items()}
    files["signer.pub.pem"] = b"hello\n" + files["signer.pub.pem"]
    seal_by_hand(files, SIGNER)
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    assert not verify(tmp_path / "b.zip", SIGNER.public).holds
