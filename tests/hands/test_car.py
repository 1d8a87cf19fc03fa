"""How a car comes to a charger that takes a start before the cable, after it, or not at all."""

from __future__ import annotations

import asyncio
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

    pilot = SimpleNamespace(plug_in=note("plug in"), unplug=note("unplug"), not_ready=note("not ready"))
    ports = SimpleNamespace(bench=SimpleNamespace(pilot=pilot))

    async def connected() -> Any:
        return SimpleNamespace(request_start_transaction=start)

    reach = SimpleNamespace(pixit=PIXIT, evse_id=1, connected=connected, transaction=running)
    return Car(cast("Any", ports), cast("Any", reach), cast("Any", None), cast("Any", None)), done


def told(state: str, *triggers: str) -> Any:
    return SimpleNamespace(state=state, triggers=list(triggers))


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
