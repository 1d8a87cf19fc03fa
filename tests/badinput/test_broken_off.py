"""Runs that are broken off in the middle of a case, by Ctrl-C or `kill -9`: nothing lost, nobody left behind."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from harness import evidence
from harness.trace import read_trace
from tests.badinput.world import (
    campaign,
    chargeproof,
    charger,
    free_port,
    journal,
    meanwhile,
    profile,
    start,
    trace,
    until,
)

INTERRUPTED = 130


async def _hears_and_says_nothing(port: int) -> None:
    async with charger(port, boots=True) as ws:
        await asyncio.wait_for(ws.wait_closed(), 15)


@contextlib.contextmanager
def in_mid_case(folder: Path, *selection: str) -> Iterator[subprocess.Popen[str]]:
    """A run whose case waits for a charger that does not answer."""
    port = free_port()
    profile(folder, port, boot_s=8)
    with meanwhile(_hears_and_says_nothing, port):
        process = start(folder, "run", "--dut", "p.yaml", "-r", "SC-09.4", *selection)
        try:
            until(lambda: _asks(folder), 30, "a case's CALL that waits for its answer")  # one before the cases, too
            yield process
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.communicate()


def _asks(folder: Path) -> bool:
    journals = [found for each in folder.glob("campaigns/*") if (found := journal(each)).exists()]
    _, begun, case = (journals[0].read_bytes() if journals else b"").partition(b'"case.started"')
    return bool(begun) and b'"dir":"out"' in case


def test_ctrl_c_seals_what_there_is(tmp_path: Path) -> None:
    """The run ends soon with 130; the bundle is of a selection that says interrupted, and it holds."""
    with in_mid_case(tmp_path) as process:
        os.killpg(process.pid, signal.SIGINT)
        begun = time.monotonic()
        said, _ = process.communicate(timeout=25)
    assert process.returncode == INTERRUPTED, said
    assert time.monotonic() - begun < 15
    assert "SELECTION, interrupted" in said and "Traceback" not in said
    report = evidence.verify(campaign(tmp_path) / "bundle.zip", None, True)
    assert report.ok and report.interrupted and report.decision == "SELECTION"
    ended = trace(tmp_path).of("case.ended")[-1]
    assert (ended.data["outcome"], ended.data["detail"]) == ("not_seen", "a person broke the run off")
    assert f"{ended.case}#1 was cut at" in said and "not explained: it stands against a GO" in said
    _explained_by_a_person(tmp_path, f"{ended.case}#1")


def _explained_by_a_person(folder: Path, run: str) -> None:
    """The reason goes into the private journal, and the evidence is sealed anew beside what was sealed before."""
    place = campaign(folder)
    told = ("--run", run, "--reason", "the bench's fuse blew", "--by", "Anna Berg")
    said = chargeproof(folder, "explain", str(place), *told)
    assert said.code == 1 and "signed by Anna Berg" in said.said, said.said  # the case has not been run anew
    assert journal(place).read_bytes().count(b'"run.explained"') == 1
    assert evidence.verify(place / "bundle-before-1.zip", None, True).ok
    report = evidence.verify(place / "bundle.zip", None, True)
    assert report.ok and report.stated is not None
    (cut,) = (each for each in report.stated.cut if f"run {run} " in each)  # a slow machine breaks off two cases
    assert "signed by Anna Berg" in cut
    again = chargeproof(folder, "explain", str(place), *told)
    assert again.code == 2 and "explained already" in again.said


def test_kill_9_loses_nothing_and_seal_recovers(tmp_path: Path) -> None:
    """A process that is killed, a last line that is torn: `seal` judges what was recorded, and `verify` agrees."""
    with in_mid_case(tmp_path) as process:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=10)
    folder = campaign(tmp_path)
    before = len(read_trace(journal(folder), torn_tail=True))
    with journal(folder).open("ab") as file:
        file.write(b'{"seq":99999,"kind":"ha')
    sealed = chargeproof(tmp_path, "seal", str(folder))
    assert sealed.code == 1, sealed.said  # sealed, and no GO
    assert "interrupted" in sealed.said and "torn" in sealed.said and "SELECTION" in sealed.said
    report = evidence.verify(folder / "bundle.zip", None, True)
    assert report.ok and report.interrupted
    assert report.events == before + 1  # what was recorded, and that it was recovered


def test_ctrl_c_leaves_no_emulated_charger_behind(tmp_path: Path) -> None:
    """The emulated charger and its processes end with the run that started them."""
    process = start(tmp_path, "run", "--dut", "emulated", "-r", "SC-04.2")
    try:
        until(lambda: _asks(tmp_path), 45, "the emulated charger's first case")
        assert _processes_of(tmp_path), "the emulated charger runs as a process of its own"
        os.kill(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=40)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == INTERRUPTED, said
    until(lambda: not _processes_of(tmp_path), 5, "the emulated charger's end")
    assert evidence.verify(campaign(tmp_path) / "bundle.zip", None, True).interrupted


def _processes_of(folder: Path) -> list[str]:
    """Command lines of emulated chargers that were started in this folder."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = (each / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if "harness.emulator" in command and (each / "cwd").readlink().is_relative_to(folder):
                found.append(command)
    return found
