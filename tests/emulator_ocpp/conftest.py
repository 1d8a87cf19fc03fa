"""Each test against the emulated charger's OCPP holds `exercised.csv` to what it saw on its sockets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.emulator.ocpp._exercised import exercised
from tests.emulator_ocpp._exercised import GATHERS, begin, faults

HOW = "run `make exercised`"


@pytest.fixture(autouse=True)
def exercises(request: pytest.FixtureRequest) -> Iterator[None]:
    """After the test, for those that gather (`make exercised`): what it saw; for everybody else: whether it fits."""
    seen = begin()
    yield
    if request.config.pluginmanager.hasplugin(GATHERS):
        request.node.user_properties.append(("exercised", sorted(seen)))
        return
    stale = faults(seen, request.node.nodeid.partition("@")[0], exercised())  # xdist appends its group
    assert not stale, f"exercised.csv is stale, {HOW}: {'; '.join(stale)}"
