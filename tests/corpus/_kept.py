"""A campaign of the corpus: its plan and its sealed trace in one compressed file, and what is expected of it beside."""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from harness.decision import decide
from harness.emulator.altered import TENDER
from harness.evidence import load_judges
from harness.judge import evaluate
from harness.judge.rules import Tally, tallies_of, together
from harness.plan import Plan
from harness.plan._limits import Limiting
from harness.proofs.edits import cut, cut_sessions, relevant
from harness.trace import Event, Trace, trace_of, under_test
from requirement_catalog import load_catalogue, load_suites, load_tender

TRACES = Path(__file__).parent / "traces"
EXPECTED = Path(__file__).parent / "expected.json"
WINDOWS = Path(__file__).parent / "windows.csv"
GENESIS = "0" * 64


class Cut(NamedTuple):
    """Where a window of the trace edits comes from: so many events from where a campaign's n-th connection opened.

    One whose name begins with "v2g-" is of the campaign's ISO 15118 session with that number.
    """

    name: str
    campaign: str
    connection: int
    events: int

    def made(self) -> list[Event]:
        """The window's events."""
        if self.name.startswith("v2g-"):
            return cut_sessions(kept(self.campaign).trace, self.connection, self.events)
        return cut(relevant(kept(self.campaign).trace), self.connection, self.events)

    def whole(self) -> list[Event]:
        """The same and all that follows in that campaign."""
        if self.name.startswith("v2g-"):
            return cut_sessions(kept(self.campaign).trace, self.connection)
        every = relevant(kept(self.campaign).trace)
        return cut(every, self.connection, len(every))


def cuts() -> tuple[Cut, ...]:
    """Every window that is cut from the corpus."""
    with WINDOWS.open(encoding="utf-8", newline="") as lines:
        rows = csv.DictReader(lines)
        return tuple(Cut(r["name"], r["campaign"], int(r["connection"]), int(r["events"])) for r in rows)


@dataclass(frozen=True)
class Kept:
    """One recorded campaign."""

    name: str
    plan: Plan
    trace: Trace


def names() -> tuple[str, ...]:
    """The campaigns that there are: "defect ignores-zero", "variant local-time", "plain"."""
    return tuple(sorted(path.stem.replace("+", " ") for path in TRACES.glob("*.xz")))


@cache
def kept(name: str) -> Kept:
    """A campaign, with its chain checked."""
    plan, *lines = lzma.decompress(_path(name).read_bytes()).splitlines()
    journal = b"".join(_chained(lines))
    return Kept(name, msgspec.json.decode(plan, type=Plan), trace_of(journal, name))


def keep(name: str, evidence: Path) -> int:
    """Take a campaign's evidence folder into the corpus; its size in octets."""
    plan = msgspec.json.encode(msgspec.json.decode((evidence / "plan.json").read_bytes(), type=Plan))
    bare = [_without_link(line) for line in (evidence / "trace.jsonl").read_bytes().splitlines()]
    packed = lzma.compress(b"\n".join([plan, *bare]), preset=9 | lzma.PRESET_EXTREME)
    TRACES.mkdir(exist_ok=True)
    _path(name).write_bytes(packed)
    kept.cache_clear()
    return len(packed)


def _path(name: str) -> Path:
    return TRACES / f"{name.replace(' ', '+')}.xz"


def _without_link(line: bytes) -> bytes:
    """A line without the digest of the one before, which cannot be packed and can be found again."""
    start = line.rindex(b',"prev":"')
    if line[start + 9 + 64 :] != b'"}':
        raise ValueError("the link is not the last of its line")
    return line[:start] + b"}"


def _chained(lines: list[bytes]) -> Iterator[bytes]:
    link = GENESIS
    for bare in lines:
        line = bare[:-1] + f',"prev":"{link}"}}'.encode()
        link = hashlib.sha256(line).hexdigest()
        yield line + b"\n"


def judged(name: str) -> dict[str, dict[str, str]]:
    """What today's judges and rules say of it: the verdict on each purpose, and whether each rule held."""
    load_judges()
    campaign = kept(name)
    plan, known = with_todays_limits(campaign.plan), {purpose.id for purpose in load_suites().purposes}
    result = decide(plan, campaign.trace, evaluate(campaign.trace, plan.limits))
    return {
        "purposes": {
            each.label: str(each.verdict) for each in result.purposes if each.findings and each.purpose in known
        },
        "rules": rules_of(campaign.trace),
    }


def with_todays_limits(plan: Plan) -> Plan:
    """The plan with the limits that its tender gives today: a judge may ask for a role that there was not yet then."""
    catalogue, suites = load_catalogue(), load_suites()
    limiting = Limiting(catalogue, load_tender(catalogue, TENDER))
    without = {criterion.id for criterion in plan.criteria if not criterion.applies}
    purposes = {purpose.id: purpose for purpose in suites.purposes}
    fresh = limiting.by_criterion()
    for id in plan.limits.keys() & purposes.keys():
        served = [each.criterion for each in purposes[id].serves if each.criterion not in without]
        fresh[id] = limiting.of_purpose(purposes[id], served)
    return msgspec.structs.replace(plan, limits={**plan.limits, **fresh})


def rules_of(trace: Trace) -> dict[str, str]:
    """By rule: "held", "violated 2 times", "failed"; those that nothing set off are left out."""
    by_rule: dict[str, list[Tally]] = {}
    for tally in tallies_of(under_test(trace), load_suites().rules):
        by_rule.setdefault(tally.rule, []).append(tally)
    found = {}
    for rule, tallies in sorted(by_rule.items()):
        tally = together(tallies)
        said = f"violated {tally.violated} times" if tally.violated else "held"
        found[rule] = "failed" if tally.errors else said
    return found


def expected() -> dict[str, dict[str, dict[str, str]]]:
    """What was seen when the corpus was made, and looked at by a person."""
    found: dict[str, dict[str, dict[str, str]]] = json.loads(EXPECTED.read_text(encoding="utf-8"))
    return found
