"""How long judging a campaign's trace takes: python -m tests.benchmarks.bench_judging CAMPAIGN [options]

CAMPAIGN is the folder of a finished campaign. Nothing is measured but our own code: read the journal and check its
chain, evaluate every claim, decide. CPU time of one core, the best of N rounds, and the peak memory of the process.
With `--events` the campaign is laid end to end with itself until there are so many, and nothing is decided but what the
rules say. The aims: 2 s for 12,000 events, 4 s for 100,000 with 900 claims, 40 s and 1.5 GB for 1,000,000.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from rich.console import Console
from rich.table import Table

from harness.decision import decide
from harness.evidence import load_judges
from harness.judge import evaluate
from harness.judge.rules import tallies_of
from harness.plan import Plan
from harness.trace import read_trace
from requirement_catalog import load_suites
from tests.benchmarks.yardstick import in_words, yardstick_us

T = TypeVar("T")


class Clocked:
    """CPU seconds of the parts of the work, of each the least of all rounds."""

    def __init__(self) -> None:
        self.took_s: dict[str, float] = {}

    def __call__(self, part: str, work: Callable[[], T]) -> T:
        """Do a part of the work."""
        started = time.process_time()
        result = work()
        took_s = time.process_time() - started
        self.took_s[part] = min(took_s, self.took_s.get(part, took_s))
        return result


@dataclass(frozen=True)
class Counts:
    """What was judged."""

    events: int
    claims: int
    messages: int
    rules: int
    decided: str


def peak_mb() -> float:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def judged_once(path: Path, plan: Plan, clocked: Clocked, *, decides: bool) -> Counts:
    """Read a journal and judge it, as a campaign does: one trace, of which nothing is known when it begins."""
    trace = clocked("reading and checking the chain", lambda: read_trace(path))
    judged = clocked("evaluating", lambda: evaluate(trace, plan.limits))
    decided = ""
    if decides:
        decided = clocked("rules and deciding", lambda: decide(plan, trace, judged)).decision
        tallies = tallies_of(trace, load_suites().rules)
    else:
        tallies = clocked("watching rules", lambda: tallies_of(trace, load_suites().rules))
    rules = len({tally.rule for tally in tallies})
    return Counts(len(trace), len(trace.of("claim")), len(trace.of("ocpp.frame")), rules, decided)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign", type=Path)
    parser.add_argument("--times", type=int, default=3)
    parser.add_argument(
        "--events", type=int, default=0, help="judge at least so many events, in the campaign's own mix"
    )
    chosen = parser.parse_args()
    evidence = chosen.campaign / "evidence" if (chosen.campaign / "evidence").is_dir() else chosen.campaign
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    load_judges()
    clocked = Clocked()
    with tempfile.TemporaryDirectory() as folder:
        path = evidence / "trace.jsonl"
        if chosen.events:
            path, turns = Path(folder) / "trace.jsonl", -(-chosen.events // path.read_bytes().count(b"\n"))
            made = [sys.executable, "-m", "tests.benchmarks.many_campaigns", evidence / "trace.jsonl", str(turns), path]
            subprocess.run(made, check=True)  # in a process of its own: its memory is not ours
        before_mb, yardstick = peak_mb(), yardstick_us()
        for _ in range(chosen.times):
            counts = judged_once(path, plan, clocked, decides=not chosen.events)
    what = f"{counts.events} events, {counts.claims} claims, {counts.messages} messages, {counts.rules} rules set off"
    table = Table("part", "CPU s", title=what)
    for part, took_s in clocked.took_s.items():
        table.add_row(f"{part}: {counts.decided}" if part.endswith("deciding") else part, f"{took_s:.2f}")
    table.add_section()
    table.add_row("together", f"{sum(clocked.took_s.values()):.2f}")
    table.add_row("peak memory", f"{peak_mb():.0f} MB, {before_mb:.0f} MB before it began")
    table.add_row("yardstick, CPU", in_words(yardstick))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
