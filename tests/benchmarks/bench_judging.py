"""How long judging a campaign's trace takes: python -m tests.benchmarks.bench_judging CAMPAIGN [--times N]

CAMPAIGN is the folder of a finished campaign. Nothing is measured but our own code: read the journal and check its
chain, evaluate every claim, decide. CPU time of one core, the best of N rounds. The aim is 2 s for 12,000 events.
"""

from __future__ import annotations

import argparse
import sys
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
from harness.plan import Plan
from harness.trace import read_trace

T = TypeVar("T")


def best(times: int, work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU time of some rounds, in seconds, and the last result."""
    took = []
    for _ in range(times):
        started = time.process_time()
        result = work()
        took.append(time.process_time() - started)
    return min(took), result


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign", type=Path)
    parser.add_argument("--times", type=int, default=3)
    chosen = parser.parse_args()
    evidence = chosen.campaign / "evidence" if (chosen.campaign / "evidence").is_dir() else chosen.campaign
    plan = msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan)
    load_judges()
    read_s, trace = best(chosen.times, lambda: read_trace(evidence / "trace.jsonl"))
    judge_s, judged = best(chosen.times, lambda: evaluate(trace, plan.limits))
    decide_s, result = best(chosen.times, lambda: decide(plan, trace, judged))
    table = Table("part", "what", "CPU s")
    table.add_row("reading and checking the chain", f"{len(trace)} events", f"{read_s:.2f}")
    table.add_row("evaluating", f"{len(trace.of('claim'))} claims", f"{judge_s:.2f}")
    table.add_row("deciding", f"{len(plan.criteria)} criteria: {result.decision}", f"{decide_s:.2f}")
    table.add_section()
    table.add_row("together", "aim: 2 s for 12,000 events", f"{read_s + judge_s + decide_s:.2f}")
    Console(width=None if sys.stdout.isatty() else 120).print(table)


if __name__ == "__main__":
    main()
