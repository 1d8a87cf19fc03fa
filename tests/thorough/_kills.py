"""Runs that are killed at random moments: nothing is left behind, and the charger has back what it had, whole."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from harness.evidence import journal_of
from harness.trace import TraceError, read_trace
from tests.owed.charger import OwnCharger, differences

KILLS = {signal.SIGKILL: 1000, signal.SIGTERM: 100, signal.SIGHUP: 100}
PURPOSES = ("OCPP-K10.P101", "OCPP-B05.P001", "OCPP-N07.P001", "OCPP-R04.P101", "OCPP-H01.P001", "OCPP-K01.P001")
EARLIEST_S, LATEST_S = 16.0, 8.0  # at any moment of its start; or after the first thing that it has written down
ENDS_WITHIN_S = 200.0
_TENDER = Path(sys.modules["harness"].__path__[0]) / "emulator/altered/tender.yaml"
_MARK = "CHARGEPROOF_KILLED"  # in the environment of every process of a run that is to be killed
_BROKEN_OFF = 130


def kills(folder: Path, most: int | None = None, seed: int = 1) -> list[str]:
    """Kill runs, going on where an earlier call stopped; what is wrong, a line each. `most`: no more than that many.

    Another `seed` has other moments.
    """
    wanted = _order(seed)
    noted = folder / "kills.jsonl"
    done = [json.loads(line) for line in noted.read_text().splitlines()] if noted.exists() else []
    last = len(wanted) if most is None else min(len(wanted), len(done) + most)
    tender = folder / "tender.yaml"
    tender.write_text(_TENDER.read_text().replace("depth: short", "depth: thorough"))
    if len(done) < last:
        with OwnCharger(folder) as charger:
            kept = folder / "before.json"
            if not kept.exists():
                kept.write_text(json.dumps(charger.holds()))
            before = json.loads(kept.read_text())
            _start(charger, ["restore"], "repair").wait(ENDS_WITHIN_S)  # of a kill that an earlier call did not finish
            for number in range(len(done), last):
                one = {
                    "number": number,
                    **_one(charger, before, tender, wanted[number], random.Random(number * 1000 + seed)),
                }
                done.append(one)
                with noted.open("a") as file:
                    file.write(json.dumps(one) + "\n")
    return [
        f"kill {one['number']} ({one['signal']} after {one['after_s']:.2f} s): {w}"
        for one in done
        for w in one["wrong"]
    ]


def _order(seed: int = 1) -> list[signal.Signals]:
    every = [each for each, number in KILLS.items() for _ in range(number)]
    random.Random(seed).shuffle(every)
    return every


def _one(
    charger: OwnCharger, before: dict[str, Any], tender: Path, number: signal.Signals, chance: random.Random
) -> dict[str, Any]:
    """One run and its end, then what comes after it; every tenth time a whole run, else `restore`."""
    mark = uuid.uuid4().hex
    known = set(charger.campaigns.glob("*"))
    purposes = chance.sample(PURPOSES, 3)
    after_s, code = _killed(charger, _run(tender, purposes), mark, number, chance)
    wrong = list(_left_behind(charger, mark))
    for folder in set(charger.campaigns.glob("*")) - known:
        wrong += _unreadable(folder, number == signal.SIGKILL)
    owed = bool(list((charger.folder / "owed").glob("EMU-*.json")))
    if number != signal.SIGKILL and after_s >= 0:
        # before the command has come to its first line there is nobody yet to take a signal politely
        wrong += [] if code == _BROKEN_OFF or (code == -number and not owed) else [f"ended with {code}"]
        wrong += [f"not put back at its end: {each}" for each in differences(before, _settled(charger, before))]
    next_is = "run" if chance.random() < 0.1 else "restore"
    command = _run(tender, purposes) if next_is == "run" else ["restore"]
    ended = _ended(_start(charger, command, mark), ENDS_WITHIN_S)
    wrong += [] if ended in ((0, 1) if next_is == "run" else (0,)) else [f"the {next_is} after it ended with {ended}"]
    wrong += [f"after the {next_is}: {each}" for each in differences(before, _settled(charger, before))]
    return {
        "signal": number.name,
        "after_s": after_s,
        "purposes": purposes,
        "code": code,
        "owed": owed,
        "next": next_is,
        "wrong": wrong,
    }


def _start(charger: OwnCharger, command: Sequence[str], mark: str) -> subprocess.Popen[bytes]:
    arguments = [sys.executable, "-m", "harness.cli", *command, "--dut", str(charger.profile)]
    with (charger.folder / "console.log").open("ab") as log:
        return subprocess.Popen(
            [*arguments, "--out", str(charger.campaigns)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env={**os.environ, _MARK: mark},
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # also where these kills run under nohup
        )


def _run(tender: Path, purposes: Sequence[str]) -> list[str]:
    return ["run", "--tender", str(tender), *(part for each in purposes for part in ("--purpose", each))]


def _killed(
    charger: OwnCharger, command: Sequence[str], mark: str, number: signal.Signals, chance: random.Random
) -> tuple[float, int]:
    """After how long it was killed (-1: it had ended by itself), and with what it ended.

    One in four at any moment of its start, the others once the charger is about to be changed.
    """
    began = time.monotonic()
    run = _start(charger, command, mark)
    early, more_s = chance.random() < 0.25, chance.uniform(0.0, LATEST_S)
    after_s = chance.uniform(0.0, EARLIEST_S)
    try:
        while not early and run.poll() is None and not list((charger.folder / "owed").glob("EMU-*.json")):
            time.sleep(0.02)
        return -1.0, run.wait(after_s if early else more_s)
    except subprocess.TimeoutExpired:
        after_s = time.monotonic() - began
        run.send_signal(number)
        return after_s, _ended(run, ENDS_WITHIN_S)
    finally:
        run.kill()


def _ended(run: subprocess.Popen[bytes], within_s: float) -> int:
    """With what it ended; it is killed where nobody waits for it any more."""
    try:
        return run.wait(within_s)
    finally:
        run.kill()


def _left_behind(charger: OwnCharger, mark: str) -> Iterator[str]:
    deadline = time.monotonic() + 5.0
    while (left := _marked(mark)) and time.monotonic() < deadline:
        time.sleep(0.1)
    for process in left:
        yield f"process {process} is left"
    with socket.socket() as probe:
        probe.settimeout(1.0)
        if probe.connect_ex(("127.0.0.1", charger.port)) == 0:
            yield f"port {charger.port} is left open"


def _marked(mark: str) -> list[int]:
    wanted = f"{_MARK}={mark}".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if wanted in (folder / "environ").read_bytes().split(b"\0"):
                found.append(int(folder.name))
        except OSError:
            continue
    return [each for each in found if each != os.getpid()]


def _unreadable(folder: Path, torn_tail: bool) -> Iterator[str]:
    journal = journal_of(folder / "evidence")
    if not journal.exists():
        return
    octets = journal.read_bytes()
    if octets and not octets.endswith(b"\n"):
        yield f"{journal.name} has a torn last line"
    try:
        read_trace(journal, torn_tail=torn_tail)
    except TraceError as error:
        yield f"{journal.name}: {error}"


def _settled(charger: OwnCharger, before: dict[str, Any]) -> dict[str, Any]:
    """What the charger holds, once it has written it down; it does so after it has answered."""
    deadline = time.monotonic() + 3.0
    while differences(before, found := charger.holds()) and time.monotonic() < deadline:
        time.sleep(0.2)
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    print("\n".join(kills(place, *map(int, sys.argv[2:]))) or "well")
