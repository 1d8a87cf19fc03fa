"""When the harness gives a case up, and what it calls the end."""

from __future__ import annotations

import asyncio

import pytest

from harness.campaign._campaign import CaseBroke, _bounded


def test_only_the_case_s_own_bound_is_called_the_case_s_end() -> None:
    """A wait inside the case that ran out keeps its own words, or has none; the bound says how long the case had."""

    async def gives_up() -> None:
        raise TimeoutError

    with pytest.raises(TimeoutError, match=r"^$"):
        asyncio.run(_bounded(gives_up(), 5.0))
    with pytest.raises(TimeoutError, match=r"did not end within 0\.01 s"):
        asyncio.run(_bounded(asyncio.sleep(5.0), 0.01))


def test_a_case_that_wants_to_end_everything_ends_only_itself() -> None:
    """SystemExit, or a skip of pytest's, would end the loop that every socket lives in."""

    async def leaves() -> None:
        raise SystemExit(1)

    async def skips() -> None:
        pytest.skip("not here")

    for case in (leaves, skips):
        with pytest.raises(CaseBroke):
            asyncio.run(_bounded(case(), 5.0))
