"""One DC session by SDP multicast over a veth pair, or by unicast on `lo`; prints what happened as JSON.

python multicast_session.py veth|lo FOLDER : "veth" expects to run in a network namespace of its own.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import subprocess
import sys
import time
from pathlib import Path

from ev_emulator import ChargingSession, Evcc, JavaExiCodec, load_vehicle
from harness.trace import Recorder


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def usable(interface: str) -> bool:
    """Whether the interface has a link-local address that is not being checked for duplicates any more."""
    shown = run("ip", "-6", "addr", "show", interface)
    return "fe80" in shown and "tentative" not in shown


def free_port() -> int:
    with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as free:
        free.bind(("::1", 0))
        return int(free.getsockname()[1])


def make_veth() -> None:
    """A cable between v2g0 (car) and v2g1 (charger), up and with link-local addresses that may be used."""
    with contextlib.suppress(OSError):  # nobody else is on this cable: no need to look for duplicates
        Path("/proc/sys/net/ipv6/conf/default/accept_dad").write_text("0")
    run("ip", "link", "set", "lo", "up")
    run("ip", "link", "add", "v2g0", "type", "veth", "peer", "name", "v2g1")
    for name in ("v2g0", "v2g1"):
        run("ip", "link", "set", name, "up")
    deadline = time.monotonic() + 10
    while not (usable("v2g0") and usable("v2g1")):
        assert time.monotonic() < deadline, "no usable link-local address on the veth pair"
        time.sleep(0.05)


async def session(where: str, folder: Path) -> dict[str, object]:
    launcher = Path(__file__).with_name("secc_launcher.py")
    port = free_port()
    arguments = ["v2g1"] if where == "veth" else ["lo", str(port)]
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
            lo = {"sdp_target": "::1", "sdp_port": port} if where == "lo" else {}
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
    failure = str(charging.failure)
    return {"to": asked["to"], "address": answered["address"], "failure": failure, "cycles": charging.cycles}


if __name__ == "__main__":
    if sys.argv[1] == "veth":
        make_veth()
    print(json.dumps(asyncio.run(session(sys.argv[1], Path(sys.argv[2])))))
