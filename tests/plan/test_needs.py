"""What a case may ask of the bench and the connection, and what the plan says when it is not there."""

from __future__ import annotations

import msgspec

from harness.plan._applicability import unmet_needs
from harness.profile import CsmsPco, Instrument, Profile, load_profile


def _profile(security_profile: int = 0, *roles: str) -> Profile:
    profile, _ = load_profile("simulator_no_bench")
    csms = (
        msgspec.structs.replace(profile.pco.csms, security_profile=security_profile) if profile.pco.csms else CsmsPco()
    )
    bench = {role: Instrument(driver="person") for role in roles}
    return msgspec.structs.replace(profile, pco=msgspec.structs.replace(profile.pco, csms=csms, bench=bench))


def test_hostile_backends_need_tls_and_no_more() -> None:
    """Profile 2 checks the backend's certificate as profile 3 does (A00.FR.308-311), so it is tested too."""
    needs = {"security_profile": "2"}
    assert unmet_needs(needs, _profile(2)) is None
    assert unmet_needs(needs, _profile(3)) is None
    assert "security profile 0" in str(unmet_needs(needs, _profile(0)))


def test_a_case_for_want_of_a_pilot_box_gives_way_to_the_better_one() -> None:
    """With the instrument there, the case that uses it shows more."""
    needs = {"without": "pilot"}
    assert unmet_needs(needs, _profile()) is None
    assert "another case shows more" in str(unmet_needs(needs, _profile(0, "pilot")))
