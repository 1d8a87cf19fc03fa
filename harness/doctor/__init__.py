"""The doctor: looks a bench over before anybody drives to a site, and says what to do about what it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from harness.doctor._bench import examine_bench
from harness.doctor._beside import check_beside
from harness.doctor._certificates import examine_certificates
from harness.doctor._check import Check, Patient
from harness.doctor._extra import without_extra
from harness.doctor._machine import examine_machine
from harness.doctor._network import examine_network
from harness.doctor._papers import examine_papers
from harness.profile import Profile

__all__ = ["Check", "Patient", "check_beside", "examine", "without_extra"]


def examine(profile: Profile, path: Path, out: Path = Path("campaigns")) -> Iterator[Check]:
    """Every finding, as it is found; nothing raises for a bench that is not in order. `out` keeps the campaigns."""
    patient = Patient(profile, path)
    yield from examine_machine(patient, out)
    yield from examine_network(patient)
    yield from examine_certificates(patient)
    yield from examine_bench(patient)
    yield from examine_papers(patient)
