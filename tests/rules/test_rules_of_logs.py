"""Rules that blind edits of logs asked for: what the text allows beside them, and nobody is accused of."""

from __future__ import annotations

import pytest

from tests.rules._of_logs import SPARED, Steps
from tests.rules._stream import Stream


@pytest.mark.parametrize(("what", "rule", "steps"), SPARED, ids=[each[0] for each in SPARED])
def test_what_a_correct_station_may_do_is_not_held_against_it(what: str, rule: str, steps: Steps) -> None:
    """The rule is not violated, and none fails in itself."""
    s = Stream(version="ocpp2.1" if rule.startswith("R04") else "ocpp2.0.1")
    steps(s)
    found = s.of(f"OCPP-{rule}")
    assert not found.violated, (what, [place.seen for place in found.places.values()])
    assert not [t.errors for t in s.watch.tallies if t.errors]
