"""The car's EXI codec against the Java one, per message type, in one run: python -m tests.benchmarks.bench_exi [--all]

CPU time of this process and, for Java, of its process too, since both turn JSON into EXI and back; the median of some
rounds over recorded messages. Start-up is a new process's import and the first message of every schema; memory is what
the codec adds to it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from ev_emulator.exi import Codec
from tests.exi.java.codec import JavaExiCodec

KNOWN = Path(__file__).parents[1] / "exi" / "messages.jsonl"
ROUNDS, EACH = 7, 20
AIM_TIMES, AIM_LOOP_MS = 10, 0.2
LOOPS = ("ChargeLoop", "CurrentDemand", "ChargingStatus")
START = """
import sys, time
def mib(): return int(next(l for l in open("/proc/self/status") if l.startswith("VmRSS")).split()[1]) / 1024
before, began = mib(), time.process_time()
from ev_emulator.exi import Codec
imported, codec = time.process_time(), Codec()
import json
for line in open(sys.argv[1]):
    each = json.loads(line)
    codec.encode(codec.decode(bytes.fromhex(each["exi"]), each["namespace"]), each["namespace"])
print(time.process_time() - imported, imported - began, mib() - before)
"""
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) * _TICK_S


def ms(call: Callable[[], Any]) -> float:
    """CPU milliseconds of this process per call, the median of some rounds."""
    found = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(EACH):
            call()
        found.append((time.process_time() - began) / EACH * 1e3)
    return statistics.median(found)


def main() -> int:
    """Print the table; 1 when an aim is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.bench_exi", description=__doc__)
    parser.add_argument("--all", action="store_true", help="a row for every message, not for the slowest and the loops")
    given = parser.parse_args()
    messages = [msgspec.json.decode(line) for line in KNOWN.read_bytes().splitlines()]
    ours, rows = Codec(), []
    with JavaExiCodec() as java:
        java.warm_up()
        pid = java._process.pid
        total = {"ours": 0.0, "java": 0.0}
        for each in messages:
            exi, message, namespace = bytes.fromhex(each["exi"]), each["message"], each["namespace"]
            quick = ms(lambda e=exi, n=namespace: ours.read(e, n)) + ms(
                lambda m=message, n=namespace: ours.encode(m, n)
            )
            began, wall = cpu_s(pid), time.process_time()
            for _ in range(EACH):
                java.encode(java.decode(exi, namespace), namespace)
            slow = (cpu_s(pid) - began + time.process_time() - wall) / EACH * 1e3
            total["ours"] += quick
            total["java"] += slow
            rows.append((name_of(message), namespace.rpartition(":")[2] or namespace, len(exi), quick, slow))
    return report(rows, total, given.all)


def name_of(message: dict[str, Any]) -> str:
    """The message's own name."""
    name = next(iter(message))
    return str(next(iter(message[name]["Body"]), name)) if name == "V2G_Message" else str(name)


def report(rows: list[tuple[str, str, int, float, float]], total: dict[str, float], all_of_them: bool) -> int:
    """The table, and whether the aims are met."""
    table = Table("message", "schema", "octets", "ours, ms", "Java, ms", "times", title="read and written again, CPU")
    slowest = sorted(rows, key=lambda row: -row[3])[:5]
    for row in rows if all_of_them else sorted({*slowest, *(r for r in rows if any(x in r[0] for x in LOOPS))}):
        table.add_row(row[0], row[1], str(row[2]), f"{row[3]:.3f}", f"{row[4]:.2f}", f"{row[4] / row[3]:.0f}")
    Console().print(table)
    loop = max(row[3] for row in rows if any(word in row[0] for word in LOOPS))
    times = total["java"] / total["ours"]
    first_s, import_s, memory_mib = started()
    print(f"all {len(rows)} messages: {times:.0f} times the Java path's throughput per core (aim {AIM_TIMES})")
    print(f"slowest message of a charge loop, both ways: {loop:.3f} ms (aim {AIM_LOOP_MS} ms a message)")
    print(f"start: the car's import {import_s:.2f} s, all messages of six schemas the first time {first_s:.2f} s (CPU)")
    print(f"memory of both: {memory_mib:.0f} MiB")
    return 0 if times >= AIM_TIMES and loop <= AIM_LOOP_MS else 1


def started() -> list[float]:
    """CPU seconds of first messages and of the import, and MiB, of a new process; the least of three."""
    found = []
    for _ in range(3):
        done = subprocess.run([sys.executable, "-c", START, str(KNOWN)], capture_output=True, text=True, check=True)
        found.append([float(word) for word in done.stdout.split()])
    return [min(column) for column in zip(*found, strict=True)]


if __name__ == "__main__":
    sys.exit(main())
