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


def _sold_as(profile: Profile, *current: str, bidirectional: bool = False) -> Profile:
    product = msgspec.structs.replace(profile.product, current=current, bidirectional=bidirectional)
    return msgspec.structs.replace(profile, product=product)


def test_a_case_that_charges_by_the_pilot_alone_is_not_for_dc() -> None:
    """A DC outlet charges by a high-level session (IEC 61851-23): the pilot box alone counts for AC only."""
    bench = _profile(0, "pilot", "meter")
    needs = {"bench": "meter pilot"}
    assert unmet_needs(needs, _sold_as(bench, "AC", "DC")) is None
    assert "control pilot alone" in str(unmet_needs(needs, _sold_as(bench, "DC")))
    assert "control pilot alone" not in str(unmet_needs({**needs, "ev": "iso15118"}, _sold_as(bench, "DC")))


def test_a_case_that_does_without_a_pilot_box_runs_where_the_box_cannot_charge() -> None:
    """On a DC product no better case takes its place."""
    assert unmet_needs({"without": "pilot"}, _sold_as(_profile(0, "pilot"), "DC")) is None


def test_a_case_names_the_product_it_is_for() -> None:
    """An AC session says nothing about a DC product, and a discharge nothing about one that only charges."""
    needs = {"product": "DC bidirectional"}
    assert unmet_needs(needs, _sold_as(_profile(), "DC", bidirectional=True)) is None
    assert "not for DC" in str(unmet_needs(needs, _sold_as(_profile(), "AC", bidirectional=True)))
    assert "not bidirectional" in str(unmet_needs(needs, _sold_as(_profile(), "DC")))
