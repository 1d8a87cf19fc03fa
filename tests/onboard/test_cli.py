"""`chargeproof onboard` and `chargeproof emulate` as a person uses them: what is printed, written, and left behind."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from websockets.asyncio.client import connect
from websockets.typing import Subprotocol

from harness.cli._main import cli
from harness.profile import load_profile
from tests.badinput.world import ROOT, chargeproof, free_port, until
from tests.onboard.charger import BOOT
from tests.onboard.test_draft import entry

REPORT = [entry("EVSE.Power", "0", 1, maxLimit=22, unit="kW"), entry("SmartChargingCtrlr.Available", "true")]


async def _good_charger(port: int, password: str) -> None:
    basic = base64.b64encode(f"CP-7:{password}".encode()).decode()
    async with connect(
        f"ws://127.0.0.1:{port}/ocpp/CP-7",
        subprotocols=[Subprotocol("ocpp2.0.1")],
        additional_headers={"Authorization": f"Basic {basic}"},
        proxy=None,
    ) as ws:
        await ws.send(json.dumps([2, "b", "BootNotification", BOOT]))
        await ws.recv()
        asked = json.loads(await ws.recv())
        assert asked[2] == "GetBaseReport"
        await ws.send(json.dumps([3, asked[1], {"status": "Accepted"}]))
        number = asked[3]["requestId"]
        whole = {"requestId": number, "generatedAt": "2026-01-01T00:00:00Z", "seqNo": 0, "reportData": REPORT}
        await ws.send(json.dumps([2, "r", "NotifyReport", whole]))
        await ws.wait_closed()


@contextlib.contextmanager
def in_the_background(coroutine: Any) -> Iterator[None]:
    """A charger that tries until somebody listens."""

    def run() -> None:
        with contextlib.suppress(Exception):
            asyncio.run(coroutine)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield
    thread.join(10)


async def _once_it_listens(port: int, folder: Path) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError):
            (await asyncio.open_connection("127.0.0.1", port))[1].close()
            break
        await asyncio.sleep(0.05)
    await _good_charger(port, (folder / "bench" / "onboarding.password").read_text().strip())


def test_a_charger_is_onboarded_and_its_profile_can_be_planned_with(tmp_path: Path) -> None:
    """From the printed password to a draft that `plan` takes as it is."""
    port = free_port()
    with in_the_background(_once_it_listens(port, tmp_path)):
        ended = chargeproof(
            tmp_path,
            *("onboard", "--listen", "127.0.0.1", "--port", str(port), "--security-profile", "1", "--within", "20"),
            *("--out", "bench/cp7.yaml"),
        )
    assert ended.code == 0, ended.said
    assert "The charger is on the bench" in ended.said and "CP-7 is connected" in ended.said
    file = tmp_path / "bench" / "cp7.yaml"
    profile, _ = load_profile(str(file))
    csms = profile.pco.csms
    assert csms is not None and csms.password is not None
    assert csms.password in ended.said
    assert (profile.pixit.identity, profile.pixit.rated_charge_w, csms.port) == ("CP-7", 22000, port)
    assert file.stat().st_mode & 0o077 == 0, "the profile holds the password"
    assert not (file.parent / "onboarding.password").exists()
    (journal,) = file.parent.glob("onboarding-*.jsonl")
    assert csms.password not in journal.read_text()
    planned = CliRunner().invoke(cli, ["plan", "--dut", str(file)])
    assert planned.exit_code == 0, planned.output


def test_the_password_stays_for_the_next_attempt(tmp_path: Path, monkeypatch: Any) -> None:
    """Nobody came: exit code 1 and why; the second attempt asks for the same password again."""
    monkeypatch.chdir(tmp_path)
    said = []
    for _ in range(2):
        arguments = ["onboard", "--listen", "127.0.0.1", "--port", "0", "--security-profile", "1", "--within", "1"]
        ended = CliRunner().invoke(cli, arguments)
        assert ended.exit_code == 1, ended.output
        assert "No charger got in within 1 s" in ended.output and "Nothing has arrived" in ended.output
        said.append(re.findall(r"Password\s+(\S+)", ended.output))
    assert said[0] == said[1] and len(said[0][0]) >= 16


def test_ctrl_c_ends_onboarding_and_keeps_what_was_seen(tmp_path: Path) -> None:
    """130, and the place of the record."""
    port = free_port()
    process = _start(tmp_path, "onboard", "--listen", "127.0.0.1", "--port", str(port), "--security-profile", "1")
    try:
        until(lambda: list(tmp_path.glob("onboarding-*.jsonl")), 10, "that it listens")
        until(lambda: b"onboard.started" in next(tmp_path.glob("*.jsonl")).read_bytes(), 10, "that it listens")
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=10)
    finally:
        process.kill()
    assert process.returncode == 130, said
    assert "onboarding-" in said.splitlines()[-1] and "Traceback" not in said


def test_the_emulated_charger_asks_for_its_client_certificate(tmp_path: Path) -> None:
    """Profile 2 with --give-certificate: the charger sends a certificate request, and takes what we sign."""
    port = free_port()
    url = f"wss://127.0.0.1:{port}/ocpp"
    password = "0123456789abcdef"
    process = _start(
        tmp_path,
        *("onboard", "--listen", "127.0.0.1", "--port", str(port), "--password", password, "--give-certificate"),
        *("--within", "30"),
    )
    charger = None
    try:
        until(lambda: (tmp_path / "pki" / "root.pem").exists(), 10, "the CA")
        until(lambda: b"onboard.started" in next(tmp_path.glob("*.jsonl")).read_bytes(), 10, "that it listens")
        charger = _start(
            tmp_path,
            *("emulate", "--csms", url, "--identity", "EMU-7", "--password", password, "--security-profile", "2"),
            *("--ca-file", "pki/root.pem", "--state-dir", "state"),
        )
        said, _ = process.communicate(timeout=40)
        charger.send_signal(signal.SIGINT)
        words, _ = charger.communicate(timeout=15)
    finally:
        for each in filter(None, (process, charger)):
            each.kill()
    assert process.returncode == 0, said
    assert "has its client certificate" in said, said
    assert charger.returncode == 0, words
    assert "The emulated charger is on" in words and "/dev/pts/" in words and "switched off" in words
    assert load_profile(str(tmp_path / "profile.yaml"))[0].pixit.identity == "EMU-7"
    assert not [p for p in Path("/proc").glob("[0-9]*") if _was_in(p, tmp_path)]


def _was_in(process: Path, folder: Path) -> bool:
    with contextlib.suppress(OSError):
        return (process / "cwd").readlink().is_relative_to(folder)
    return False


def _start(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "160"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        # whoever started the tests in the background may have switched Ctrl-C off
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
