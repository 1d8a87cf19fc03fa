"""The emulated charger's profile and tender, for a bench that lacks some instruments or a charger of several EVSEs."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from requirement_catalog import load_catalogue

_BUILTIN = Path(__file__).parents[2] / "profile" / "builtin"
TENDER = Path(__file__).with_name("tender.yaml")
_AT_AN_EVSE = ("meter", "pilot", "light")
_SOCKET = {
    "current": ["AC"],
    "pics": {"iso15118_20": "no", "iso15118_2": "no"},
}  # each further EVSE, by the pilot alone


@dataclass(frozen=True)
class Bench:
    """Where a campaign runs: at a bench `without` these roles, against a charger with so many `evses`, to a `depth`.

    One that chooses `by_purpose` is kept apart from those that choose by criterion: the two narrow each other.
    Several EVSEs are run at only where a tender asks for depth thorough; so does then that of this bench. Numbers that
    nobody has read in their standard decide nothing: its tender is one of a client who `confirms` these ("SC-07.8").
    """

    without: tuple[str, ...] = ()
    evses: int = 1
    depth: str = "short"
    by_purpose: bool = False
    confirms: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"at a bench without {' and '.join(self.without)}"] if self.without else []
        parts += [f"with {self.evses} EVSEs"] if self.evses > 1 else []
        parts += ["by purpose"] if self.by_purpose else []
        parts += [f"with {' and '.join(self.confirms)} confirmed"] if self.confirms else []
        return ", ".join(parts + ([f"to depth {self.depth}"] if self.depth != "short" else []))

    @property
    def name(self) -> str:
        """For a folder; empty for the usual bench."""
        evses = (f"{self.evses}-evses",) if self.evses > 1 else ()
        purposes = ("purposes",) if self.by_purpose else ()
        confirmed = tuple(f"confirmed-{each}" for each in self.confirms)
        depth = (self.depth,) if self.depth != "short" else ()
        return "-".join((*self.without, *evses, *purposes, *confirmed, *depth))

    def plain_in(self, out: Path) -> Path:
        """The folder under `out` in which the plain charger's campaign at this bench is kept."""
        return out / (f"plain-{self.name}" if self.name else "plain")

    def profile(self, folder: Path) -> str:
        """A profile's name or path, as `run --dut` takes it; written into `folder` where it is not the usual one."""
        if not self.without and self.evses == 1:
            return "emulated"
        profile = yaml.safe_load((_BUILTIN / "emulated.yaml").read_text(encoding="utf-8"))
        for role in self.without:
            del profile["pco"]["bench"][role]
        profile = with_evses(profile, self.evses)
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"emulated-{self.name}.yaml"
        path.write_text(yaml.safe_dump(profile, sort_keys=False), encoding="utf-8")
        answers = profile["pco"]["operator"]["answers"]
        shutil.copyfile(_BUILTIN / answers, folder / answers)
        return str(path)

    def tender(self, folder: Path) -> Path:
        """The tender's overlay for such a campaign; written into `folder` where it is not the usual one."""
        depth = "thorough" if self.evses > 1 else self.depth
        if depth == "short" and not self.confirms:
            return TENDER
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{'-'.join((depth, *self.confirms))}.yaml"
        text = TENDER.read_text(encoding="utf-8").replace("depth: short", f"depth: {depth}")
        path.write_text(_confirming(text, self.confirms) if self.confirms else text, encoding="utf-8")
        return path


def _confirming(tender: str, criteria: tuple[str, ...]) -> str:
    """The tender of a client who read the standard and found these criteria's own numbers there, as they stand."""
    overlay = yaml.safe_load(tender)
    numbers = {c.id: c.limits for c in load_catalogue().criteria}
    overlay["demo"] = False  # a demonstration confirms nothing
    overlay["confirm"] = [
        {
            "limit": f"{criterion} {role}",
            "value": limit.value,
            "edition": "no edition: what a client would name here",
            "checked_by": "nobody (the project's own tests)",
            "dated": overlay["dated"],
        }
        for criterion in criteria
        for role, limit in numbers[criterion].items()
        if limit.value is not None
    ]
    return yaml.safe_dump(overlay, sort_keys=False)


def with_evses(profile: Mapping[str, Any], evses: int) -> dict[str, Any]:
    """A profile, as plain values, of the same charger with so many EVSEs and the instruments that stand at them."""
    if evses == 1:
        return dict(profile)
    bench = profile["pco"]["bench"]
    more = {
        f"{role}@{evse}": {**bench[role], "serial": f"{bench[role]['serial']}-{evse}"}
        for evse in range(2, evses + 1)
        for role in _AT_AN_EVSE
        if role in bench
    }
    return {
        **profile,
        "evses": [{"evse_id": evse, **_SOCKET} for evse in range(2, evses + 1)],
        "pixit": {**profile["pixit"], "evses": list(range(1, evses + 1))},
        "pco": {**profile["pco"], "bench": {**bench, **more}},
        "launch": {**profile["launch"], "evses": evses},
    }
