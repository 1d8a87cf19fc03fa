"""A charger whose outlets differ: what one of them has not is not applicable there, or owed; it is never forgotten."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from harness.plan import Plan
from harness.profile import EvseKind, Profile
from requirement_catalog import AppliesWhen, Conformance, Depth, Feature, Needs
from tests.plan._small import CAR, CATALOGUE, TENDER, change, made, profile, purpose, runs

OPEN_AT_AC = ("iso15118_20", "iso15118_2")
FEATURES = (
    *(f for f in CATALOGUE.features if f.name != "dc_bpt"),
    Feature(name="mode_3", meaning="m", only_at=("AC",)),
    Feature(name="dc_bpt", meaning="m", only_at=("DC",)),
    Feature(name="din_70121", meaning="m", only_at=("DC",)),
    *(Feature(name=n, meaning=n, optional_at=("AC",), optional_by="61851") for n in OPEN_AT_AC),
)
TALKS = Needs(car="iso15118", bench=("pilot", "meter"))
BPT = purpose("I20-V2G.P001", services=("DC_BPT/Dynamic", "AC_BPT/Dynamic"), applies="iso15118_20", needs=TALKS)
ALONE = purpose("OCPP-K01.P002", needs=CAR)
SOCKET = EvseKind(evse_id=0, current=("AC",), pics=dict.fromkeys(OPEN_AT_AC, False))


@pytest.fixture(autouse=True)
def features(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small catalogue with features that know of outlets."""
    monkeypatch.setattr("tests.plan._small.CATALOGUE", dataclasses.replace(CATALOGUE, features=FEATURES))


def outlets(*kinds: EvseKind | None, **product: Any) -> Profile:
    """A charger with so many EVSEs, each with its instruments; None: it has all that the product has."""
    of = profile(**product)
    numbers = tuple(range(1, len(kinds) + 1))
    bench = of.pco.bench
    more = {f"{role}@{n}": bench[role] for n in numbers[1:] for role in ("pilot", "meter", "light")}
    made: Profile = change(
        of,
        pixit=change(of.pixit, evses=numbers),
        evses=tuple(change(kind, evse_id=n) for n, kind in zip(numbers, kinds, strict=True) if kind is not None),
        pco=change(of.pco, bench={**bench, **more}),
    )
    return made


def told(plan: Plan, of: str) -> dict[tuple[int, str], str]:
    """Each run's EVSE and service with what it lacks, or "runs"."""
    return {(r.conditions.evse, r.conditions.service[:2]): "runs" if r.run else r.lacks for r in runs(plan, of)}


def test_an_ac_socket_beside_an_outlet_that_has_all() -> None:
    """DC is nothing for the socket; ISO 15118 is left open by the standard there; the pilot alone is run at both."""
    plan = made(BPT, ALONE, of=outlets(None, SOCKET), depth=Depth.THOROUGH)
    assert told(plan, BPT.id) == {(1, "DC"): "runs", (1, "AC"): "runs", (2, "AC"): "evse"}
    assert told(plan, ALONE.id) == {(1, ""): "runs", (2, ""): "runs"}
    left = next(r for r in plan.runs if r.lacks == "evse")
    assert left.reason == "EVSE 2 is declared not to support iso15118 2 and iso15118 20 (61851)"
    assert not any(r.lacks in ("pco", "owed") for r in plan.runs), "so that the whole of it can be a GO"


def test_without_a_word_of_the_supplier_the_second_evse_is_owed_everything() -> None:
    """What is undeclared lacks the bench's car there: inconclusive, never not applicable."""
    plan = made(BPT, of=outlets(None, None), depth=Depth.THOROUGH)
    assert told(plan, BPT.id) == {(1, "DC"): "runs", (1, "AC"): "runs", (2, "DC"): "pco", (2, "AC"): "pco"}


def test_what_no_standard_leaves_open_is_owed_at_every_evse() -> None:
    """No smart charging at the second socket: a fail there, whatever the first one shows; also for ISO 15118 at DC."""
    dull = EvseKind(evse_id=0, pics={"smart_charging": "no"})
    plan = made(
        purpose("OCPP-K01.P002", applies="smart_charging", needs=CAR), of=outlets(None, dull), depth=Depth.THOROUGH
    )
    assert told(plan, "OCPP-K01.P002") == {(1, ""): "runs", (2, ""): "owed"}
    assert next(r for r in plan.runs if r.lacks == "owed").move == "supplier"
    cable = EvseKind(evse_id=0, current=("DC",), pics=dict.fromkeys((*OPEN_AT_AC, "din_70121"), False))
    assert told(made(BPT, of=outlets(None, cable), depth=Depth.THOROUGH), BPT.id)[2, "DC"] == "owed"


def test_an_optional_purpose_is_not_owed() -> None:
    """The standard itself leaves the purpose open."""
    dull = EvseKind(evse_id=0, pics={"smart_charging": "no"})
    optional = purpose(needs=CAR, applies="smart_charging", conformance=Conformance.OPTIONAL)
    assert told(made(optional, of=outlets(None, dull), depth=Depth.THOROUGH), optional.id)[2, ""] == "evse"


@pytest.mark.parametrize("depth", [Depth.SHORT, Depth.ACCEPTANCE])
def test_one_evse_is_the_first_that_is_of_the_kind(depth: Depth) -> None:
    """A DC cable and an AC socket: sessions by ISO 15118 at the one, by the pilot alone at the other."""
    of = outlets(EvseKind(evse_id=0, current=("DC",)), SOCKET, bidirectional=True)
    dc = purpose("I20-V2G.P001", services=("DC_BPT/Dynamic",), applies="iso15118_20", needs=TALKS)
    pilot = purpose("CP-A.P001", applies="mode_3", needs=CAR)
    plan = made(dc, ALONE, pilot, of=of, depth=depth)
    assert told(plan, dc.id) == {(1, "DC"): "runs"}
    assert told(plan, ALONE.id) == {(2, ""): "runs"} == told(plan, pilot.id)


def test_at_a_dc_cable_what_needs_the_pilot_alone_stays_open_at_depth_thorough() -> None:
    """Nothing shows yet that the cable obeys a limit: the bench's lack, no standard's leave. Mode 3 is for AC."""
    of = outlets(EvseKind(evse_id=0, current=("DC",)), SOCKET)
    pilot = purpose("CP-A.P001", applies="mode_3", needs=CAR)
    plan = made(ALONE, pilot, of=of, depth=Depth.THOROUGH)
    assert told(plan, ALONE.id) == {(1, ""): "pco", (2, ""): "runs"}
    assert told(plan, pilot.id) == {(2, ""): "runs"}


@pytest.mark.parametrize("depth", [Depth.SHORT, Depth.ACCEPTANCE])
def test_the_one_evse_is_never_changed_for_one_that_owes_less(depth: Depth) -> None:
    """A first EVSE that owes something is not passed over for a second one that has it."""
    dull = EvseKind(evse_id=0, pics={"smart_charging": "no"})
    about = purpose(needs=CAR, applies="smart_charging")
    assert told(made(about, of=outlets(dull, None), depth=depth), about.id) == {(1, ""): "owed"}


def test_an_evse_of_a_kind_that_the_tender_does_not_buy() -> None:
    """The client's scope decides: what is bought is AC, and the DC cable is no part of it."""
    of = outlets(None, EvseKind(evse_id=0, current=("DC",)), current=("AC", "DC"))
    plan = made(ALONE, of=of, tender=change(TENDER, scope=AppliesWhen(current=("AC",))), depth=Depth.THOROUGH)
    assert told(plan, ALONE.id) == {(1, ""): "runs"}


def test_the_plan_keeps_what_was_declared_of_each_evse() -> None:
    """So that the decision can hold it against what the charger tells."""
    one, two = made(ALONE, of=outlets(None, SOCKET)).dut.evses
    assert (one.number, one.current, one.denied) == (1, (), ())
    assert (two.number, two.current, two.denied) == (2, ("AC",), ("iso15118_2", "iso15118_20"))
