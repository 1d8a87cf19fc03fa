"""A car that goes step by step: taken up to a named step, then the case sends whatever it wants."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType

from ev_emulator import Evcc, Refused, V2gError
from harness.hands._ports import Ports
from harness.hands._session import AtTheCable, bidirectional_service

_Step = Callable[["Visit", Evcc], Awaitable[object]]


async def _select(visit: Visit, car: Evcc) -> object:
    return await car.service_selection(visit.service, visit.control)


async def _cable_check(visit: Visit, car: Evcc) -> object:
    await visit.pilot("C")
    return await car.cable_check()


async def _power_delivery(visit: Visit, car: Evcc) -> object:
    if visit.dc:
        return await car.power_delivery("Start")
    return await car.power_delivery("Start", after_send=lambda: visit.pilot("C"))


# in the order of ISO 15118-20; those of DC alone are left out in AC
STEPS: dict[str, _Step] = {
    "discover": lambda _, car: car.discover(),
    "connect": lambda _, car: car.connect(),
    "negotiate": lambda visit, car: car.negotiate([f"ISO 15118-20 {visit.service[:2]}"]),
    "session_setup": lambda _, car: car.session_setup(),
    "authorization_setup": lambda _, car: car.authorization_setup(),
    "authorize": lambda _, car: car.authorize(),
    "service_discovery": lambda _, car: car.service_discovery(),
    "service_detail": lambda visit, car: car.service_detail(visit.service),
    "service_selection": _select,
    "charge_parameter_discovery": lambda _, car: car.charge_parameter_discovery(),
    "schedule_exchange": lambda _, car: car.schedule_exchange(),
    "cable_check": _cable_check,
    "pre_charge": lambda _, car: car.pre_charge(),
    "power_delivery": _power_delivery,
    "charge_loop": lambda _, car: car.charge_loop(),
}
_DC_ONLY = ("cable_check", "pre_charge")
LOOP_S = 0.2  # from one charge loop to the next; the standard wants it within 0.25 s of the answer [V2G20-1499]


class Visit:
    """`async with stand.car.visit("pre_charge") as car:` gives the car (`ev_emulator.Evcc`) with that step done.

    Entering raises ev_emulator's V2gError and its kin when the charger does not come along. Leaving closes the
    connection and takes the pilot back to state B, as a car does that has gone away; a goodbye is the case's to say.
    """

    def __init__(self, ports: Ports, cable: AtTheCable, up_to: str, service: str, control: str) -> None:
        self.service: str = bidirectional_service(ports.profile) if service == "BPT" else service
        self.control: str = control
        self._ports, self._cable, self._up_to = ports, cable, up_to
        self._car: Evcc | None = None
        self._energised = False
        if up_to not in STEPS or (not self.dc and up_to in _DC_ONLY):
            steps = ", ".join(s for s in STEPS if self.dc or s not in _DC_ONLY)
            raise ValueError(f"a {service} visit has no step {up_to!r}; its steps are {steps}")

    @property
    def dc(self) -> bool:
        """Whether the car charges by DC."""
        return self.service.startswith("DC")

    async def pilot(self, state: str) -> None:
        """Set the control pilot: "C" asks for energy, "B" does not."""
        self._energised = state == "C"
        pilot = self._ports.bench.pilot
        await (pilot.ready() if self._energised else pilot.not_ready())

    async def goes_on(self, for_s: float) -> None:
        """After pre-charge: PowerDelivery and charge loops, as of a car that notices nothing, for so long at most.

        A charger that refuses, closes or falls silent ends it sooner; what that means is for judges.
        """
        assert self._car is not None, "a visit goes on inside its `async with`"
        with contextlib.suppress(TimeoutError, V2gError):
            async with asyncio.timeout(for_s):
                _expect_good("power_delivery", await _power_delivery(self, self._car))
                while True:
                    _expect_good("charge_loop", await self._car.charge_loop())
                    await asyncio.sleep(LOOP_S)

    async def __aenter__(self) -> Evcc:
        pixit, vehicle = self._ports.pixit, self._ports.v2g.vehicles[self.service[:2]]
        await self._ports.bench.pilot.soc(vehicle.battery.soc_pct)
        await self._cable.plug_in(pixit.dc_connector if self.dc else pixit.ac_connector)
        await self._cable.authorise()
        self._car = car = await self._ports.v2g.car(vehicle)
        try:
            for name, step in STEPS.items():
                if self.dc or name not in _DC_ONLY:
                    _expect_good(name, await step(self, car))
                if name == self._up_to:
                    break
        except BaseException:
            await self._leave()
            raise
        return car

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave()

    async def _leave(self) -> None:
        try:
            if self._energised:
                await self.pilot("B")
        finally:
            if self._car is not None:
                await self._car.close()


def _expect_good(step: str, response: object) -> None:
    code = str(response.get("ResponseCode", "")) if isinstance(response, dict) else ""
    if code.startswith("FAILED"):
        raise Refused(f"the charger answered {step.replace('_', ' ')} with {code}", code)
