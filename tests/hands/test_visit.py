"""A visit takes the car up to a named step and no further, and leaves like a car that has gone away."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from ev_emulator import Refused
from harness.hands._visit import STEPS, Visit


class Car:
    """Notes the steps that it is asked for; one of them may be refused."""

    def __init__(self, done: list[str], refuses: str = "") -> None:
        self.done, self.refuses = done, refuses

    def __getattr__(self, name: str) -> Any:
        async def step(*_: Any, **how: Any) -> dict[str, str]:
            self.done.append(name)
            if "after_send" in how:
                await how["after_send"]()
            return {"ResponseCode": "FAILED" if name == self.refuses else "OK"}

        return step


class World:
    """Ports and cable of a visit, all of which note what they are asked for."""

    def __init__(self, refuses: str = "") -> None:
        self.done: list[str] = []

        def note(name: str) -> Any:
            async def noted(*_: Any) -> None:
                self.done.append(name)

            return noted

        async def car(*_: Any) -> Car:
            return Car(self.done, refuses)

        vehicle = SimpleNamespace(battery=SimpleNamespace(soc_pct=50))
        pilot = SimpleNamespace(ready=note("pilot C"), not_ready=note("pilot B"), soc=note("soc"))
        self.ports: Any = SimpleNamespace(
            pixit=SimpleNamespace(ac_connector=1, dc_connector=2),
            bench=SimpleNamespace(pilot=pilot),
            v2g=SimpleNamespace(vehicles={"AC": vehicle, "DC": vehicle}, car=car),
        )
        self.cable: Any = SimpleNamespace(plug_in=note("plug in"), authorise=note("authorised"))

    def visit(self, up_to: str, service: str = "DC_BPT") -> Visit:
        """A visit up to this step."""
        return Visit(self.ports, self.cable, up_to, service, "Dynamic")

    def made(self, up_to: str, service: str = "DC_BPT") -> list[str]:
        """What a visit does from beginning to end; "mine" is where the case has the car."""

        async def run() -> None:
            async with self.visit(up_to, service):
                self.done.append("mine")

        asyncio.run(run())
        return self.done


def test_it_goes_up_to_the_named_step_and_no_further() -> None:
    """What comes next is the case's; the connection is closed afterwards, without a goodbye."""
    done = World().made("service_detail")
    assert done[:3] == ["soc", "plug in", "authorised"]
    assert done[-3:] == ["service_detail", "mine", "close"] and "service_selection" not in done


def test_a_car_that_asked_for_energy_takes_its_pilot_back() -> None:
    """In DC before the cable check, in AC once the request for power is out."""
    dc = World().made("charge_loop")
    assert dc.index("pilot C") < dc.index("cable_check") and dc[-3:] == ["mine", "pilot B", "close"]
    ac = World().made("power_delivery", "AC_BPT")
    assert ac[-5:] == ["power_delivery", "pilot C", "mine", "pilot B", "close"] and "pre_charge" not in ac


def test_a_charger_that_does_not_come_along_ends_it() -> None:
    """The charger is told of by its answer, and no step is tried after it."""
    world = World(refuses="authorize")
    with pytest.raises(Refused, match="answered authorize with FAILED"):
        world.made("charge_loop")
    assert world.done[-2:] == ["authorize", "close"]


@pytest.mark.parametrize(("up_to", "service"), [("sesion_setup", "DC_BPT"), ("pre_charge", "AC_BPT")])
def test_a_step_that_there_is_not_is_named_with_those_there_are(up_to: str, service: str) -> None:
    """A slip of the pen, and what only DC knows."""
    with pytest.raises(ValueError, match="its steps are discover, connect"):
        World().visit(up_to, service)


def test_every_step_is_one_of_the_car_s() -> None:
    """So that whoever knows the car's steps knows the names."""
    from ev_emulator import Evcc

    assert all(hasattr(Evcc, name) for name in STEPS)
