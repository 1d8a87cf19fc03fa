"""The OCPP side of the emulated charging station, put together from its blocks."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from itertools import chain
from pathlib import Path
from typing import Any

from harness.emulator._ports import PlantEvent, PlantPort, PowerLimits
from harness.emulator.factory import make_factory
from harness.emulator.ocpp._config import StationConfig
from harness.emulator.ocpp._dispatch import routes_of
from harness.emulator.ocpp._evse import evses_of
from harness.emulator.ocpp._power import Power
from harness.emulator.ocpp._storage import Storage
from harness.emulator.ocpp._times import Clock, StationTime, text_of
from harness.emulator.ocpp.line._connection import Connection
from harness.emulator.ocpp.line._network import Network
from harness.emulator.ocpp.line._outbox import Outbox
from harness.emulator.ocpp.line._rpc import CallFailed, Handler, Offline, Refuse
from harness.emulator.ocpp.management._customers import Customers
from harness.emulator.ocpp.management._firmware import Firmware
from harness.emulator.ocpp.management._logs import Logs
from harness.emulator.ocpp.management._monitoring import Monitoring
from harness.emulator.ocpp.provisioning._hardware import hardware
from harness.emulator.ocpp.provisioning._model import DeviceModel, Json
from harness.emulator.ocpp.provisioning._provisioning import Provisioning
from harness.emulator.ocpp.provisioning._reports import Reports
from harness.emulator.ocpp.provisioning._variables import controllers
from harness.emulator.ocpp.security._certificates import Certificates
from harness.emulator.ocpp.security._renewal import Renewal
from harness.emulator.ocpp.security._security import Security
from harness.emulator.ocpp.smart_charging._der import DerControls
from harness.emulator.ocpp.smart_charging._schedule_reports import ScheduleReports
from harness.emulator.ocpp.smart_charging._smart_charging import SmartCharging
from harness.emulator.ocpp.smart_charging._v2x import V2x
from harness.emulator.ocpp.transactions._authorization import Authorization
from harness.emulator.ocpp.transactions._metering import Metering
from harness.emulator.ocpp.transactions._remote import Remote
from harness.emulator.ocpp.transactions._reservations import Reservations
from harness.emulator.ocpp.transactions._status import Status
from harness.emulator.ocpp.transactions._transaction_events import TransactionEvents
from harness.emulator.ocpp.transactions._transactions import Transactions

log = logging.getLogger(__name__)


class OcppClient:
    """A charging station's OCPP 2.0.1 and 2.1 client.

    Every block is a small object held by name (`client.transactions`, `client.smart_charging` …) that lives through
    reboots, so one method of one block can be replaced to make a charger with one defect. `run()` never returns by
    itself; cancel it to switch the station off. `further` are the plants of EVSE 2 and more: `client.evses[2]` holds
    that EVSE's blocks under the same names, those of EVSE 1 are the client's own.
    """

    evse = 1  # whose blocks these are

    def __init__(
        self, config: StationConfig, plant: PlantPort, clock: Clock, state_dir: Path, further: Sequence[PlantPort] = ()
    ) -> None:
        self.config = config
        self.plant = plant
        self.time = StationTime(clock)
        self.storage = Storage(state_dir / "station")
        self.model = self._device_model(1 + len(further))
        self.connection = Connection(self)
        self.outbox = Outbox(self)
        self.security = Security(self)
        self.certificates = Certificates(self)
        self.network_profiles = Network(self)
        self.provisioning = Provisioning(self)
        self.reports = Reports(self)
        self.monitoring = Monitoring(self)
        self.authorization = Authorization(self)
        self.reservations = Reservations(self)
        self.status = Status(self)
        self.metering = Metering(self)
        self.transactions = Transactions(self)
        self.transaction_events = TransactionEvents(self)
        self.remote = Remote(self)
        self.der = DerControls(self)
        self.smart_charging = SmartCharging(self)
        self.schedule_reports = ScheduleReports(self)
        self.v2x = V2x(self)
        self.firmware = Firmware(self)
        self.renewal = Renewal(self)
        self.logs = Logs(self)
        self.customers = Customers(self)
        self._routes = routes_of(vars(self))
        self.evses = evses_of(self, further)
        self._group: asyncio.TaskGroup | None = None
        self._reboot_for: asyncio.Future[str] | None = None
        self.power = Power(self, self.reboot)
        found = self.model.find("ChargingStation", "FirmwareVersion")
        if found is not None:
            found.read = lambda: self.firmware.version
        self.factory = self._from_the_factory(state_dir)
        plant.subscribe(self.on_plant)

    # --- EnergyPort ------------------------------------------------------------------------------------------------

    @property
    def limits(self) -> PowerLimits:
        """The limits now in force."""
        return self.smart_charging.limits

    @property
    def transaction_id(self) -> str | None:
        """The transaction that runs at EVSE 1, if any."""
        return self.transactions.current.id if self.transactions.current is not None else None

    @property
    def on(self) -> bool:
        """Whether the station is switched on."""
        return self._group is not None

    def set_external_limit(self, charge_w: float | None, discharge_w: float | None = None) -> None:
        """A limit from the local energy management system's port; both None clears it."""
        self.smart_charging.external.set(charge_w, discharge_w)

    def car_session(self, event: str, data: dict[str, object]) -> None:
        """ISO 15118 news from the SECC."""
        self.v2x.car_session(event, dict(data))

    # --- life ------------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Be switched on: boot, connect, serve, reboot when asked to; until cancelled."""
        while True:
            reason = await self._life()
            log.info("rebooting: %s", reason)
            await asyncio.sleep(self.config.reboot_s)
            self.provisioning.boot_reason = reason
            self.provisioning.status = ""
            await self.power.back()
            for evse in self.evses.values():
                evse.smart_charging.reboot()
                evse.status.forget()
            self.status.firmware_pending = False

    async def _life(self) -> str:
        """From power-on to the next reboot; returns why it rebooted."""
        self._reboot_for = asyncio.get_running_loop().create_future()
        tasks: list[asyncio.Task[None]] = []
        async with asyncio.TaskGroup() as group:
            self._group = group
            blocks = (
                self.connection.run,
                self.outbox.run,
                self.provisioning.heartbeats,
                self.der.run,
                self.monitoring.run,
                self.reservations.run,
                *chain.from_iterable(
                    (evse.transactions.run, evse.metering.run_aligned, evse.smart_charging.run)
                    for evse in self.evses.values()
                ),
            )
            self.evses.refresh()
            tasks = [group.create_task(block(), name=block.__qualname__) for block in blocks]
            try:
                return await self._reboot_for
            finally:
                for evse in self.evses.values():
                    evse.plant.enable(False)
                with contextlib.suppress(Exception):
                    await self.connection.close()
                await _stop([*tasks, *self._side_tasks])
                self._group = None

    def reboot(self, reason: str) -> None:
        """Restart the station; `reason` is the BootReasonEnumType of the boot that follows."""
        if self._reboot_for is not None and not self._reboot_for.done():
            self._reboot_for.set_result(reason)

    def on_plant(self, event: PlantEvent) -> None:
        """The plant reports: transactions first, so that the status that follows fits them."""
        if self._group is None:
            return
        self.status.on_plant(event)
        self.transactions.on_plant(event)
        if event.what == "unplugged":
            self.v2x.car_session("stopped", {})
        self.status.changed()

    async def present_token(self, token: str, kind: str = "ISO14443") -> str:
        """A driver's card at the reader; returns the authorisation status."""
        info = await self.transactions.present({"idToken": token, "type": kind})
        return str(info["status"])

    # --- messages --------------------------------------------------------------------------------------------------

    async def call(self, action: str, payload: Json, *, triggered: bool = False) -> Json:
        """Send a CALL and return the answer.

        Before the CSMS accepted the station only what it asked for itself may be sent (`triggered`; B02.FR.02).
        Raises Offline or CallFailed.
        """
        rpc = self.connection.rpc
        if rpc is None or not (triggered or self.provisioning.status == "Accepted"):
            raise Offline(action)
        return await rpc.call(action, payload, self.network_profiles.active().message_timeout_s)

    def find_handler(self, action: str) -> Handler | None:
        """What answers an action, looked up at each call so that a replaced method counts."""
        if self.provisioning.status == "Rejected":
            raise Refuse("SecurityError", "the CSMS has rejected this station")
        if action not in self._routes:
            return None
        block, method = self._routes[action]
        handler: Handler = getattr(block, method)
        return handler

    def later(self, work: Callable[[], Awaitable[None] | None]) -> None:
        """Do something once the answer that caused it is on the wire."""

        async def do() -> None:
            result = work()
            if inspect.isawaitable(result):
                await result

        self.spawn(do(), "after an answer")

    def spawn(self, work: Coroutine[Any, Any, None], name: str) -> asyncio.Task[None]:
        """Run something beside the rest; it ends with this life of the station."""
        if self._group is None:
            work.close()
            raise RuntimeError(f"the station is off; cannot start {name!r}")
        task = self._group.create_task(self._guarded(work, name), name=name)
        self._side_tasks.add(task)
        task.add_done_callback(self._side_tasks.discard)
        return task

    async def _guarded(self, work: Coroutine[Any, Any, None], name: str) -> None:
        try:
            await work
        except (Offline, CallFailed) as failure:
            log.info("%s: %r", name, failure)
        except Exception:
            log.exception("%s failed", name)

    # --- small services --------------------------------------------------------------------------------------------

    def text_of(self, instant: float) -> str:
        """An instant as OCPP writes it."""
        return text_of(instant)

    def persist_variables(self) -> None:
        """Keep what the backend configured through a reboot."""
        writable = (v for v in self.model if v.mutability != "ReadOnly" and v.persistent)
        now = {"/".join(map(str, v.key)): v.value for v in writable}
        kept = self.storage.load("variables", {}) | {k: v for k, v in now.items() if v != self._starting.get(k, v)}
        self.storage.save("variables", {k: now.get(k, v) for k, v in kept.items()})

    def _device_model(self, evses: int) -> DeviceModel:
        model = DeviceModel()
        model.add([*controllers(self.config), *hardware(self.plant.ratings, self.config, evses)])
        for path, value in self.config.variables.items():
            component, name, *instance = path.split(".", 2)
            try:
                model.put(component, name, value, instance[0] if instance else "")
            except KeyError:
                raise ValueError(
                    f"variables: this station has no {path!r}; write Component.Variable or add .Instance"
                ) from None
        self._starting = {"/".join(map(str, v.key)): v.value for v in model}
        stored = self.storage.load("variables", {})
        for each in model:
            each.value = stored.get("/".join(map(str, each.key)), each.value)
        clock = model.find("ClockCtrlr", "DateTime")
        if clock is not None:
            clock.read = self.time.text
        self._side_tasks: set[asyncio.Task[None]] = set()
        return model

    def _from_the_factory(self, state_dir: Path) -> Path:
        """The vendor's folder; its root, its revocation list and a first client certificate are in the station."""
        folder = state_dir / "factory"
        made = make_factory(folder, self.plant.ratings)
        self.certificates.leave_factory(made)
        return folder

    def notice_plugged_car(self) -> None:
        """The CSMS accepted this boot: a car that stood there already counts now."""
        for evse in self.evses.values():
            connector = evse.plant.plugged_connector
            if connector is not None and evse.transactions.current is None:
                evse.transactions.plugged(connector)


async def _stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    """Cancel, and once more what did not hear it: `wait_for` drops a cancellation that meets what it waits for."""
    while left := [task for task in tasks if not task.done()]:
        for task in left:
            task.cancel()
        await asyncio.wait(left, timeout=0.1)
