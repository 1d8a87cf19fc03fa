"""A stranger's log beside what was found in it by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

FOLDER = Path(__file__).parent


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule that the log violates so many `times`, and what reading the specification says of that.

    `true`: the station breaks it. `ours`: the rule is wrong. `unclear`: the specification can be read both ways.
    """

    rule: str
    times: int
    read_as: Literal["true", "ours", "unclear"]
    because: str


class Stranger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One log: whose station made it, how it came about, what rules say of it and what they once said wrongly."""

    station: str
    repository: str
    commit: str
    started_as: str
    version: Literal["2.0.1", "2.1"]
    messages: int
    exercised_at_least: int
    findings: tuple[Finding, ...]
    was_wrong: tuple[str, ...] = ()
    not_seen: tuple[str, ...] = ()

    def count(self, read_as: str) -> int:
        """How many of its findings were read as that."""
        return sum(each.read_as == read_as for each in self.findings)


def strangers() -> dict[str, Stranger]:
    """Every stranger by the name of its file."""
    found = sorted(FOLDER.glob("*.yaml"))
    return {path.stem: msgspec.yaml.decode(path.read_bytes(), type=Stranger) for path in found}


def log_of(name: str) -> Path:
    """The stranger's log, redacted and compressed."""
    return FOLDER / f"{name}.jsonl.gz"
