"""Small suites in a folder of their own, held against the shipped catalogue, to see what the loader says."""

from __future__ import annotations

import textwrap
from pathlib import Path

from requirement_catalog.suites_lock import write_lock

EXAMPLE = Path(__file__).with_name("example")

K01 = """\
use_case: K01
title: Limits
purposes:
  - id: OCPP-K01.P001
    statement: A limit is answered in time.
    answers_to: [K01.FR.15]
    versions: ["2.1", "2.0.1"]
    applies: smart_charging
    serves:
      - {criterion: SC-04.1, when: {version: "2.1"}}
    judges: [timing.answered]
    needs: {car: any, bench: [meter, pilot]}
    before: [booted, no_limits]
    hands: none
    cost: {own_s: 1, waits: {answer: 1}}
  - id: OCPP-K01.P002
    statement: A limit is answered in time, without a car.
    versions: ["2.1"]
    serves: [{criterion: SC-04.1}]
    judges: [timing.answered]
    instead_of: [OCPP-K01.P001]
  - id: OCPP-K01.P003
    statement: A limit binds.
    versions: ["2.1"]
    serves: [{criterion: SC-04.2}]
    judges: [setpoints.limit_holds]
rules:
  - id: OCPP-K01.R001
    statement: No limit is forgotten.
    exercised_by: [OCPP-K01.P001]
"""


def suite_folder(folder: Path, text: str = K01, *, name: str = "ocpp/K/K01.yaml", locked: bool = True) -> Path:
    """A folder with one suite file, and ids.lock as it should be."""
    path = folder / "suites" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    if locked:
        write_lock(folder)
    return folder


def change(folder: Path, old: str, new: str, *, name: str = "ocpp/K/K01.yaml") -> int:
    """Replace the first `old`; returns the line (1-based) on which it stood."""
    path = folder / "suites" / name
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {name}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
