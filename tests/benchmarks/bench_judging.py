"""How long judging a campaign's trace takes: python -m tests.benchmarks.bench_judging CAMPAIGN [options]

CAMPAIGN is the folder of a finished campaign. Nothing is measured but our own code: read the journal and check its
chain, evaluate every claim, decide. CPU time of one core, the best of N rounds, and the peak memory of the process.
With `--events` the campaign is laid end to end with itself until there are so many, and nothing is decided but what the
rules say. The aims: 2 s for 12,000 events, 4 s for 100,000 with 900 claims, 40 s and 1.5 GB for 1,000,000.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
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
from tests.benchmarks.many_campaigns import laid_end_to_end

T = TypeVar("T")


def best(times: int, work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU time of some rounds, in seconds, and the last result."""
    took = []
    for _ in range(times):
        started = time.process_time()
        result = work()
        took.append(time.process_time() - started)
    return min(took), result


def peak_mb() -> float:
    """The most memory that this process had so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


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
    with tempfile.TemporaryDirectory() as folder:
        path = evidence / "trace.jsonl"
        if chosen.events:
            journal, path = path.read_bytes(), Path(folder) / "trace.jsonl"
            path.write_bytes(laid_end_to_end(journal, -(-chosen.events // journal.count(b"\n"))))
            del journal
        made_mb = peak_mb()
        read_s, trace = best(chosen.times, lambda: read_trace(path))
        # each round begins with a trace that nothing is known of yet
        judge_s, judged = best(chosen.times, lambda: evaluate(read_trace(path), plan.limits))
        rules_s, tallies = best(chosen.times, lambda: tallies_of(trace, load_suites().rules))
    judge_s = max(0.0, judge_s - read_s)
    table = Table("part", "what", "CPU s")
    table.add_row("reading and checking the chain", f"{len(trace)} events", f"{read_s:.2f}")
    table.add_row("evaluating", f"{len(trace.of('claim'))} claims", f"{judge_s:.2f}")
    tried = f"{len({tally.rule for tally in tallies})} rules set off on {len(trace.of('ocpp.frame'))} messages"
    table.add_row("watching rules", tried, f"{rules_s:.2f}")
    decide_s = 0.0
    if not chosen.events:
        decide_s, result = best(chosen.times, lambda: decide(plan, trace, judged))
        table.add_row("deciding", f"{len(plan.criteria)} criteria: {result.decision}", f"{decide_s:.2f}")
    table.add_section()
    table.add_row("together", "", f"{read_s + judge_s + (rules_s if chosen.events else decide_s):.2f}")
    table.add_row("peak memory", f"{made_mb:.0f} MB before it began", f"{peak_mb():.0f} MB")
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
