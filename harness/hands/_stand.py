"""The one thing that a test case holds: every side of the charger at once, and the words to say what happens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import msgspec

from harness.bench import Bench
from harness.csms import Csms, Station, Transaction
from harness.hands._before import Before
from harness.hands._car import Car, Neighbour
from harness.hands._claims import Claims
from harness.hands._firmware import FirmwareOffer
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._renewal import Renewal
from harness.hands._running import Running
from harness.hands._settings import Settings
from harness.hands._steps import Steps
from harness.hands._waits import Waits
from harness.judge import Conditions, ResolvedLimit
from harness.operator import Operator
from harness.plan import PlannedCase
from harness.profile import Pixit
from harness.trace import Event


class Stand(Waits):
    """What a case holds. Made once a campaign; `begin` and `restore` are the runner's."""

    def __init__(
        self,
        ports: Ports,
        limits: Mapping[str, Mapping[str, ResolvedLimit]],
        judges: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.ports = ports
        self.running = Running(limits, judges)
        self.reach = Reach(ports, self.running)
        super().__init__(ports, self.reach, self.running)
        self.car = Car(ports, self.reach, self.running, self)
        self.settings = Settings(ports, self.reach, self.running)
        self.renewal = Renewal(ports, self.reach, self)
        self.step = Steps(ports.recorder)
        self.claim = Claims(ports.recorder, self.running, ports.station)
        self.before = Before(ports, self.reach, self.car)
        self._firmware: FirmwareOffer | None = None

    # -- points of control and observation ---------------------------------------------------------------------------

    @property
    def station(self) -> Station:
        """The charging station as our backend sees it: OCPP's operations, and waits for what it says."""
        return self.reach.station

    @property
    def csms(self) -> Csms:
        """Our backend role itself: misbehaviour, network loss, files."""
        return self.ports.csms

    @property
    def bench(self) -> Bench:
        """The instruments by role."""
        return self.ports.bench

    @property
    def operator(self) -> Operator:
        """The person at the charger."""
        return self.ports.operator

    @property
    def firmware(self) -> FirmwareOffer:
        """The vendor's newer firmware, offered right, altered, or signed by a stranger."""
        if self._firmware is None:
            self._firmware = FirmwareOffer(self.ports, self.reach, self.running, self.settings, self)
        return self._firmware

    # -- what the run is about ---------------------------------------------------------------------------------------

    @property
    def pixit(self) -> Pixit:
        """The values that the profile gives for this run, with the EVSE under test."""
        return msgspec.structs.replace(self.reach.pixit, evse_id=self.reach.evse_id)

    @property
    def conditions(self) -> Conditions:
        """Version, EVSE, service and direction of this run."""
        return self.running.conditions

    @property
    def service(self) -> str:
        """The ISO 15118-20 service of this run with its control mode ("DC_BPT/Dynamic"); empty when it has none."""
        return self.running.conditions.service

    @property
    def session(self) -> Transaction:
        """The newest transaction told of at the EVSE under test (`.id`). Raises ValueError when there is none."""
        running = self.reach.transaction
        if running is None:
            raise ValueError("the charger has told of no transaction that runs")
        return running

    def limit_s(self, role: str) -> float:
        """The seconds of a limit's role ("reconnect"), for waits. KeyError names the roles there are."""
        return self.running.limit(role)

    def limit_px(self, role: str) -> float:
        """The pixels of a limit's role ("photo"). KeyError names the roles there are."""
        return self.running.limit(role)

    def neighbour(self) -> Neighbour:
        """Another EVSE than the one under test, with its own car. Raises ValueError for a station that has one EVSE."""
        others = [evse for evse in self.pixit.evses if evse != self.pixit.evse_id]
        if not others:
            raise ValueError("the profile names no other EVSE (pixit.evses)")
        return Neighbour(self.ports, self.running, self, others[0])

    # -- waits -------------------------------------------------------------------------------------------------------

    async def connected(self, within_s: float | None = None) -> Station:
        """The station once it is connected and has booted, in this run's version of OCPP. Raises DutAbsent."""
        return await self.reach.connected(within_s)

    def mark(self) -> Event:
        """The newest event: what comes after it is "from here on"."""
        return self.step.mark()

    # -- the runner's ------------------------------------------------------------------------------------------------

    def begin(self, case: PlannedCase | None, serves: tuple[str, ...] = ()) -> None:
        """From here on the hands work for this case; None: for no case."""
        self.running.case, self.running.serves = case, serves
        self.ports.evse = self.running.conditions.evse
        csms = self.ports.open_csms
        if csms is not None and csms.config.evse_id != self.reach.evse_id:
            csms.config = replace(csms.config, evse_id=self.reach.evse_id)

    async def restore(self) -> None:
        """Leave the charger free, unlimited and reachable, and the bench as it was. Raises what kept it from that."""
        try:
            if self.ports.open_csms is not None:
                await self.reach.speak(None)  # what is owed is put back in whatever version it comes again
            await self.running.undo()
            if self.ports.has_instrument("pilot"):
                await self.car.leave()
        finally:
            await self.let_go()
        if self.ports.open_csms is None:
            return
        await self.reach.speak(None)
        await self.reach.until_connected()
        if self.ports.profile.declared("smart_charging") != "no":
            await self.before.lift_our_limits()

    async def let_go(self) -> None:
        """Bring the bench alone back to normal: the charger is not there to be asked, and what is owed to it stays."""
        if self.ports.open_bench is not None:
            await self.ports.open_bench.restore()
