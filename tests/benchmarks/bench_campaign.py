"""Wall time and harness share of a campaign: python -m tests.benchmarks.bench_campaign [CAMPAIGN] [--gaps N]

CAMPAIGN is a campaign's folder, its evidence folder, its bundle.zip or a trace.jsonl; without it the emulated charger
is put through a whole campaign first. Aims: at most 90 s from start to end, at most 15 % of it the harness's own.
`--gaps` lists the longest stretches that nobody was waited for, with the events around them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from harness.trace import Event, Trace, read_trace
from tests.benchmarks.time_shares import ON, Shares, Span, cases, gaps, shares, union, waits

AIM_WALL_S, AIM_SHARE = 90.0, 0.15


def load(path: Path) -> Trace:
    """The trace of a campaign, wherever in it `path` points. Raises FileNotFoundError or TraceError."""
    if path.suffix == ".zip":
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(path) as bundle:
            name = next((each for each in bundle.namelist() if each.endswith("trace.jsonl")), None)
            if name is None:
                raise FileNotFoundError(f"{path} holds no trace.jsonl")
            return read_trace(Path(bundle.extract(name, folder)))
    for each in (path, path / "trace.jsonl", path / "evidence" / "trace.jsonl"):
        if each.is_file():
            return read_trace(each, torn_tail=True)
    raise FileNotFoundError(f"no trace.jsonl in {path}")


def run_campaign(out: Path) -> tuple[Path, float]:
    """Put the emulated charger through a campaign; its folder, and the seconds the whole command took."""
    started = time.monotonic()
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", "emulated", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"the campaign ended with {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return next(each for each in out.iterdir() if (each / "evidence").is_dir()), time.monotonic() - started


def table(trace: Trace) -> tuple[Table, Shares]:
    """One line a case, one for what lies between cases, one for the campaign."""
    end_ns = trace[-1].t_ns
    whole = trace[0].t_ns, end_ns
    found = waits(trace, end_ns)
    made = Table("case", "wall s", *(f"{on} s" for on in ON), "harness s", "harness %")
    between = [whole]
    for case, span in cases(trace):
        _row(made, case, shares(found, span))
        between = [part for each in between for part in gaps(union([span], each), each)]
    outside = [shares(found, span) for span in between]
    total = Shares(
        sum(each.wall_s for each in outside),
        {on: sum(each.on_s[on] for each in outside) for on in ON},
        sum(each.harness_s for each in outside),
    )
    _row(made, "between cases, start and end", total)
    made.add_section()
    campaign = shares(found, whole)
    _row(made, "campaign", campaign)
    return made, campaign


def longest_gaps(trace: Trace, count: int) -> Table:
    """The longest stretches of the harness's own time."""
    whole: Span = trace[0].t_ns, trace[-1].t_ns
    found = waits(trace, whole[1])
    covered = union((span for on in ON for span in found[on]), whole)
    made = Table("from s", "ms", "case", "after", "before")
    for start, end in sorted(gaps(covered, whole), key=lambda span: span[0] - span[1])[:count]:
        before = [e for e in trace if e.t_ns <= start and e.kind != "bench.sample"][-1]
        after = next(e for e in trace if e.t_ns >= end and e.kind != "bench.sample")
        made.add_row(
            f"{start / 1e9:.3f}",
            f"{(end - start) / 1e6:.0f}",
            escape(after.case or ""),
            escape(_words(before)),
            escape(_words(after)),
        )
    return made


def _words(event: Event) -> str:
    data = event.data
    said = data.get("what") or data.get("text") or data.get("name") or data.get("action") or data.get("command") or ""
    return f"{event.kind} {said}"[:60]


def _row(made: Table, name: str, each: Shares) -> None:
    figures = (each.wall_s, *(each.on_s[on] for on in ON), each.harness_s)
    made.add_row(escape(name), *(f"{value:.2f}" for value in figures), f"{100 * each.harness_share:.0f}")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("campaign", type=Path, nargs="?")
    parser.add_argument("--gaps", type=int, default=0)
    chosen = parser.parse_args()
    console = Console(width=None if sys.stdout.isatty() else 160)
    with tempfile.TemporaryDirectory() as folder:
        took_s = None
        if chosen.campaign is None:
            chosen.campaign, took_s = run_campaign(Path(folder))
        trace = load(chosen.campaign)
    made, campaign = table(trace)
    console.print(made)
    if chosen.gaps:
        console.print(longest_gaps(trace, chosen.gaps))
    if took_s is not None:
        console.print(f"the command as a whole, judging, sealing and report included: {took_s:.1f} s")
    console.print(f"wall {campaign.wall_s:.1f} s (aim {AIM_WALL_S:.0f}), {len(trace)} events")
    console.print(f"harness share {100 * campaign.harness_share:.1f} % (aim {100 * AIM_SHARE:.0f} %)")


if __name__ == "__main__":
    main()
