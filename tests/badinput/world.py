"""The command line as a person starts it, and chargers that misbehave as bare clients; none is the emulator."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from harness.trace import Trace, read_trace
from tests._spread import ports_of

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "abcdefghabcdefgh"
BOOT = {"reason": "PowerUp", "chargingStation": {"model": "Y", "vendorName": "M", "serialNumber": "S1"}}


@dataclass(frozen=True)
class Ended:
    """A command that ended: its exit code, all it said, and how long it took."""

    code: int
    said: str
    took_s: float


def free_port() -> int:
    """A TCP port that nobody uses now, of those that belong to this worker and that the system gives to nobody."""
    mine = list(ports_of(os.environ.get("PYTEST_XDIST_WORKER", "gw0")))
    for port in random.sample(mine, len(mine)):
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port
    raise OSError("none of this worker's ports is free")


def interruptible() -> None:
    """Let Ctrl-C reach the child although whoever started the tests in the background switched it off."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(folder: Path, *arguments: str, **options: Any) -> subprocess.Popen[str]:
    """`chargeproof ARGUMENTS` in a folder, in a process group of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "harness.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
        **{"preexec_fn": interruptible, **options},
    )


def chargeproof(folder: Path, *arguments: str, within_s: float = 30.0, **options: Any) -> Ended:
    """Run a command to its end, which must come within its bound."""
    begun = time.monotonic()
    process = start(folder, *arguments, **options)
    try:
        said, _ = process.communicate(timeout=within_s)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    return Ended(process.returncode, said, time.monotonic() - begun)


def profile(folder: Path, port: int, *, more: str = "", boot_s: float = 2.0, csms: str = "") -> None:
    """A charger behind our backend in security profile 1, and nothing else; `p.yaml` in the folder."""
    (folder / "p.yaml").write_text(
        "product: {name: X, manufacturer: M, model: Y, serial: S1, firmware: '1', current: [AC], sites: [public],\n"
        "          bidirectional: no}\n"
        "pics: {telecommunication: yes}\n"
        f"pixit: {{identity: CS1, boot_s: {boot_s}, reconnect_s: 2}}\n"
        "pco:\n"
        f"  csms: {{listen: 127.0.0.1, port: {port}, {csms or f'security_profile: 1, password: {PASSWORD}'}}}\n{more}"
    )


def campaign(folder: Path) -> Path:
    """The only campaign's folder."""
    (only,) = (folder / "campaigns").iterdir()
    return only


def journal(campaign: Path) -> Path:
    """Where a campaign is recorded: a real charger's journal stays private."""
    private = campaign / "private" / "trace.jsonl"
    return private if private.exists() else campaign / "evidence" / "trace.jsonl"


def trace(folder: Path) -> Trace:
    """The only campaign's trace as it was recorded, with its chain checked."""
    return read_trace(journal(campaign(folder)))


def reasons(folder: Path) -> str:
    """Everything the verdicts give as reason."""
    result = json.loads((campaign(folder) / "evidence" / "verdicts.json").read_text())
    return " ".join(str(reason["why"]) for reason in result["reasons"])


Act = Callable[[int], Awaitable[None]]


@contextmanager
def meanwhile(act: Act, port: int) -> Iterator[None]:
    """Let a charger try again and again, in a thread of its own, until the block ends."""
    over = threading.Event()

    async def again_and_again() -> None:
        while not over.is_set():
            with contextlib.suppress(OSError, WebSocketException, TimeoutError):
                await asyncio.wait_for(act(port), 20)
            await asyncio.sleep(0.2)

    thread = threading.Thread(target=lambda: asyncio.run(again_and_again()), daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(25)
        assert not thread.is_alive()


@contextlib.asynccontextmanager
async def charger(
    port: int, identity: str = "CS1", versions: tuple[str, ...] = ("ocpp2.0.1",), boots: bool = False
) -> Any:
    """A WebSocket that opened; with `boots` also a BootNotification that was answered."""
    basic = base64.b64encode(f"{identity}:{PASSWORD}".encode()).decode()
    async with connect(
        f"ws://127.0.0.1:{port}/ocpp/{identity}",
        subprotocols=[Subprotocol(v) for v in versions],
        additional_headers={"Authorization": f"Basic {basic}"},
        compression=None,
        proxy=None,
        close_timeout=1,
        max_size=None,
    ) as ws:
        if boots:
            await ws.send(json.dumps([2, "boot", "BootNotification", BOOT]))
            await ws.recv()
        yield ws


async def decline_everything(ws: ClientConnection) -> None:
    """Answer every CALL with NotSupported until the backend goes away."""
    async for text in ws:
        frame = json.loads(text)
        if frame[0] == 2:
            await ws.send(json.dumps([4, frame[1], "NotSupported", "", {}]))


def until(condition: Callable[[], Any], within_s: float, what: str) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < end, f"not seen within {within_s} s: {what}"
        time.sleep(0.05)
