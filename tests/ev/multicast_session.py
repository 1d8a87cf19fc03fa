"""One DC session by SDP multicast over a veth pair, or by unicast on `lo`; prints what happened as JSON.

python multicast_session.py veth|lo FOLDER : "veth" expects to run in a network namespace of its own.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path

from ev_emulator import ChargingSession, Evcc, JavaExiCodec, load_vehicle
from harness.trace import Recorder


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_veth() -> None:
    """A cable between v2g0 (car) and v2g1 (charger), up and with link-local addresses that may be used."""
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "v2g0", "type", "veth", "peer", "name", "v2g1")
    for name in ("v2g0", "v2g1"):
        run("ip", "link", "set", name, "up")
    deadline = time.monotonic() + 10
    while any(
        "tentative" in (shown := run("ip", "-6", "addr", "show", n)) or "fe80" not in shown for n in ("v2g0", "v2g1")
    ):
        assert time.monotonic() < deadline, "no usable link-local address on the veth pair"
        time.sleep(0.05)


async def session(where: str, folder: Path) -> dict[str, object]:
    launcher = Path(__file__).with_name("secc_launcher.py")
    arguments = ["v2g1"] if where == "veth" else ["lo", "15119"]
    secc = subprocess.Popen(
        [sys.executable, str(launcher), *arguments],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert secc.stdout is not None
    assert secc.stdin is not None
    recorder = Recorder(folder / "trace.jsonl")
    try:
        with JavaExiCodec() as codec:
            assert secc.stdout.readline() == "ready\n"
            vehicle = load_vehicle("bidirectional_dc_400v")
            lo = {"sdp_target": "::1", "sdp_port": 15119} if where == "lo" else {}
            evcc = Evcc(vehicle, codec, recorder, "v2g0" if where == "veth" else "lo", patience_s=15, **lo)
            secc.stdin.write("-4000\n")
            secc.stdin.flush()
            async with ChargingSession(evcc, "DC_BPT", "Dynamic") as charging:
                await charging.until(lambda s: s.present.power_w < -3900, "discharging at 4 kW", 10)
    finally:
        secc.stdin.close()
        secc.wait(5)
    asked = next(e.data for e in recorder.events if e.data.get("state") == "asked")
    answered = next(e.data for e in recorder.events if e.data.get("state") == "answered")
    return {
        "to": asked["to"],
        "address": answered["address"],
        "failure": str(charging.failure),
        "cycles": charging.cycles,
    }


if __name__ == "__main__":
    if sys.argv[1] == "veth":
        make_veth()
    print(json.dumps(asyncio.run(session(sys.argv[1], Path(sys.argv[2])))))
