"""Profiles of chargers that know no credentials, and of those that must."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.profile import builtin_profiles, load_profile
from requirement_catalog import CatalogueError


def test_a_charger_without_credentials_needs_no_password() -> None:
    """Security profile 0 is for simulators that speak plain ws and nothing else."""
    profile, _ = load_profile("simulator_no_bench")
    assert profile.pco.csms is not None and profile.pco.csms.security_profile == 0
    assert not profile.pco.bench and profile.pco.ev is None


def test_the_profile_without_a_bench_ships() -> None:
    """A name that is listed can be given to `--dut`."""
    assert "simulator_no_bench" in builtin_profiles()


@pytest.mark.parametrize("number", [1, 2])
def test_basic_authentication_needs_a_password(tmp_path: Path, number: int) -> None:
    """Profiles 1 and 2 identify the charger by its password, so one must be given."""
    _, shipped = load_profile("simulator_no_bench")
    mine = tmp_path / "mine.yaml"
    mine.write_text(shipped.read_text().replace("security_profile: 0", f"security_profile: {number}"))
    with pytest.raises(CatalogueError, match="needs a password"):
        load_profile(str(mine))
