"""All figures, one table after the other: python -m tests.benchmarks (about five minutes, on a machine left alone)."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path


def main() -> int:
    """Run every benchmark in a process of its own; one campaign serves three of them. 1 when one of them broke."""
    broken = 0
    cores = os.cpu_count() or 1
    print(f"{cores} cores, load of the last minute {os.getloadavg()[0]:.2f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        broken |= run("memory of a campaign", "bench_memory", "--keep", folder)
        campaign = next((each for each in Path(folder).iterdir() if (each / "evidence").is_dir()), None)
        if campaign is not None:
            broken |= run("time of a campaign", "bench_campaign", str(campaign))
            broken |= run("time to judge it", "bench_judging", str(campaign))
            broken |= run("time to judge nine of them", "bench_judging", str(campaign), "--events", "100000")
    broken |= run("a log through all rules", "bench_rules", "--messages", "100000")
    broken |= run("OCPP messages", "bench_wire")
    broken |= run("error of response times", "bench_response")
    broken |= run("the car's EXI codec", "bench_exi")
    return broken


def run(title: str, module: str, *arguments: str) -> int:
    """One benchmark; its output goes where ours does."""
    print(f"\n{title} ({module})", flush=True)
    return int(subprocess.run([sys.executable, "-m", f"tests.benchmarks.{module}", *arguments]).returncode != 0)


if __name__ == "__main__":
    sys.exit(main())
