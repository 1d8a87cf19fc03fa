"""Runs one campaign as a user would, by the command line, and reads its verdicts."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from harness.emulator.altered._bench import TENDER

LONGEST_S = 900.0
DECIDED = (0, 1)  # GO and HOLD


class CampaignFailed(RuntimeError):
    """The campaign came to no decision; the text holds its last words."""


@dataclass(frozen=True)
class Seen:
    """What one campaign said: verdict and reason by criterion and by purpose, its length in s, and where it lies.

    A purpose that ran for a service is called "I20-V2G.P001/DC_BPT/Dynamic"; of several versions of OCPP and EVSEs the
    worst counts. `serves` tells the criteria of each purpose. `rules` tells the worst verdict on each rule, advisory or
    not.
    """

    verdicts: dict[str, str]
    why: dict[str, str]
    took_s: float
    folder: Path
    serves: dict[str, tuple[str, ...]] = field(default_factory=dict)
    rules: dict[str, str] = field(default_factory=dict)

    @property
    def judged(self) -> dict[str, str]:
        """Purpose or rule to verdict."""
        return {**self.purposes, **self.rules}

    @property
    def purposes(self) -> dict[str, str]:
        """Purpose to verdict."""
        return {each: self.verdicts[each] for each in self.serves}

    @property
    def criteria(self) -> dict[str, str]:
        """Criterion to verdict."""
        return {each: verdict for each, verdict in self.verdicts.items() if each not in self.serves}


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

    It names criteria and requirements, or purposes, and not both: a purpose narrows what criteria choose.

    `alterations` are options of `run`, such as ("--defect", "ignores-zero"); `dut` a profile that fits them.
    """
    command = [sys.executable, "-m", "harness.cli", "run", "--dut", dut, "--tender", str(tender)]
    command += ["--out", str(out), *(part for each in selection for part in (_by(each), each))]
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


def _by(chosen: str) -> str:
    """The option of `run` that chooses a purpose ("OCPP-B12.P001"), or a requirement or criterion ("SC-09.1")."""
    return "--purpose" if is_purpose(chosen) else "-r"


def is_purpose(chosen: str) -> bool:
    """Whether a selection names a purpose: of those beyond the tender no criterion tells."""
    return ".P" in chosen


def latest(folder: Path, took_s: float = 0.0) -> Seen:
    """The newest campaign in a folder. Raises CampaignFailed when none there came to a decision."""
    found = sorted(folder.glob("*/evidence/verdicts.json"))
    if not found:
        raise CampaignFailed(f"left no verdicts in {folder}")
    return read(found[-1], took_s)


_WORST_FIRST = ("fail", "error", "inconclusive", "pending", "pass", "not_applicable")


def read(path: Path, took_s: float = 0.0) -> Seen:
    """What a verdicts.json says."""
    return said_by(json.loads(path.read_text()), path.parents[1], took_s)


def said_by(result: dict[str, Any], folder: Path, took_s: float = 0.0) -> Seen:
    """The same of a result that was read already; without what a bench of one version of OCPP could not run."""
    criteria = [c for requirement in result["requirements"] for c in requirement["criteria"]]
    verdicts = {c["id"]: c["verdict"] for c in criteria}
    why = {c["id"]: c["why"] for c in criteria}
    serves: dict[str, tuple[str, ...]] = {}
    offered = _offered(folder / "evidence" / "profile.yaml")
    for each in _worst_first(result.get("purposes", ())):
        if (version := (each.get("conditions") or {}).get("version")) and f"ocpp{version}" not in offered:
            continue
        service = (each.get("conditions") or {}).get("service")
        name = f"{each['purpose']}/{service}" if service else each["purpose"]
        verdicts.setdefault(name, each["verdict"])
        why.setdefault(name, each["why"])
        serves[name] = tuple(dict.fromkeys((*serves.get(name, ()), *each.get("serves", ()))))
    rules: dict[str, str] = {}
    for each in _worst_first(result.get("rules", ())):
        rules.setdefault(each["rule"], each["verdict"])
        why.setdefault(each["rule"], each["why"])
    return Seen(verdicts, why, took_s, folder, serves, rules)


def _offered(profile: Path) -> tuple[str, ...]:
    """The versions of OCPP that a campaign's bench offered."""
    told = yaml.safe_load(profile.read_text(encoding="utf-8")) if profile.is_file() else {}
    csms = (told.get("pco") or {}).get("csms") or {}
    return tuple(csms.get("versions") or ("ocpp2.1", "ocpp2.0.1"))


def _worst_first(results: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(results, key=lambda each: _WORST_FIRST.index(each["verdict"]))
