"""Runs one campaign as a user would, by the command line, and reads its verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

TENDER = Path(__file__).with_name("tender.yaml")
LONGEST_S = 900.0
DECIDED = (0, 1)  # GO and HOLD


class CampaignFailed(RuntimeError):
    """The campaign came to no decision; the text holds its last words."""


@dataclass(frozen=True)
class Seen:
    """What one campaign said: criterion to verdict, criterion to reason, its length in s, and where it lies."""

    verdicts: dict[str, str]
    why: dict[str, str]
    took_s: float
    folder: Path


def run(
    out: Path,
    selection: Sequence[str],
    alterations: Sequence[str] = (),
    *,
    dut: str = "emulated",
    tender: Path = TENDER,
    longest_s: float = LONGEST_S,
) -> Seen:
    """A campaign against the emulated charger; an empty selection is the whole tender. Raises CampaignFailed.

    `alterations` are options of `run`, such as ("--defect", "ignores-zero"); `dut` a profile that fits them.
    """
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", dut, "--tender", str(tender)]
    command += ["--out", str(out), *(part for each in selection for part in ("-r", each))]
    command += alterations
    out.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=longest_s, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired as error:
        raise CampaignFailed(f"no decision within {longest_s:g} s") from error
    if done.returncode not in DECIDED:
        raise CampaignFailed(f"ended with {done.returncode}: {(done.stderr or done.stdout)[-1500:]}")
    return latest(out, time.monotonic() - began)


def latest(folder: Path, took_s: float = 0.0) -> Seen:
    """The newest campaign in a folder. Raises CampaignFailed when none there came to a decision."""
    found = sorted(folder.glob("*/evidence/verdicts.json"))
    if not found:
        raise CampaignFailed(f"left no verdicts in {folder}")
    verdicts, why = read(found[-1])
    return Seen(verdicts, why, took_s, found[-1].parents[1])


def read(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Verdict and reason of each criterion in a verdicts.json."""
    criteria = [c for requirement in json.loads(path.read_text())["requirements"] for c in requirement["criteria"]]
    return {c["id"]: c["verdict"] for c in criteria}, {c["id"]: c["why"] for c in criteria}
