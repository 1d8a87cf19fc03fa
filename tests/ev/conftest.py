"""Fixtures of the car's tests: a recorder, the real EXI codec, and the iso15118 package's own SECC."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ev_emulator import JavaExiCodec
from harness.trace import Recorder
from tests.ev.pki import Pki, make_pki

LAUNCHER = Path(__file__).parent / "secc_launcher.py"


@dataclass
class PackageSecc:
    """The package's SECC on `lo`: where SDP reaches it, its PKI, and its commands."""

    sdp_port: int
    pki: Pki
    process: subprocess.Popen[str]

    def tell(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    made = Recorder(tmp_path / "trace.jsonl")
    yield made
    made.close()


@pytest.fixture(scope="package")
def codec() -> Iterator[JavaExiCodec]:
    with JavaExiCodec() as made:
        yield made


@pytest.fixture(scope="package")
def secc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageSecc]:
    folder = tmp_path_factory.mktemp("secc")  # the package reads .env from its working directory
    pki = make_pki(folder / "pki")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(LAUNCHER), "lo", str(port)],
        cwd=folder,
        env=os.environ | {"PKI_PATH": f"{pki.folder}/", "ENABLE_TLS_1_3": "true"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdin is not None
    assert process.stdout.readline() == "ready\n"
    yield PackageSecc(port, pki, process)
    process.stdin.close()
    try:
        process.wait(5)
    finally:
        process.kill()
        process.stdout.close()
