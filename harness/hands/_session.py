"""An ISO 15118-20 session as a case holds it: it charges by itself, and the bench's car follows."""

from __future__ import annotations

from types import TracebackType
from typing import Any, Protocol

from ev_emulator import ChargingSession
from harness.hands._ports import Ports
from harness.profile import Profile

_POWER_STEP_W = 20.0  # the bench's converter is told again when the target has moved this far


class AtTheCable(Protocol):
    """What a session needs of the car on the pilot wire."""

    async def plug_in(self, connector: int | None = None) -> None:
        """Plug it in."""

    async def authorise(self) -> None:
        """Have the charging authorised."""


def bidirectional_service(profile: Profile) -> str:
    """The bidirectional service that the product can do: "DC_BPT" where it has DC outlets, else "AC_BPT"."""
    dc = "DC" in profile.product.current and profile.declared("dc_bpt") != "no"
    return "DC_BPT" if dc or "AC" not in profile.product.current else "AC_BPT"


class HighLevelSession:
    """Plugs in, authorises, walks to the charge loop and cycles; the bench's converter carries what is asked."""

    def __init__(self, ports: Ports, car: AtTheCable, service: str, control: str, **options: Any) -> None:
        self._ports, self._car = ports, car
        if service == "BPT":
            service = bidirectional_service(ports.profile)
        self._kind = "AC" if service.startswith("AC") else "DC"
        self._service, self._control, self._options = service, control, options
        self._session: ChargingSession | None = None
        self._told_w: float | None = None

    async def __aenter__(self) -> ChargingSession:
        ports, pixit = self._ports, self._ports.pixit
        connector = pixit.ac_connector if self._kind == "AC" else pixit.dc_connector
        vehicle = ports.v2g.vehicles[self._kind]
        await ports.bench.pilot.soc(vehicle.battery.soc_pct)
        await self._car.plug_in(connector)
        await self._car.authorise()
        evcc = await ports.v2g.car(vehicle)
        self._session = ChargingSession(
            evcc, self._service, self._control, on_target=self._follow, pilot=self._pilot, **self._options
        )
        return await self._session.__aenter__()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._session is not None
        try:
            await self._session.__aexit__(kind, error, trace)
        finally:
            if self._kind == "AC":
                await self._ports.bench.pilot.power(0.0)

    async def _follow(self, power_w: float) -> float | None:
        """The bench's converter carries what the session asks; in DC the charger itself does."""
        if self._kind == "AC" and (self._told_w is None or abs(power_w - self._told_w) >= _POWER_STEP_W):
            self._told_w = power_w
            await self._ports.bench.pilot.power(power_w)
        return None

    async def _pilot(self, state: str) -> None:
        if state == "C":
            await self._ports.bench.pilot.ready()
        else:
            await self._ports.bench.pilot.not_ready()
