"""One finding of the doctor: what was looked at, how it is, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from harness.profile import Profile

State = Literal["ok", "warning", "problem"]


@dataclass(frozen=True)
class Check:
    """`group` gathers related findings; `do` is empty when nothing is to be done."""

    group: str
    name: str
    state: State
    says: str
    do: str = ""


@dataclass(frozen=True)
class Patient:
    """What is examined: the profile and the file it came from, which relative paths in it start at."""

    profile: Profile
    path: Path

    @property
    def emulated(self) -> bool:
        """Whether a run starts the emulated charger itself."""
        return self.profile.launch is not None

    def beside(self, name: str) -> Path:
        """A path as the profile means it."""
        return self.path.parent / name
