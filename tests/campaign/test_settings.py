"""What a case learns from the charger's settings before it asks."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from harness.hands import Running, Settings


class _Told(Settings):
    """A charger with these ModesSupported."""

    def __init__(self, declared: str, **modes: str) -> None:
        profile: Any = SimpleNamespace(declared=lambda feature: declared, pixit=SimpleNamespace(evse_id=1))
        ports: Any = SimpleNamespace(profile=profile)
        reach: Any = SimpleNamespace(evse_id=1)
        super().__init__(ports, reach, Running({}))
        self._modes = modes

    async def read(self, component: str, variable: str, *, evse_id: int | None = None) -> str | None:
        """The value of that EVSE's component."""
        return self._modes.get(component) if (variable, evse_id) == ("ModesSupported", 1) else None


@pytest.mark.parametrize(
    ("declared", "modes", "expected"),
    [
        ("undeclared", {"ACDERCtrlr": ""}, True),
        ("undeclared", {"ACDERCtrlr": "FreqDroop"}, True),
        ("undeclared", {"ACDERCtrlr": "FreqDroop", "DCDERCtrlr": "FreqDroop"}, False),
        ("undeclared", {"DCDERCtrlr": "FreqDroop"}, False),
        ("undeclared", {}, False),
        ("no", {"ACDERCtrlr": "FreqDroop"}, False),
        ("yes", {"ACDERCtrlr": "FreqDroop", "DCDERCtrlr": "FreqDroop"}, True),
    ],
)
def test_a_control_that_is_not_listed_may_be_the_car_s(declared: str, modes: dict[str, str], expected: bool) -> None:
    """2.1 Part 2, 2.19.2: what an ACDERCtrlr does not list the car may have, if there is such a service."""
    assert asyncio.run(_Told(declared, **modes).der_from_the_car()) is expected
