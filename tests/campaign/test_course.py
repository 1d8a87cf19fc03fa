"""Cases one by one: a function once for each of its conditions, and how each ends."""

from __future__ import annotations

import asyncio
import signal
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.bench import BenchError
from harness.campaign import Campaign, _course
from harness.hands import Ports, Stand
from harness.judge import Conditions
from harness.plan import PlannedCase
from harness.profile import load_profile
from harness.trace import Recorder
from requirement_catalog import Needs


def planned(version: str = "", csms: bool = False, before: tuple[str, ...] = ()) -> PlannedCase:
    """A case of one function under these conditions."""
    return PlannedCase(
        id=f"a::case@{version}",
        title="A case.",
        function="a::case",
        purposes=("OCPP-K01.P001",),
        conditions=Conditions(version=version),
        needs=Needs(csms=csms),
        before=before,
        estimate_s=1.0,
        worst_s=5.0,
        run=True,
    )


class Running:
    """A campaign without any port open."""

    def __init__(self, folder: Path) -> None:
        profile, path = load_profile("emulated")
        self.recorder = Recorder(folder / "trace.jsonl")
        plan: Any = SimpleNamespace(limits={}, purposes=())
        self.said: list[str] = []
        self.campaign = Campaign(plan, Ports(self.recorder, profile, path.parent, folder), say=self.said.append)

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of events of this kind."""
        return [e.data for e in self.recorder.events if e.kind == kind]


@pytest.fixture
def running(tmp_path: Path) -> Any:
    """One, closed afterwards."""
    made = Running(tmp_path)
    yield made
    made.campaign.loop.close()


async def nothing(_: Stand) -> None:
    """A case that does nothing."""


def test_a_function_runs_under_each_of_its_conditions(running: Running) -> None:
    """The same coroutine; id and conditions stand in the trace, and the stand tells them."""
    told: list[str] = []

    async def body(stand: Stand) -> None:
        told.append(stand.conditions.version)

    for version in ("2.1", "2.0.1"):
        running.campaign.run_case(planned(version), body)
    assert told == ["2.1", "2.0.1"]
    started = running.of("case.started")
    assert [e["conditions"]["version"] for e in started] == ["2.1", "2.0.1"]
    assert started[0]["purposes"] == ["OCPP-K01.P001"] and started[0]["function"] == "a::case"
    assert {e.case for e in running.recorder.events} == {"a::case@2.1", "a::case@2.0.1"}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (TimeoutError("it did not come"), "not_seen"),
        (ConnectionResetError("gone"), "not_seen"),
        (BenchError("meter", None, "unplugged"), "error"),
        (ValueError("a slip"), "error"),
        (RecursionError("too deep"), "error"),
        (SystemExit(2), "error"),
    ],
)
def test_whatever_a_case_raises_it_ends_and_the_next_one_runs(
    running: Running, error: BaseException, outcome: str
) -> None:
    """What the charger did not do is told apart from what went wrong on our side."""

    async def body(_: Stand) -> None:
        raise error

    running.campaign.run_case(planned("2.1"), body)
    running.campaign.run_case(planned("2.0.1"), nothing)
    assert [e["outcome"] for e in running.of("case.ended")] == [outcome, "completed"]
    assert len(running.of("harness.error")) == (outcome == "error")


def test_a_state_that_cannot_be_reached_is_no_stimulus(running: Running) -> None:
    """The case's own part never began, and the trace says so."""

    async def no_car(_: tuple[str, ...]) -> None:
        raise TimeoutError("it could not be brought to a session that charges")

    running.campaign.stand.before.reach = no_car  # type: ignore[method-assign]
    running.campaign.run_case(planned(before=("charging",)), nothing)
    (ended,) = running.of("case.ended")
    assert (ended["outcome"], ended["begun"]) == ("not_seen", False) and running.of("case.begun") == []


def test_ctrl_c_while_it_is_put_back_does_not_keep_it_from_being_put_back(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first one, at the normal end: what is owed is put back all the same, and the run counts as broken off."""
    began: list[str] = []

    async def nothing_aside(*_: Any) -> None:
        return None

    async def settle(*_: Any) -> None:
        began.append("begun")
        if len(began) == 1:
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
            await asyncio.sleep(30)

    monkeypatch.setattr(_course, "settle_earlier", nothing_aside)
    monkeypatch.setattr(_course, "set_aside", nothing_aside)
    monkeypatch.setattr(_course, "settle_own", settle)
    with pytest.raises(KeyboardInterrupt), _course._leftovers_aside(running.campaign, running.said.append):
        pass
    assert began == ["begun", "begun"]
    began.clear()
    with pytest.raises(KeyboardInterrupt), _course._leftovers_aside(running.campaign, running.said.append):
        raise KeyboardInterrupt  # a run that was broken off, and broken off again while it puts back
    assert began == ["begun"]
