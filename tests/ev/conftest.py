"""Fixtures of the car's tests: a recorder, the real EXI codec, the iso15118 package's SECC, and our emulated one's."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ev_emulator import Codec
from harness.trace import Recorder, Trace, read_trace
from tests.ev.pki import Pki, make_pki

ROOT = Path(__file__).parents[2]


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
def codec() -> Codec:
    return Codec()


@pytest.fixture(scope="package")
def secc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PackageSecc]:
    folder = tmp_path_factory.mktemp("secc")  # the package reads .env from its working directory
    pki = make_pki(folder / "pki")
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.ev.secc_launcher", "lo", str(port)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PKI_PATH": f"{pki.folder}/", "ENABLE_TLS_1_3": "true"},
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


@dataclass(frozen=True)
class EmulatedRun:
    """What `emulated_sessions` did: where ("veth" or "lo"), what happened by scenario, and a trace of each."""

    where: str
    folder: Path
    happened: dict[str, Any]

    def trace(self, scenario: str) -> Trace:
        """Everything a scenario left, its chain checked."""
        return read_trace(self.folder / f"{scenario}.jsonl")


def namespaces_permitted() -> bool:
    """Whether this user may make a network namespace with a veth pair in it."""
    try:
        made = "ip link add v2g0 type veth peer name v2g1"
        return subprocess.run(["unshare", "-Urn", "sh", "-c", made], capture_output=True, timeout=10).returncode == 0
    except OSError:
        return False


@pytest.fixture(scope="package", autouse=True)
def emulated_sessions(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, subprocess.Popen[str]] | None]:
    """Started before all other tests when any needs it, so that it runs beside them."""
    if not any("emulated" in getattr(item, "fixturenames", ()) for item in request.session.items):
        yield None
        return
    where = "veth" if namespaces_permitted() else "lo"
    folder = tmp_path_factory.mktemp("emulated")
    wrapper = ["unshare", "-Urn"] if where == "veth" else []
    process = subprocess.Popen(
        [*wrapper, sys.executable, "-m", "tests.ev.emulated_sessions", where, str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    yield where, folder, process
    process.kill()
    process.wait(5)


@pytest.fixture(scope="package")
def emulated(emulated_sessions: tuple[str, Path, subprocess.Popen[str]]) -> EmulatedRun:
    """The finished run. Fails with what the process said when it did not end well."""
    where, folder, process = emulated_sessions
    out, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    return EmulatedRun(where, folder, json.loads(out))
