"""Holds what a campaign said about a defective charger against what the defect declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from harness.emulator.defects._model import Defect


@dataclass(frozen=True)
class Outcome:
    """`caught`: purposes that noticed as declared. `missed`: declared, did not. `bystanders`: not declared, but did."""

    caught: dict[str, str]
    missed: dict[str, str]
    bystanders: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether every declared purpose noticed, and no other one."""
        return not self.missed and not self.bystanders


def check(
    defect: Defect,
    conformant: Mapping[str, str],
    seen: Mapping[str, str],
    set_off_by: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Outcome:
    """Compare purpose -> verdict of the conformant charger with those of the defective one.

    A declared purpose that the conformant charger does not pass either proves nothing and counts as missed. A purpose
    that ran for several services is named as a whole (then one of them must notice) or with the service. A rule that
    could not be set off, because the very purpose that sets it off (`set_off_by`) was spoilt as declared, is no
    bystander: what a charger never did cannot be watched.
    """
    wanted = dict.fromkeys(defect.must_fail, "fail") | dict.fromkeys(defect.must_be_inconclusive, "inconclusive")
    caught, missed = {}, {}
    for purpose, verdict in wanted.items():
        parts = [name for name in {*seen, *conformant} if _is(name, purpose)]
        noticed = [name for name in parts if seen.get(name) == verdict and conformant.get(name) == "pass"]
        if noticed:
            caught[purpose] = verdict
        elif not any(conformant.get(name) == "pass" for name in parts):
            healthy = ", ".join(sorted({conformant.get(name, "not judged") for name in parts})) or "not judged"
            missed[purpose] = f"the conformant charger gets {healthy} as well"
        else:
            got = ", ".join(sorted({seen.get(name, "not judged") for name in parts}))
            missed[purpose] = f"{got} instead of {verdict}"
    bystanders = {
        name: f"{got} instead of {conformant.get(name, 'not judged')}"
        for name, got in seen.items()
        if not any(_is(name, purpose) for purpose in defect.named)
        and got not in ("pass", "not_applicable")
        and got != conformant.get(name)
        and not (got == "inconclusive" and any(purpose in caught for purpose in set_off_by.get(name, ())))
    }
    return Outcome(caught, missed, bystanders)


def _is(name: str, purpose: str) -> bool:
    """Whether a result is of this purpose: "I20-V2G.P001" means all of its services."""
    return name == purpose or name.startswith(f"{purpose}/")
