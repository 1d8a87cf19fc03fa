"""Configuration and link: what is refused, and how it is said."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from harness.emulator.secc import Secc, SeccConfig, SeccError, StationLimits
from harness.emulator.secc.line._pki import make_pki

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("field", "value"),
    [("tls", "maybe"), ("services", ("AC", "WPT")), ("control_modes", ()), ("protocols", ("OCPP",))],
)
def test_a_wrong_configuration_names_field_and_remedy(field: str, value: object) -> None:
    """The message holds the field and what it may hold."""
    with pytest.raises(ValueError, match=field):
        SeccConfig(**{field: value})  # type: ignore[arg-type]


def test_a_wrong_notification_is_refused() -> None:
    """Only the standards' notifications exist."""
    with pytest.raises(ValueError, match="notification"):
        StationLimits(notification="explode")


def test_a_configuration_file_with_a_mistake_exits_with_2(tmp_path: Path) -> None:
    """The child names file and mistake on standard error."""
    wrong = tmp_path / "secc.json"
    wrong.write_text('{"interface": "lo", "tls": "maybe"}')
    command = [sys.executable, "-m", "harness.emulator.secc", "--config", str(wrong)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=30)
    assert done.returncode == 2 and "secc.json" in done.stderr and "maybe" in done.stderr


def test_an_interface_that_does_not_exist_is_named(tmp_path: Path) -> None:
    """Starting on it fails with a SeccError that says which and what to use."""

    async def start() -> None:
        secc = Secc()
        try:
            await secc.start(SeccConfig(interface="cp-nowhere"), tmp_path)
        finally:
            await secc.stop()

    with pytest.raises(SeccError, match="cp-nowhere"):
        asyncio.run(start())


def test_ready_before_start_is_an_error() -> None:
    """Nobody reads ports of an SECC that does not run."""
    with pytest.raises(SeccError):
        _ = Secc().ready


def test_the_pki_is_what_each_protocol_asks_for(tmp_path: Path) -> None:
    """P-521 for ISO 15118-20, P-256 for ISO 15118-2; keys readable by their owner only."""
    files = make_pki(tmp_path)
    for name, curve in (("secc_v20", "secp521r1"), ("secc_v2", "secp256r1"), ("ev", "secp521r1")):
        leaf, sub = x509.load_pem_x509_certificates(Path(files[name]).read_bytes())
        key = leaf.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey) and key.curve.name == curve
        leaf.verify_directly_issued_by(sub)
        assert Path(files[f"{name}_key"]).stat().st_mode & 0o077 == 0
    assert len(x509.load_pem_x509_certificates(Path(files["v2g_roots"]).read_bytes())) == 2
