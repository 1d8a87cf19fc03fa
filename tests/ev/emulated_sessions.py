"""Sessions of our car with our emulated charger's SECC, found by SDP: a trace of each, and what happened as JSON.

python -m tests.ev.emulated_sessions veth|lo FOLDER : "veth" expects a network namespace of its own and uses real
multicast over a veth pair; "lo" asks ::1. The charger's SECC runs in its own process, with its own codec.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from ev_emulator import ChargingSession, Codec, Evcc, load_vehicle
from harness.emulator.secc import SeccConfig, SeccEvent, StationLimits
from harness.emulator.secc._standalone import StandaloneSimulation
from harness.trace import Recorder

CARS = {"DC": "charging_only_dc_400v", "AC": "charging_only_ac_11kw", "DC_BPT": "bidirectional_dc_400v"}
LIMITS = StationLimits(max_charge_w=4000, max_discharge_w=10_000)


def run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def usable(interface: str) -> bool:
    """Whether the interface has a link-local address that is not being checked for duplicates any more."""
    shown = run("ip", "-6", "addr", "show", interface)
    return "fe80" in shown and "tentative" not in shown


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


class Bench:
    """One charger, one codec, a car and a trace per scenario."""

    def __init__(self, where: str, folder: Path, codec: Codec) -> None:
        self._folder, self._codec, self._where = folder, codec, where
        self._heard: list[SeccEvent] = []
        self._ready = asyncio.Event()
        self.charger = StandaloneSimulation(LIMITS, self._hear)

    def _hear(self, event: SeccEvent) -> None:
        self._heard.append(event)
        if event.what == "ready":
            self._ready.set()

    async def serve(self) -> None:
        interface = "v2g1" if self._where == "veth" else "lo"
        await self.charger.run(SeccConfig(interface=interface, tls="off"), self._folder / "secc")

    async def up(self) -> None:
        await asyncio.wait_for(self._ready.wait(), 60)

    async def said(self, what: str, times: int) -> list[dict[str, Any]]:
        """What the charger told its station since the scenario began, once it has said it so often."""
        async with asyncio.timeout(10):
            while len(found := [event.data for event in self._heard if event.what == what]) < times:
                await asyncio.sleep(0.02)
        return found

    @contextlib.contextmanager
    def car(self, scenario: str, service: str, **limits: Any) -> Any:
        self._heard.clear()
        self.charger.limits = msgspec.structs.replace(LIMITS, authorised=True, **limits)
        recorder = Recorder(self._folder / f"{scenario}.jsonl")
        how: dict[str, Any] = {"interface": "v2g0"} if self._where == "veth" else {"interface": "lo"}
        if self._where == "lo":
            how["sdp_target"] = "::1"
        yield Evcc(load_vehicle(CARS[service]), self._codec, recorder, patience_s=15, **how)
        recorder.close()


async def charges(bench: Bench, service: str, mode: str, power_w: float, **limits: Any) -> dict[str, Any]:
    """Enter the charge loop, wait for the power, and leave in order."""
    with bench.car(f"{service}-{mode}", service, **limits) as evcc:
        async with ChargingSession(evcc, service, mode) as session:
            await session.until(lambda s: abs(s.present.power_w - power_w) < 50, f"charging at {power_w} W", 15)
        selected = [[each["service"], each["control_mode"]] for each in await bench.said("service_selected", 1)]
        stopped = [each["clean"] for each in await bench.said("session_stopped", 1)]
    return {"selected": selected, "clean": stopped, "failure": str(session.failure), "power_w": session.present.power_w}


async def pauses(bench: Bench) -> dict[str, Any]:
    """Pause a session, then come back under the old session's id."""
    with bench.car("pause", "DC_BPT", setpoint_w=-3000.0) as evcc:
        async with ChargingSession(evcc, "DC_BPT", "Dynamic") as first:
            await first.until(lambda s: s.present.power_w < -2900, "discharging at 3 kW", 15)
            paused = evcc.session_id
            await first.stop("Pause")
        await bench.said("session_stopped", 1)
        async with ChargingSession(evcc, "DC_BPT", "Dynamic", resume=True) as second:
            await second.until(lambda s: s.present.power_w < -2900, "discharging at 3 kW again", 15)
            resumed = evcc.session_id
        actions = [each["action"] for each in await bench.said("session_stopped", 2)]
    failures = [str(first.failure), str(second.failure)]
    return {"ids": [paused, resumed], "actions": actions, "failures": failures, "soc_pct": evcc.battery.soc_pct}


async def everything(where: str, folder: Path) -> dict[str, Any]:
    bench = Bench(where, folder, Codec())
    serving = asyncio.create_task(bench.serve())
    up = asyncio.create_task(bench.up())
    try:
        await asyncio.wait({serving, up}, return_when=asyncio.FIRST_COMPLETED)
        if serving.done():
            serving.result()
        return {
            "DC-Dynamic": await charges(bench, "DC", "Dynamic", 3000, setpoint_w=3000.0),
            "DC-Scheduled": await charges(bench, "DC", "Scheduled", 4000),
            "AC-Dynamic": await charges(bench, "AC", "Dynamic", 3000, setpoint_w=3000.0),
            "AC-Scheduled": await charges(bench, "AC", "Scheduled", 4000),
            "pause": await pauses(bench),
        }
    finally:
        up.cancel()
        serving.cancel()
        await asyncio.gather(serving, up, return_exceptions=True)


if __name__ == "__main__":
    if sys.argv[1] == "veth":
        make_veth()
    print(json.dumps(asyncio.run(everything(sys.argv[1], Path(sys.argv[2])))))
