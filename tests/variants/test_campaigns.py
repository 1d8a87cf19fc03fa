"""Whole campaigns against two unusual yet correct chargers; `make variants` runs them all."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.emulator.altered import run

pytestmark = pytest.mark.campaign

TWO = {
    "single-phase-16a": ("PR-15.1", "SC-04.6"),  # another nameplate, and another profile
    "installs-without-rebooting": ("GEN-03.3", "GEN-02.2"),  # another behaviour
}


@pytest.mark.parametrize("name", TWO)
def test_it_is_not_blamed(name: str, tmp_path: Path) -> None:
    """What the plain charger passes, a charger that differs within the specification passes; it violates no rule."""
    seen = run(tmp_path, TWO[name], ("--variant", name))
    assert {p: v for p, v in seen.judged.items() if v not in ("pass", "not_applicable")} == {}, seen.why
