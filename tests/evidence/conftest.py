"""A sealed bundle, made once for the room."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from harness.evidence import seal
from tests.evidence._campaign import SIGNER, campaign
from tests.evidence._tricks import convinced


@pytest.fixture(scope="session")
def sealed_raw(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of an honest bundle."""
    folder = tmp_path_factory.mktemp("honest")
    seal(campaign(folder / "evidence"), folder / "bundle.zip", SIGNER)
    return (folder / "bundle.zip").read_bytes()


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """A fresh evidence folder that a test may spoil."""
    return campaign(tmp_path / "evidence")


@pytest.fixture
def bundle(tmp_path: Path, sealed_raw: bytes) -> Path:
    """A bundle on disk that a test may spoil."""
    path = tmp_path / "bundle.zip"
    path.write_bytes(sealed_raw)
    return path


@pytest.fixture
def convinces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """`convinces(evidence)`: the ways in which a folder leads to a GO that somebody would believe."""
    return lambda evidence, *expect: convinced(evidence, tmp_path, monkeypatch, *expect)
