"""Holds what a campaign said about a defective charger against what the defect declares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from harness.emulator.defects._model import Defect


@dataclass(frozen=True)
class Outcome:
    """`caught`: criteria that noticed as declared. `missed`: declared, did not. `bystanders`: not declared, but did."""

    caught: dict[str, str]
    missed: dict[str, str]
    bystanders: dict[str, str]

    @property
    def ok(self) -> bool:
        """Whether every declared criterion noticed, and no other one."""
        return not self.missed and not self.bystanders


def check(defect: Defect, conformant: Mapping[str, str], seen: Mapping[str, str]) -> Outcome:
    """Compare criterion -> verdict of the conformant charger with those of the defective one.

    A declared criterion that the conformant charger does not pass either proves nothing and counts as missed.
    """
    wanted = dict.fromkeys(defect.must_fail, "fail") | dict.fromkeys(defect.must_be_inconclusive, "inconclusive")
    caught, missed = {}, {}
    for criterion, verdict in wanted.items():
        got, healthy = seen.get(criterion, "not judged"), conformant.get(criterion, "not judged")
        if healthy != "pass":
            missed[criterion] = f"the conformant charger gets {healthy} as well"
        elif got == verdict:
            caught[criterion] = got
        else:
            missed[criterion] = f"{got} instead of {verdict}"
    bystanders = {
        criterion: f"{got} instead of {conformant.get(criterion, 'not judged')}"
        for criterion, got in seen.items()
        if criterion not in defect.named and got != "pass" and got != conformant.get(criterion)
    }
    return Outcome(caught, missed, bystanders)
