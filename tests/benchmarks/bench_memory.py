"""Peak memory of a campaign, process by process: python -m tests.benchmarks.bench_memory [--keep FOLDER] [-- options]

A whole campaign against the emulated charger runs as a command of its own while the kernel's high-water marks of all
its processes are read twice a second. Resident memory counts shared pages in every process; "together" is the
highest sum of proportional shares (PSS) at one time, which counts each page once. Java is named apart: it is the
emulated charger's, and everything of that would be the supplier's hardware in earnest.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

PROC = Path("/proc")
EVERY_S = 0.5


@dataclass
class Process:
    """One process of the campaign: who it is, and its peak in MiB."""

    name: str
    started: int
    peak_mib: float = 0.0


def family(root: int) -> dict[int, int]:
    """Every living descendant of `root` and itself, with its parent."""
    parents: dict[int, int] = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended meanwhile
    found = {root: parents.get(root, 0)}
    grown = True
    while grown:
        new = {pid: parent for pid, parent in parents.items() if parent in found and pid not in found}
        found |= new
        grown = bool(new)
    return found


def fields(pid: int, file: str, *names: str) -> Iterator[float]:
    """Values of /proc's "Name:  123 kB" lines, in MiB."""
    lines = dict(line.split(":", 1) for line in (PROC / str(pid) / file).read_text().splitlines() if ":" in line)
    for name in names:
        yield int(lines[name].split()[0]) / 1024 if name in lines else 0.0


def role(pid: int, parent: str) -> str:
    """What this process is to the campaign."""
    words = (PROC / str(pid) / "cmdline").read_bytes().split(b"\0")
    if words[0].endswith(b"java"):
        return "Java of the emulated charger's EXI"
    line = b" ".join(words)
    if b"harness.emulator" in line:
        return "emulated charger, its SECC" if b"secc" in line else "emulated charger"
    return "harness" if b"harness.cli" in line else line[:50].decode(errors="replace") or "?"


def watch(process: subprocess.Popen[bytes]) -> tuple[dict[int, Process], float]:
    """Every process the campaign had, and the most they had together at one time, in MiB."""
    seen: dict[int, Process] = {}
    together = 0.0
    while process.poll() is None:
        now = 0.0
        for pid, parent in sorted(family(process.pid).items()):
            try:
                if pid not in seen:
                    above = seen[parent].name if parent in seen else ""
                    seen[pid] = Process(role(pid, above), time.monotonic_ns())
                elif time.monotonic_ns() - seen[pid].started < 1e9:  # it may not have become itself yet (exec)
                    seen[pid].name = role(pid, seen[parent].name if parent in seen else "")
                (peak,) = fields(pid, "status", "VmHWM")
                seen[pid].peak_mib = max(seen[pid].peak_mib, peak)
                now += sum(fields(pid, "smaps_rollup", "Pss"))
            except OSError:
                continue  # it ended meanwhile
        together = max(together, now)
        time.sleep(EVERY_S)
    return seen, together


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="leave the campaign in this folder")
    parser.add_argument("options", nargs="*", help="passed on to chargeproof run, after --")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        out = chosen.keep or Path(folder)
        command = [sys.executable, "-m", "harness.cli", "run", "--out", str(out), *chosen.options]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seen, together = watch(process)
    table = Table("process", "how many", "peak resident, MiB")
    peaks: dict[str, list[float]] = {}
    for each in seen.values():
        peaks.setdefault(each.name, []).append(each.peak_mib)
    for name, values in sorted(peaks.items(), key=lambda item: -max(item[1])):
        if max(values) >= 1:
            table.add_row(name, str(len(values)), f"{max(values):.0f}")
    table.add_section()
    table.add_row("all together at one time (PSS)", "", f"{together:.0f}")
    console = Console(width=None if sys.stdout.isatty() else 120)
    console.print(table)
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    console.print(f"largest single process by the kernel's account (ru_maxrss): {children:.0f} MiB")
    console.print(f"the campaign ended with exit code {process.returncode}")


if __name__ == "__main__":
    main()
