"""Chargers that never get in or talk nonsense: each ends in a HOLD with its reason, sealed, within its bound."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from harness import evidence
from harness.cli._main import cli
from tests.badinput.world import (
    Act,
    campaign,
    chargeproof,
    charger,
    decline_everything,
    free_port,
    meanwhile,
    profile,
    reasons,
    trace,
)

HOLD = 1


async def _nobody(port: int) -> None:
    await asyncio.sleep(0.1)


async def _wrong_identity(port: int) -> None:
    async with charger(port, "CS2"):
        pass


async def _ocpp_1_6(port: int) -> None:
    async with charger(port, versions=("ocpp1.6",)) as ws:
        await ws.wait_closed()


async def _half_a_handshake(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + os.urandom(20))
    await writer.drain()
    writer.close()


async def _plain(port: int) -> None:
    async with charger(port):
        pass


async def _not_even_http(port: int) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(os.urandom(2000))
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.close()


@pytest.mark.parametrize(
    ("act", "csms", "words"),
    [
        (_nobody, "", "Nothing has arrived at port"),
        (_wrong_identity, "", "calls itself 'CS2'; we wait for 'CS1'"),
        (_ocpp_1_6, "", "speaks only OCPP 1.6"),
        (_not_even_http, "", "did not ask for a WebSocket"),
        (_half_a_handshake, "security_profile: 3", "hung up in the middle of its first TLS message"),
        (_plain, "security_profile: 3", "without encryption (ws://) to our encrypted port"),
    ],
    ids=["nobody", "wrong_identity", "ocpp_1_6", "not_even_http", "half_a_handshake", "plain_on_tls"],
)
def test_who_never_gets_in_is_a_hold_that_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Act, csms: str, words: str
) -> None:
    """The verdict's reason names what came instead of the charger; the bundle is sealed and holds."""
    port = free_port()
    profile(tmp_path, port, csms=csms, boot_s=1)
    monkeypatch.chdir(tmp_path)
    begun = time.monotonic()
    with meanwhile(act, port):
        ended = CliRunner().invoke(cli, ["run", "--dut", "p.yaml", "-r", "SC-05.4"])
    assert ended.exit_code == HOLD, ended.output
    assert time.monotonic() - begun < 20
    assert "SELECTION for X" in ended.output
    assert words in reasons(tmp_path)
    assert (campaign(tmp_path) / "report.html").stat().st_size > 10_000
    assert evidence.verify(campaign(tmp_path) / "bundle.zip", None, True).ok


async def _flood_of_nonsense(port: int) -> None:
    async with charger(port, boots=True) as ws:
        for number in range(3000):
            await ws.send(f"{{nonsense {number}")
        await decline_everything(ws)


async def _fifty_megabytes(port: int) -> None:
    async with charger(port, boots=True) as ws:
        await ws.send('[2,"x","DataTransfer",{"vendorId":"' + "A" * 50_000_000 + '"}]')
        await ws.wait_closed()


async def _boots_and_hangs_up(port: int) -> None:
    async with charger(port, boots=True):
        pass


@pytest.mark.parametrize(
    ("act", "criterion", "words"),
    [
        (_flood_of_nonsense, "SC-09.9", "not JSON"),
        (_fifty_megabytes, "SC-09.9", "50000038 bytes"),
        (_boots_and_hangs_up, "SC-09.4", "answers nothing that it is asked"),
    ],
    ids=["flood", "fifty_megabytes", "hangs_up"],
)
def test_who_talks_nonsense_fails_and_does_not_break_the_run(
    tmp_path: Path, act: Act, criterion: str, words: str
) -> None:
    """A flood of invalid JSON, a frame of 50 MB, a charger that hangs up: judged, sealed, and no harness error."""
    port = free_port()
    profile(tmp_path, port, boot_s=8)
    with meanwhile(act, port):
        ended = chargeproof(tmp_path, "run", "--dut", "p.yaml", "-r", criterion, within_s=60)
    assert ended.code == HOLD, ended.said
    assert words in reasons(tmp_path), reasons(tmp_path)
    found = trace(tmp_path)
    assert not found.of("harness.error"), [e.data for e in found.of("harness.error")]
    assert (campaign(tmp_path) / "evidence" / "trace.jsonl").stat().st_size < 20_000_000
    assert evidence.verify(campaign(tmp_path) / "bundle.zip", None, True).ok
