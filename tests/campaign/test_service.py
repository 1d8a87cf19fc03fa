"""Which bidirectional service a case asks for when either will do."""

from __future__ import annotations

import msgspec
import pytest

from harness.hands._session import bidirectional_service
from harness.profile import Profile, load_profile


def _profile(*current: str, dc_bpt: str = "undeclared") -> Profile:
    profile, _ = load_profile("emulated")
    return msgspec.structs.replace(
        profile,
        product=msgspec.structs.replace(profile.product, current=current),
        pics={**profile.pics, "dc_bpt": dc_bpt},
    )


@pytest.mark.parametrize(
    ("profile", "service"),
    [
        (_profile("AC", "DC"), "DC_BPT"),
        (_profile("DC", dc_bpt="no"), "DC_BPT"),
        (_profile("AC"), "AC_BPT"),
        (_profile("AC", "DC", dc_bpt="no"), "AC_BPT"),
    ],
)
def test_the_service_fits_the_product(profile: Profile, service: str) -> None:
    """An AC-only bidirectional charger is steered in an AC session; what D5.4 asks for names neither."""
    assert bidirectional_service(profile) == service
