"""When the harness gives a case up: never before the contract's own times are over."""

from __future__ import annotations

import asyncio

import pytest

from harness.campaign._campaign import _bounded, last_resort_s
from requirement_catalog import load_catalogue, load_tender, resolve_limits
from tests.judges._trace import limit


def test_a_slow_charger_has_the_contract_s_time() -> None:
    """The default tender gives 15 minutes to install firmware, and two minutes three times over in SC-06."""
    limits = resolve_limits(load_catalogue(), load_tender(load_catalogue(), None))
    bound_s = last_resort_s(4.0, {name: limit(name, each.value, each.unit) for name, each in limits.items()})
    assert bound_s > limits["firmware.install_time"].value + limits["firmware.refusal_time"].value
    assert bound_s > 3 * limits["security.reconnect_time"].value + limits["security.event_time"].value


def test_windows_of_days_are_no_patience() -> None:
    """Only times in seconds are waited for in a case; a window of 30 days is for logs."""
    assert last_resort_s(10.0, {"w": limit("w", 30, "day"), "s": limit("s", 5)}) == 90 + 50 + 20


def test_there_is_always_an_end() -> None:
    """Without any limit a case still ends."""
    assert last_resort_s(2.0, {}) == 100


def test_only_the_case_s_own_bound_is_called_the_case_s_end() -> None:
    """A wait inside the case that ran out keeps its own words, or has none; the bound says how long the case had."""

    async def gives_up() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError, match=r"^$"):
        asyncio.run(_bounded(gives_up(), 5.0))
    with pytest.raises(TimeoutError, match=r"did not end within 0\.01 s"):
        asyncio.run(_bounded(asyncio.sleep(5.0), 0.01))
