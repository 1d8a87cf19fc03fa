"""Chargers that go away for good at twelve moments: how long the campaign still lasts, and what it says of them.

`python -m tests.thorough._lost DIR [MOMENT…]` runs what is not done yet (all without a name), and prints the table.
"""

from __future__ import annotations

import itertools
import json
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from harness.evidence import journal_of
from tests.thorough._moments import MOMENTS, Event, LosableCharger, Moment

SILENT_S = 75.0  # every 60 s a silent run says what it waits for
COMES_WITHIN_S = 900.0  # the moment itself
_GIVEN_UP_S = 1800.0
_TENDER = Path(sys.modules["harness"].__path__[0]) / "emulator/altered/tender.yaml"


@dataclass
class _Said:
    """What the command printed, and when; `silent_s` the longest time without a word since `since_s`."""

    process: subprocess.Popen[str]
    lines: list[tuple[float, str]] = field(default_factory=list)

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line.rstrip()))

    def silent_s(self, since_s: float, until_s: float) -> float:
        at = [since_s, *(when for when, _ in self.lines if since_s < when < until_s), until_s]
        return max(b - a for a, b in itertools.pairwise(at))


def lost(name: str, folder: Path) -> list[str]:
    """One moment; what is wrong, a line each. `row.json` in the folder keeps the figures."""
    noted = folder / "row.json"
    if not noted.exists():
        shutil.rmtree(folder, ignore_errors=True)  # what broke off begins anew
        folder.mkdir(parents=True)
        noted.write_text(json.dumps(_run(MOMENTS[name], folder), indent=1))
    return list(json.loads(noted.read_text())["wrong"])


def _run(moment: Moment, folder: Path) -> dict[str, Any]:
    charger = LosableCharger(folder, moment)
    with charger:
        tender = folder / "tender.yaml"
        depth = "short" if moment.chosen else "thorough"
        tender.write_text(_TENDER.read_text().replace("depth: short", f"depth: {depth}"))
        command = ["run", "--dut", str(charger.profile), "--out", str(charger.campaigns), "--tender", str(tender)]
        process = subprocess.Popen(
            [sys.executable, "-m", "harness.cli", *command, *moment.chosen],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        said = _Said(process)
        reading = threading.Thread(target=said.read, daemon=True)
        reading.start()
        try:
            before = _until(moment, charger, process)
            gone_s = time.monotonic()
            charger.go()
            code = process.wait(_GIVEN_UP_S)
            ended_s = time.monotonic()
        finally:
            process.kill()
            reading.join(5)
            (folder / "console.log").write_text("\n".join(f"{at:.1f} {line}" for at, line in said.lines))
        (campaign,) = charger.campaigns.iterdir()
        return _row(moment, campaign, before, code, ended_s - gone_s, said, said.silent_s(gone_s, ended_s))


def _until(moment: Moment, charger: LosableCharger, process: subprocess.Popen[str]) -> list[Event]:
    """The events until the charger goes. Raises TimeoutError where its moment never comes."""
    events: list[Event] = []
    deadline = time.monotonic() + COMES_WITHIN_S
    while time.monotonic() < deadline and process.poll() is None:
        journals = [journal_of(each / "evidence") for each in charger.campaigns.glob("*")]
        if not (journals and journals[0].exists()):
            time.sleep(0.05)
            continue
        with journals[0].open() as file:
            while time.monotonic() < deadline and process.poll() is None:
                part = file.readline()
                while part and not part.endswith("\n"):
                    part += file.readline()
                if not part:
                    time.sleep(0.01)
                    continue
                events.append(json.loads(part))
                if moment.now(events):
                    return events
    raise TimeoutError(f"{moment.name}: the moment never came (code {process.poll()})")


def _row(
    moment: Moment, campaign: Path, before: list[Event], code: int, took_s: float, said: _Said, silent_s: float
) -> dict[str, Any]:
    events = [json.loads(line) for line in journal_of(campaign / "evidence").read_text().splitlines()]
    result = json.loads((campaign / "evidence" / "verdicts.json").read_text())
    after = [e["data"] for e in events[len(before) :] if e["kind"] == "case.ended"]
    told = [e for e in events if e["kind"] in ("dut.lost", "dut.absent")]
    open_s = {e["seq"]: e["data"].get("bound_s") or 0.0 for e in before if e["kind"] == "wait.started"}
    for each in before:
        if each["kind"] == "wait.ended":
            open_s.pop(each["data"].get("started"), None)
    wait_s = max(open_s.values(), default=0.0)
    red = sorted({p["purpose"] for p in (*result["purposes"],) if p["verdict"] == "fail"})
    rules = sorted({r["rule"] for r in result["rules"] if r["verdict"] == "fail"})
    faults = [e["data"]["detail"][:300] for e in events if e["kind"] == "harness.error" and "traceback" in e["data"]]
    wrong = [] if took_s <= moment.within_s + wait_s else [f"it ended after {took_s:.0f} s"]
    wrong += [] if silent_s <= SILENT_S else [f"nothing was said for {silent_s:.0f} s"]
    wrong += [] if code in (0, 1) else [f"it ended with {code}"]
    wrong += [] if len(told) == moment.told else [f"it is told {len(told)} times that it is gone"]
    wrong += [f"it is blamed: {each}" for each in (*red, *rules) if each != moment.red and not moment.defect]
    wrong += [] if moment.red in ("", *red) else [f"{moment.red} is not red any more"]
    wrong += [] if moment.way == "frozen" else [f"our own fault: {each}" for each in faults]  # there the bench goes too
    return {
        "moment": moment.name,
        "way": moment.way,
        "after": len(after),
        "ran on": sum(each["outcome"] == "completed" for each in after),
        "took_s": round(took_s, 1),
        "wait_s": wait_s,
        "within_s": moment.within_s,
        "silent_s": round(silent_s, 1),
        "code": code,
        "red": [*red, *rules],
        "told": [e["data"].get("detail") for e in told],
        "said": [line for at, line in said.lines if "waiting for" in line or "gone" in line or "lost" in line][:12],
        "wrong": wrong,
    }


def table(folder: Path) -> str:
    """Every row that there is, for people."""
    heads = f"{'moment':26}{'way':12}{'cases after':>12}{'of these run':>13}"
    lines = [f"{heads}{'took s':>8}{'bound s':>9}{'silent s':>9}"]
    for name in MOMENTS:
        noted = folder / f"lost-{name.replace(' ', '-')}" / "row.json"
        if not noted.exists():
            continue
        row = json.loads(noted.read_text())
        bound = f"{row['within_s']:.0f}+{row['wait_s']:.0f}"
        lines.append(
            f"{name:26}{row['way']:12}{row['after']:12}{row['ran on']:13}{row['took_s']:8}{bound:>9}{row['silent_s']:9}"
        )
        lines += [f"    red: {', '.join(row['red'])}"] if row["red"] else []
        lines += [f"    WRONG {each}" for each in row["wrong"]]
    return "\n".join(lines)


if __name__ == "__main__":
    place = Path(sys.argv[1])
    for one in sys.argv[2:] or list(MOMENTS):
        lost(one, place / f"lost-{one.replace(' ', '-')}")
    print(table(place))
