"""What the hands reach into is what stands at the EVSE under test."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from harness.bench import Bench, BenchError
from harness.emulator.altered import with_evses
from harness.hands import Ports, Running, Stand
from harness.judge import Conditions
from harness.judge.ocpp import timing
from harness.profile import EvseValues, Profile, load_profile
from harness.trace import Recorder
from tests.hands._case import SLOW, running


def stand(folder: Path) -> Stand:
    """Of a charger with two EVSEs, the second of them with other ratings, a pilot and no meter."""
    shipped, path = load_profile("emulated")
    two = msgspec.convert(with_evses(msgspec.to_builtins(shipped), 2), Profile)
    values = (EvseValues(evse_id=2, rated_current_a=16, ac_connector=3),)
    profile = msgspec.structs.replace(two, pixit=msgspec.structs.replace(two.pixit, evse_values=values))
    recorder = Recorder(folder / "trace.jsonl")
    bench = Bench({"pilot": "first", "pilot@2": "second", "meter": "only one"}, recorder)
    return Stand(Ports(recorder, profile, path.parent, folder, open_bench=bench), {})


def at(made: Stand, evse: int) -> Stand:
    """While a case runs at an EVSE."""
    case: Any = running(SLOW, conditions=Conditions(evse=evse)).case
    made.begin(case)
    return made


def test_bench_and_pixit_are_those_of_the_running_evse(tmp_path: Path) -> None:
    """At EVSE 2 its pilot and its ratings; after the case, and in one that is about none, EVSE 1's again."""
    made = stand(tmp_path)
    for evse, pilot, rated, connector in ((1, "first", 32, 1), (2, "second", 16, 3), (0, "first", 32, 1)):
        at(made, evse)
        assert (made.bench.pilot, made.pixit.rated_current_a, made.pixit.ac_connector) == (pilot, rated, connector)
        assert made.pixit.evse_id == made.reach.evse_id == (evse or 1)
    at(made, 2).begin(None)
    assert (made.bench.pilot, made.pixit.evse_id) == ("first", 1)


def test_an_instrument_that_stands_elsewhere_is_missing_here(tmp_path: Path) -> None:
    """EVSE 1's meter says nothing of EVSE 2, and the error says which one is missing."""
    made = at(stand(tmp_path), 2)
    assert made.ports.has_instrument("pilot") and not made.ports.has_instrument("meter")
    with pytest.raises(BenchError, match="meter@2"):
        _ = made.bench.meter


def test_claims_name_the_station_and_the_evse(tmp_path: Path) -> None:
    """Both stand in the claim's event, so that its judge sees what is theirs."""
    made = at(stand(tmp_path), 2)
    made.claim(timing.answered, calls=[1])
    claim = made.ports.recorder.events[-1]
    assert (claim.kind, claim.station, claim.evse) == ("claim", "EMU-0001", 2)


def test_a_backend_under_test_is_no_station() -> None:
    """Its claims are about no station."""
    shipped, path = load_profile("emulated")
    backend = msgspec.structs.replace(shipped, product=msgspec.structs.replace(shipped.product, role="backend"))
    recorder: Any = None
    assert Ports(recorder, backend, path.parent, path.parent).station is None
    assert Running({}).conditions == Conditions()


def test_captures_of_a_real_charger_lie_with_its_private_journal(tmp_path: Path) -> None:
    """They hold the same octets, so they do not go into the folder that is sealed; of an emulated one they do."""
    evidence = tmp_path / "evidence"
    evidence.mkdir()
    (tmp_path / "private").mkdir()
    ports = stand(evidence).ports
    assert ports.captures == evidence / "v2g"
    product = msgspec.structs.replace(ports.profile.product, emulated=False)
    ports.profile = msgspec.structs.replace(ports.profile, product=product)
    assert ports.captures == tmp_path / "private" / "v2g"
