"""What a running campaign leaves in the trace when a case is cut in the middle of what it was going to claim."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from harness.bench import BenchError
from harness.decision import case_runs
from harness.hands import Stand
from harness.judge import claims_in
from harness.judge.ocpp import timing
from harness.trace import Trace
from tests.campaign.test_course import Running, nothing, planned


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """One, closed afterwards."""
    made = Running(tmp_path)
    yield made
    made.campaign.loop.close()
    made.recorder.close()


@asynccontextmanager
async def a_session(stand: Stand) -> AsyncIterator[None]:
    """What a case holds open, and closes whatever happens: that is our doing, not the charger's."""
    try:
        yield
    finally:
        stand.ports.recorder.record("bench.action", "harness", {"command": "the car leaves"})


def kinds(running: Running) -> list[str]:
    """The kinds of events, in order."""
    return [e.kind for e in running.recorder.events]


@pytest.mark.parametrize(
    "error", [TimeoutError("not in time"), BenchError("meter", None, "gone"), ValueError("a slip")]
)
def test_what_was_to_be_claimed_is_cut_before_anything_is_put_back(running: Running, error: Exception) -> None:
    """So that what we do then is not taken for the charger's."""

    async def body(stand: Stand) -> None:
        async with a_session(stand):
            with stand.claim.during(timing.answered, calls=[0]):
                raise error

    running.campaign.run_case(planned(), body)
    said = kinds(running)
    order = [said.index(kind) for kind in ("case.begun", "claim.intended", "claim.cut", "bench.action", "case.ended")]
    assert order == sorted(order) and "claim" not in said
    (claim,) = claims_in(Trace(running.recorder.events))
    assert claim.cut and claim.seq == said.index("claim.cut")


def test_ctrl_c_in_the_middle_of_a_claim(running: Running) -> None:
    """The window ends there; the run is one that a person broke off, and the next one is another."""

    async def body(stand: Stand) -> None:
        async with a_session(stand):
            with stand.claim.during(timing.answered, calls=[0]):
                signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
                await asyncio.sleep(30)

    with pytest.raises(KeyboardInterrupt):
        running.campaign.run_case(planned(), body)
    said = kinds(running)
    assert "claim" not in said and said.index("claim.intended") < said.index("case.broken_off")
    (claim,) = claims_in(Trace(running.recorder.events))
    ends = [n for n, kind in enumerate(said) if kind in ("claim.cut", "case.broken_off")]
    assert claim.cut and claim.seq in (min(ends), min(ends) - 1)
    running.campaign.run_case(planned(), nothing)
    first, second = case_runs(Trace(running.recorder.events))["a::case@"]
    assert (first.broken_off, first.begun, first.why) == (True, True, "a person broke the run off")
    assert (second.broken_off, second.outcome) == (False, "completed")


def test_a_case_that_comes_to_its_claim_leaves_nothing_cut(running: Running) -> None:
    """The control."""

    async def body(stand: Stand) -> None:
        async with a_session(stand):
            with stand.claim.during(timing.answered, calls=[0]):
                await asyncio.sleep(0)

    running.campaign.run_case(planned(), body)
    assert [c.cut for c in claims_in(Trace(running.recorder.events))] == [False]
    assert "claim.cut" not in kinds(running)
