"""The charger as a case reaches it: connected, and in the version of OCPP that the case is about."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from harness.csms import Station, Transaction
from harness.hands._ports import Ports
from harness.hands._running import DutAbsent, Running
from harness.profile import Pixit


class NeverOffered(TimeoutError):
    """The charger does not offer the case's version of OCPP, and nobody declares that it could."""


class Reach:
    """The way to the charging station under test; as `evse`, where that is not the EVSE under test."""

    def __init__(self, ports: Ports, running: Running, evse: int = 0) -> None:
        self._ports, self._evse = ports, evse
        self._running = running
        self.hurry: Callable[[], Awaitable[None]] | None = None  # asks the charger to come back quickly

    @property
    def pixit(self) -> Pixit:
        """The values that the profile gives for this run."""
        return self._ports.pixit

    @property
    def evse_id(self) -> int:
        """The EVSE under test."""
        return self._evse or self._running.conditions.evse or self._ports.profile.pixit.evse_id

    @property
    def known(self) -> Station | None:
        """The station, connected or not; None before it ever came."""
        csms = self._ports.open_csms
        return csms.stations.get(self.pixit.identity) if csms is not None else None

    @property
    def station(self) -> Station:
        """The station as it was last heard of. Raises DutAbsent when it never came."""
        if self.known is None:
            raise DutAbsent(f"{self.pixit.identity} never connected")
        return self.known

    @property
    def transaction(self) -> Transaction | None:
        """The newest transaction that runs at the EVSE under test; None when there is none, or no station."""
        return self.known.transactions.current(self.evse_id) if self.known is not None else None

    async def connected(self, within_s: float | None = None) -> Station:
        """The station, connected and booted, in the running case's version of OCPP. Raises DutAbsent, NeverOffered."""
        version = self._running.conditions.version
        self._offers(version)
        await self.speak(f"ocpp{version}" if version else None)
        return await self.until_connected(within_s)

    async def until_connected(self, within_s: float | None = None) -> Station:
        """The same in whatever version it speaks now."""
        identity, bound_s = self.pixit.identity, within_s or self.pixit.reconnect_s
        try:
            with self._ports.recorder.waiting(f"{identity} is connected", "dut", bound_s):
                return await self._ports.csms.station(identity, within_s=bound_s)
        except TimeoutError as error:
            raise DutAbsent(f"{identity} was not connected within {bound_s:g} s: {error}") from error

    def _offers(self, version: str) -> None:
        """OCPP-J part 4, 3.3: a client names all that it speaks, so what it never names is not waited for.

        One that is declared to speak it is given the chance: it may name one version after the other.
        """
        if not version or self._ports.profile.declared_to_speak(version) != "undeclared":
            return
        came = [e for e in self._ports.recorder.events if e.kind == "ocpp.connection" and e.who == "dut"]
        named = dict.fromkeys(str(each) for e in came for each in e.data.get("offered") or ())
        if named and f"ocpp{version}" not in named:
            told = f"it has offered {', '.join(named)} and never ocpp{version}"
            raise NeverOffered(f"{told}; say in the profile's pics whether it speaks OCPP {version}, yes or no")

    async def speak(self, version: str | None) -> None:
        """Let the charger connect again when a case is about another version of OCPP than the one it speaks now."""
        csms, station, pco = self._ports.csms, self.known, self._ports.profile.pco.csms
        if version is None:  # any will do: one that does not know the last case's may come in again
            if (station is None or not station.connected) and pco is not None:
                csms.versions = pco.versions
            return
        if csms.versions == (version,):
            return
        csms.versions = (version,)
        if station is not None and station.connected and station.version != version:
            if self.hurry is not None:
                await self.hurry()
            await csms.disconnect(self.pixit.identity, f"please speak {version}")
