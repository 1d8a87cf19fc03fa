"""The emulated station as a process: one ready line, a log, and an end that never waits for anybody."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.emulator import defects
from harness.emulator._config import parse


def start(state_dir: Path, *arguments: str) -> subprocess.Popen[str]:
    """The station as a child with pipes."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness.emulator", "--state-dir", str(state_dir), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def station(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A running stand-alone station and its ready line."""
    process = start(tmp_path / "state", "--vendor-serial", "SER-7")
    assert process.stdout is not None
    yield process, json.loads(process.stdout.readline())
    process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        assert pipe is not None
        pipe.close()


def test_the_ready_line_names_everything_a_bench_needs(
    station: tuple[subprocess.Popen[str], dict[str, Any]], tmp_path: Path
) -> None:
    """Ports that exist, ratings, the front panel's picture, no SECC without an interface; and a log beside it."""
    process, ready = station
    assert ready["ready"] is True
    assert ready["pid"] == process.pid
    assert set(ready["ports"]) == {
        "meter",
        "pilot",
        "light",
        "grid_source",
        "ems",
        "network_switch",
        "supply",
    }
    assert all(Path(port).is_char_device() for port in ready["ports"].values())
    assert ready["secc"] is None
    assert ready["ratings"]["serial"] == "SER-7"
    assert Path(ready["panel"]["picture"]).is_file()
    assert "ready" in (tmp_path / "state" / "station.log").read_text()


def test_it_ends_when_its_input_closes(station: tuple[subprocess.Popen[str], dict[str, Any]]) -> None:
    """Closing the pipe is enough; nothing more is printed and the code is 0."""
    process, _ = station
    assert process.stdin is not None and process.stdout is not None
    process.stdin.close()
    assert process.wait(5) == 0
    assert process.stdout.read() == ""


def test_it_ends_on_sigterm(station: tuple[subprocess.Popen[str], dict[str, Any]]) -> None:
    """SIGTERM is an orderly end."""
    process, _ = station
    process.send_signal(signal.SIGTERM)
    assert process.wait(5) == 0


def test_it_never_outlives_its_parent(tmp_path: Path) -> None:
    """When the parent is killed, the station is gone within seconds, though its input is held open elsewhere."""
    code = (
        "import subprocess, sys, os, time\n"
        f"p = subprocess.Popen([sys.executable, '-m', 'harness.emulator', '--state-dir', {str(tmp_path)!r}],"
        " stdin=int(sys.argv[1]), stdout=subprocess.PIPE)\n"
        "p.stdout.readline(); print(p.pid, flush=True); time.sleep(60)\n"
    )
    held, writer = os.pipe()
    parent = subprocess.Popen([sys.executable, "-c", code, str(held)], stdout=subprocess.PIPE, pass_fds=(held,))
    try:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
        parent.wait()
        deadline = time.monotonic() + 15
        while Path(f"/proc/{child}/fd").exists() and _alive(child) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not _alive(child)
    finally:
        parent.stdout.close()
        os.close(held)
        os.close(writer)


def _alive(pid: int) -> bool:
    """Running, not merely unreaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--ocpp", "ocpp1.6"), "ocpp2.1, ocpp2.0.1"),
        (("--ca-file", "/nowhere.pem"), "there is no file /nowhere.pem"),
        (("--csms", "http://localhost"), "ws://"),
        (("--csms", "ws://localhost", "--identity", "a/b"), "may hold neither"),
        pytest.param(
            ("--defect", "no-such-defect"),
            "no-such-defect",
            marks=pytest.mark.skipif(not hasattr(defects, "apply"), reason="there are no defects to choose from yet"),
        ),
    ],
)
def test_bad_options_end_with_two_and_a_sentence(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    """Each says what would be right, on standard error, and nothing on standard output."""
    process = start(tmp_path, *arguments)
    out, error = process.communicate(timeout=10)
    assert process.returncode == 2
    assert out == ""
    assert says in error
    assert "Traceback" not in error


def test_options_have_defaults(tmp_path: Path) -> None:
    """Only the state folder is asked for; a station without a backend stands alone."""
    options = parse(["--state-dir", str(tmp_path)])
    assert (options.csms, options.interface, options.versions) == (None, "none", ("ocpp2.1", "ocpp2.0.1"))


def test_a_slash_at_the_end_of_the_backends_address_is_not_doubled(tmp_path: Path) -> None:
    """The identity follows the endpoint after one slash, however the endpoint was typed (OCPP-J 3.1.1)."""
    options = parse(["--state-dir", str(tmp_path), "--csms", "ws://127.0.0.1:9000/ocpp/"])
    assert options.csms == "ws://127.0.0.1:9000/ocpp"
