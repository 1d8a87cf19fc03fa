"""What a kept campaign says: of the versions of OCPP that its bench offered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from harness.emulator.altered import said_by


def result(version: str, verdict: str) -> dict[str, Any]:
    """A purpose under one version."""
    return {"purpose": "OCPP-K01.P102", "conditions": {"version": version}, "verdict": verdict, "why": "w"}


@pytest.mark.parametrize(
    ("profile", "verdict"),
    [("pco: {csms: {versions: [ocpp2.1]}}", "pass"), ("pco: {csms: {port: 1}}", "inconclusive"), ("", "inconclusive")],
)
def test_what_a_bench_does_not_offer_is_left_out(tmp_path: Path, profile: str, verdict: str) -> None:
    """One of a single version could not run the other; where both are offered the worst counts."""
    if profile:
        (tmp_path / "evidence").mkdir()
        (tmp_path / "evidence" / "profile.yaml").write_text(profile)
    both = {"requirements": [], "purposes": [result("2.1", "pass"), result("2.0.1", "inconclusive")]}
    assert said_by(both, tmp_path).purposes == {"OCPP-K01.P102": verdict}
