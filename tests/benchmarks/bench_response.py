"""Error of measured response times against known delays: python -m tests.benchmarks.bench_response [--samples N]

A station and its meter (`fake_station`, a process of its own) answer SetChargingProfile and follow it after delays
that they know exactly. Both reach us as a real charger's would: over our backend's socket and over a serial line.
Measured is what the trace says: from the CALL's event to the answer's, and to the first sample at the limit. Error is
measured minus known; transport in both directions counts as error. The aim is 1 ms (99 of 100) for the answer.
A meter cannot be better than its sampling interval. The judges therefore take the response time to lie between the
last sample before and the first sample after the step; the third line is how far the truth lay outside of that. The
last line is the same exchange over a bare socket without any harness: what the machine adds while this runs.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from harness.bench import RoleConfig, open_bench
from harness.csms import Csms, CsmsConfig
from harness.trace import Event, Recorder, Trace, exchanges

AIM_MS = 1.0
WARM_UP = 20
LIMITS_A = (10, 16)


async def drive(recorder: Recorder, samples: int, hz: float) -> list[dict[str, float]]:
    """Set limits, one after the other, each once the meter has followed the one before; the station's own times."""
    async with Csms(recorder, CsmsConfig(security_profile=0)) as csms:
        command = ("-m", "tests.benchmarks.fake_station", csms.url("BENCH"), str(samples), str(hz))
        station = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=asyncio.subprocess.PIPE)
        assert station.stdout is not None
        try:
            port = (await asyncio.wait_for(station.stdout.readline(), 10)).decode().strip()
            bench = await open_bench({"meter": RoleConfig("serial_meter", port)}, recorder, None)
            connected = await csms.station("BENCH", within_s=10)
            gc.collect()
            gc.disable()  # a campaign is over before the oldest generation is ever collected
            for number in range(samples):
                limit = LIMITS_A[number % 2]
                await connected.set_charging_profile(current=f"{limit} A")
                await bench.meter.until(
                    lambda values, at=limit: values["i_l1_a"] == at, what="the limit at the meter", within_s=5
                )
            told = json.loads(await asyncio.wait_for(station.stdout.read(), 10))
            await bench.close()
        finally:
            gc.enable()
            if station.returncode is None:
                station.kill()
            await station.wait()
    return list(told)


def bare_socket(samples: int) -> tuple[list[float], list[float]]:
    """Known delays and errors, in seconds, of an exchange of octets with a process that answers after such delays."""
    known, errors = [], []
    with socket.create_server(("127.0.0.1", 0)) as server:
        command = ("-m", "tests.benchmarks.fake_station", "--echo", str(server.getsockname()[1]), str(samples))
        echo = subprocess.Popen([sys.executable, *command])
        line, _ = server.accept()
        with line:
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for _ in range(samples):
                sent = time.monotonic()
                line.sendall(b"?")
                told = line.recv(64)
                took = time.monotonic() - sent
                known.append(float(told))
                errors.append(abs(took - known[-1]))
        echo.wait(10)
    return known, errors


def measured(trace: Trace) -> list[dict[str, float]]:
    """Per request, in seconds after its event: the answer, the last sample before the step and the first after it."""
    readings = [e for e in trace if e.kind == "bench.sample"]
    found, at = [], 0
    for pair in exchanges(trace, action="SetChargingProfile", direction="out"):
        assert pair.answer is not None
        call = pair.call.event
        limit = pair.call.payload["chargingProfile"]["chargingSchedule"][0]["chargingSchedulePeriod"][0]["limit"]
        while readings[at].seq < call.seq or readings[at].data["values"]["i_l1_a"] != limit:
            at += 1
        found.append(
            {
                "answered": _since(call, pair.answer.event),
                "before": _since(call, readings[at - 1]),
                "stepped": _since(call, readings[at]),
            }
        )
    return found


def _since(start: Event, end: Event) -> float:
    return (end.t_ns - start.t_ns) / 1e9


def quantile(values: list[float], share: float) -> float:
    """The smallest value that `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def _row(table: Table, name: str, known_s: list[float], errors_s: list[float], aim: str) -> None:
    figures = (quantile(errors_s, 0.5), quantile(errors_s, 0.99), max(errors_s))
    span = f"{1000 * min(known_s):.1f} to {1000 * max(known_s):.1f}"
    table.add_row(name, str(len(errors_s)), span, *(f"{1000 * value:.3f}" for value in figures), aim)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1000)
    parser.add_argument("--hz", type=float, default=200.0, help="the meter's telegrams a second")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(Path(folder) / "trace.jsonl")
        told = asyncio.run(drive(recorder, chosen.samples + WARM_UP, chosen.hz))[WARM_UP:]
        seen = measured(Trace(recorder.events))[WARM_UP:]
        recorder.close()
    bare_known, bare_errors = bare_socket(chosen.samples // 2)
    outside = [
        max(0.0, mine["before"] - true["stepped"], true["stepped"] - mine["stepped"])
        for mine, true in zip(seen, told, strict=True)
    ]
    table = Table("response time of", "samples", "known, ms", "error p50, ms", "p99, ms", "max, ms", "aim p99, ms")
    for name, key, aim_ms in (
        ("the answer (OCPP)", "answered", AIM_MS),
        (f"the meter, {chosen.hz:g} telegrams a second", "stepped", 1000 / chosen.hz + AIM_MS),
    ):
        known = [each[key] for each in told]
        errors = [abs(mine[key] - true) for mine, true in zip(seen, known, strict=True)]
        _row(table, name, known, errors, f"{aim_ms:g}")
    _row(table, "the meter, as an interval", [each["stepped"] for each in told], outside, f"{AIM_MS:g}")
    _row(table, "an octet on a bare socket", bare_known, bare_errors, "")
    console = Console(width=None if sys.stdout.isatty() else 140)
    console.print(table)
    console.print(f"load of the machine (1 min): {os.getloadavg()[0]:.2f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    main()
