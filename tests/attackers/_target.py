"""`python -m tests.attackers._target FOLDER PROFILE`: the backend in a process of its own, so that it can be measured.

Says where it listens in one line of JSON, ends when its input does, and then tells what it cost in another.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from harness.csms import Csms, CsmsConfig
from harness.csms._budgets import Allowance, Budgets
from harness.trace import Recorder

PASSWORD = "0123456789abcdef"
IDENTITY = "CS001"


def _unbounded() -> Budgets:
    """Every input is read and told of."""
    much = Allowance(1e9, 1e9)
    return Budgets(attempts=much, messages=much, journal_octets=much, frames=much)


async def serve(folder: Path, profile: int, fuzzed: bool) -> dict[str, Any]:
    """Listen until standard input ends."""
    raised: list[str] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, about: raised.append(repr(about.get("exception") or about["message"])))
    recorder = Recorder(folder / "trace.jsonl")
    password = PASSWORD if profile in (1, 2) else None
    config = CsmsConfig(security_profile=profile, identities={IDENTITY: password}, pki_dir=folder / "pki")
    if fuzzed:
        config = replace(config, budgets=_unbounded())
    async with Csms(recorder, config) as csms:
        at = {"port": csms.port, "files": csms.files.url(), "roots": csms.pki.roots_pem if profile >= 2 else ""}
        print(json.dumps(at), flush=True)
        reader = asyncio.StreamReader()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        asking: list[asyncio.Future[None]] = []
        while line := await reader.readline():
            if line.strip() == b"report":
                asking.append(asyncio.ensure_future(_report(csms)))
            if line.strip() == b"offer":
                name = csms.files.upload_url("log.txt")
                url = csms.files.serve("image.bin", bytes(200 << 20))
                print(json.dumps({"upload": name, "download": url}), flush=True)
        stopping = loop.time()
    recorder.close()
    return {
        "peak_mb": _peak_kib() / 1024,
        "trace_mb": (folder / "trace.jsonl").stat().st_size / 1e6,
        "events": len(recorder.events),
        "stopped_in_s": loop.time() - stopping,
        "raised": raised[:20],
    }


def _peak_kib() -> int:
    """The most memory this process ever held; not that of the process that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


async def _report(csms: Csms) -> None:
    """Ask the charger for a report of everything, as a run does."""
    station = await csms.station(IDENTITY, within_s=10)
    await station.collect("GetBaseReport", {"reportBase": "FullInventory"}, "NotifyReport", 300)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), "fuzzed" in sys.argv))), flush=True)
