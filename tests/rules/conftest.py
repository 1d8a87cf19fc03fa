"""Rules that tests make are forgotten after them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from harness.judge.rules import _registry, known_rules


@pytest.fixture(autouse=True)
def _only_the_shelf() -> Iterator[None]:
    yield
    for id in [id for id in _registry._rules if id.startswith("OCPP-X")]:
        del _registry._rules[id]
    known_rules.cache_clear()
