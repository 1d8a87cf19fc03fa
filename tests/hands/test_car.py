"""How a car comes to a charger that takes a start before the cable, after it, or not at all."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.hands._car import Car

PIXIT = SimpleNamespace(authorise="remote", id_token="T", id_token_type="eMAID", ac_connector=1)


def car_at(answers: list[str], running: Any = None) -> tuple[Car, list[str]]:
    """A car at a charger that gives these answers to remote starts, and what happens there."""
    done: list[str] = []

    def note(name: str) -> Any:
        async def noted(*_: Any, **__: Any) -> None:
            done.append(name)

        return noted

    async def start(id_token: str, evse_id: int, *, token_type: str) -> Any:
        assert token_type == "eMAID"
        done.append("start")
        return SimpleNamespace(status=answers.pop(0))

    async def stop(transaction_id: str) -> None:
        done.append(f"stop {transaction_id}")
        reach.transaction = None

    pilot = SimpleNamespace(
        plug_in=note("plug in"), unplug=note("unplug"), not_ready=note("not ready"), ready=note("ready")
    )
    ports = SimpleNamespace(
        bench=SimpleNamespace(pilot=pilot), recorder=SimpleNamespace(waiting=lambda *_: contextlib.nullcontext())
    )
    station = SimpleNamespace(request_start_transaction=start, request_stop_transaction=stop, connected=True)

    async def connected() -> Any:
        return station

    reach = SimpleNamespace(pixit=PIXIT, evse_id=1, connected=connected, transaction=running, known=station)
    return Car(cast("Any", ports), cast("Any", reach), cast("Any", None), cast("Any", None)), done


def told(state: str, *triggers: str) -> Any:
    return SimpleNamespace(id="7", state=state, triggers=list(triggers))


@pytest.mark.parametrize(
    ("answers", "running", "then"),
    [
        (["Accepted"], None, []),
        (["Rejected", "Accepted"], None, ["not ready", "unplug", "start", "plug in"]),
        (["Rejected", "Accepted"], told("EVConnected", "CablePluggedIn"), ["not ready", "unplug", "start", "plug in"]),
        (["Rejected"], told("Charging", "CablePluggedIn", "Authorized"), []),  # it runs already, free for everyone
    ],
)
def test_a_start_that_is_refused_with_the_plug_in_comes_before_it(
    answers: list[str], running: Any, then: list[str]
) -> None:
    """F02: once more without the plug, and then the plug; not where somebody charges already."""
    car, done = car_at(answers, running)

    async def run() -> None:
        await car.plug_in()
        await car.authorise()

    asyncio.run(run())
    assert done == ["plug in", "start", *then]


def test_the_plug_stays_in_a_line_that_is_at_fault() -> None:
    """A charger may refuse a start because of the fault; to take the plug out would mend what the case looks at."""
    car, done = car_at(["Rejected", "Rejected"])

    async def run() -> None:
        await car.plug_in()
        await car.authorise_as_it_is()

    asyncio.run(run())
    assert done == ["plug in", "start"]


@pytest.mark.parametrize(
    ("running", "answers", "then"),
    [
        (told("Charging", "CablePluggedIn", "Authorized"), ["Rejected", "Accepted"], ["stop 7", "start"]),
        (told("EVConnected", "CablePluggedIn"), ["Rejected"], []),  # nobody's session: it should have taken the start
        (None, ["Rejected"], []),
    ],
)
def test_a_session_that_a_free_charger_began_by_itself_ends_before_another_starts(
    running: Any, answers: list[str], then: list[str]
) -> None:
    """F01.FR.24: with one running it has to refuse, so that its refusal says nothing of the start that is meant."""
    car, done = car_at(answers, running)

    async def run() -> str:
        await car.plug_in()
        return str((await car.start_again(after_its_own=True)).status)

    last = answers[-1]
    assert asyncio.run(run()) == last
    assert done == ["plug in", "not ready", "start", *then, "ready"]
