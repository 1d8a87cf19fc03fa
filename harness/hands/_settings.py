"""Variables of the charger's device model that a case changes; put back when the case ends."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from harness.csms import Answer, Collected, NotSeen, Variable
from harness.hands._ports import Ports
from harness.hands._reach import Reach
from harness.hands._running import Running
from harness.hands._waits import HEARTBEAT_S
from harness.owed import NotTouched


@dataclass(frozen=True)
class RateUnit:
    """Writes amperes per phase in the unit that a charger takes: `at(10)` is "10 A" or "6900 W"."""

    name: str
    per_a: float

    def __call__(self, amps: float) -> str:
        """The limit as text."""
        return f"{self.number(amps):g} {self.name}"

    def number(self, amps: float) -> float:
        """The limit as a bare number."""
        return round(amps * self.per_a, 1)


class Settings:
    """`await settings.change("OCPPCommCtrlr", "OfflineThreshold", "240")`; the value before comes back by itself."""

    def __init__(self, ports: Ports, reach: Reach, running: Running) -> None:
        self._profile = ports.profile
        self._ports = ports
        self._reach = reach
        self._running = running
        reach.hurry = self.quick_reconnect

    async def read(self, component: str, variable: str, *, evse_id: int | None = None) -> str | None:
        """The variable's actual value (of an EVSE's component with `evse_id`), or None when the charger gives none."""
        station = await self._reach.connected()
        wanted = (component, variable) if evse_id is None else (component, variable, "Actual", evse_id)
        answer = await station.get_variables([wanted])
        results = answer.payload.get("getVariableResult") or [{}]
        value = results[0].get("attributeValue")
        return None if value is None else str(value)

    async def quick_reconnect(self) -> None:
        """Ask the charger to come back quickly after a loss; its own patience is not what a case is about.

        One that does not tell how patient it is keeps its patience: what could not be put back is not changed.
        """
        quick = {"RetryBackOffWaitMinimum": "1", "RetryBackOffRandomRange": "0", "RetryBackOffRepeatTimes": "0"}
        with contextlib.suppress(NotTouched):
            for variable, value in quick.items():
                await self.change("OCPPCommCtrlr", variable, value)

    async def rate_unit(self) -> RateUnit:
        """The unit this charger takes limits in: "A" or, where it knows no A, "W".

        A limit in a unit that SmartChargingCtrlr.RateUnit lacks is refused, and rightly (K01.FR.26, K08.FR.07).
        """
        pixit = self._profile.pixit
        known = [unit.strip() for unit in (await self.read("SmartChargingCtrlr", "RateUnit") or "A").split(",")]
        if "W" in known and "A" not in known:
            return RateUnit("W", pixit.nominal_v * pixit.phases)
        return RateUnit("A", 1.0)

    async def steered_in_watts(self) -> None:
        """Raises NotSeen where this charger takes no W: then nobody can tell what it does with a setpoint in them.

        A setpoint may be in amperes as well (OCPP 2.1, ChargingSchedulePeriod); our cases know it in watts alone.
        """
        told = await self.read("SmartChargingCtrlr", "RateUnit")
        if told and "W" not in [unit.strip() for unit in told.split(",")]:
            raise NotSeen(f"it takes setpoints in {told} only (SmartChargingCtrlr.RateUnit), and this is tried in W")

    async def hears_the_site(self) -> None:
        """Have the charger follow limits of the site: that is a switch, which may be off when it leaves the factory."""
        told = await self.read("SmartChargingCtrlr", "ExternalControlSignalsEnabled")
        if told is not None and told.lower() == "false":
            await self.change("SmartChargingCtrlr", "ExternalControlSignalsEnabled", "true")

    async def takes_time_from_heartbeats(self) -> None:
        """Have it ask for the time often, and by heartbeats. Raises NotSeen where these do not set its clock."""
        if not (await self.read("ClockCtrlr", "TimeSource") or "").lower().startswith("heartbeat"):
            await self.change("ClockCtrlr", "TimeSource", "Heartbeat")
            source = await self.read("ClockCtrlr", "TimeSource")
            if (source or "").lower() != "heartbeat":
                raise NotSeen(f"its clock is set by {source or 'nobody knows what'} (ClockCtrlr.TimeSource)")
        await self.change("OCPPCommCtrlr", "HeartbeatInterval", f"{HEARTBEAT_S:g}")
        self._running.on_restore(self._told_the_time)

    async def _told_the_time(self) -> None:
        """However the case ended: it has asked for the time once more before its interval is put back."""
        station = await self._reach.until_connected()
        if not (await station.trigger_message("Heartbeat")).accepted:
            await station.expect("Heartbeat", within_s=HEARTBEAT_S + 5)

    async def top_level(self) -> int | None:
        """The highest stack level that a charging profile may have here; None where the charger does not say."""
        told = await self.read("SmartChargingCtrlr", "ProfileStackLevel")
        return int(told) if told is not None and told.isdecimal() else None

    async def write_only(self) -> tuple[Collected, list[Variable]]:
        """What the charger reports of its security, and each variable that may only be written, its password first."""
        station = await self._reach.connected()
        report = await station.get_report([("SecurityCtrlr",), ("NetworkConfiguration",)], within_s=10)
        named: list[Variable] = [("SecurityCtrlr", "BasicAuthPassword")]
        named += [
            (_with_instance(entry["component"]), _with_instance(entry["variable"]))
            for entry in report.entries("reportData")
            if any(a.get("mutability") == "WriteOnly" for a in entry.get("variableAttribute", []))
        ]
        return report, list(dict.fromkeys(named))

    async def der_modes(self) -> list[str]:
        """The DER control types the charger says it supports (ModesSupported of DCDERCtrlr and ACDERCtrlr, by EVSE)."""
        found: list[str] = []
        for component in ("DCDERCtrlr", "ACDERCtrlr"):
            for evse_id in (self._reach.evse_id, None):
                listed = await self.read(component, "ModesSupported", evse_id=evse_id)
                found += [mode.strip() for mode in (listed or "").split(",")]
        return [mode for mode in dict.fromkeys(found) if mode]

    async def der_from_the_car(self) -> bool:
        """Whether the car may provide a DER control that the charger does not list, so that to take it is right.

        So it is with ISO 15118-20's AC DER service (OCPP 2.1 Part 2, 2.19.2; R02.FR.02, R03); where the profile does
        not declare that, with an ACDERCtrlr and no DCDERCtrlr, an inverter of the charger's own.
        """
        declared = self._profile.declared("ac_der")
        if declared != "undeclared":
            return declared == "yes"
        evse_id = self._reach.evse_id
        own, cars = [
            await self.read(component, "ModesSupported", evse_id=evse_id) for component in ("DCDERCtrlr", "ACDERCtrlr")
        ]
        return own is None and cars is not None

    async def include(self, component: str, variable: str, member: str) -> None:
        """Add a member to a list for the rest of the case, unless it is in there; what else is in it stays."""
        listed = [each.strip() for each in (await self.read(component, variable) or "").split(",") if each.strip()]
        if member.lower() not in (each.lower() for each in listed):
            await self.change(component, variable, ",".join([*listed, member]))

    async def exclude(self, component: str, variable: str, member: str, *, rather: str) -> None:
        """Take a member off a list for the rest of the case; `rather` takes its place where nothing else is left."""
        listed = [each.strip() for each in (await self.read(component, variable) or "").split(",") if each.strip()]
        left = [each for each in listed if each.lower() != member.lower()]
        if left != listed:
            await self.change(component, variable, ",".join(left or [rather]))

    async def reported_each_second(self, *measurands: str) -> Answer | None:
        """Have these measured values told every second of a transaction; None for a charger that samples nothing."""
        for measurand in measurands:
            await self.include("SampledDataCtrlr", "TxUpdatedMeasurands", measurand)
        every = await self.change("SampledDataCtrlr", "TxUpdatedInterval", "1")
        sampled = await self.read("SampledDataCtrlr", "TxUpdatedMeasurands")
        return every if sampled else None

    async def pauses_are_no_end(self) -> None:
        """Let a transaction survive a pause: with this stop point a charger has to end it (E06.FR.07)."""
        await self.exclude("TxCtrlr", "TxStopPoint", "EnergyTransfer", rather="EVConnected")

    async def a_car_that_leaves_ends_it(self) -> Answer:
        """Let a car that leaves end the transaction, as it need not (E10); the answer that tells whether it does."""
        await self.change("TxCtrlr", "StopTxOnEVSideDisconnect", "true")
        station = await self._reach.connected()
        return await station.get_variables([("TxCtrlr", "StopTxOnEVSideDisconnect")])

    async def back_off(self) -> Answer:
        """Read how long it waits between attempts to connect; the answer tells it."""
        names = ("RetryBackOffWaitMinimum", "RetryBackOffRandomRange", "RetryBackOffRepeatTimes")
        station = await self._reach.connected()
        return await station.get_variables([("OCPPCommCtrlr", name) for name in names])

    async def into_force(self, changed: Answer) -> None:
        """Have the charger work by a setting of its line: by a new connection, or a reboot where it asked for one."""
        station = await self._reach.connected()
        results = changed.payload.get("setVariableResult") or [{}]
        if results[0].get("attributeStatus") == "RebootRequired":
            if (await station.reset("Immediate")).status not in ("Rejected", None):
                with contextlib.suppress(TimeoutError):
                    await station.until_disconnected(self._profile.pixit.boot_s)
        else:
            await self._ports.csms.disconnect(self._profile.pixit.identity, "please use the new setting")
        await self._reach.until_connected()

    async def keep(self, component: str, variable: str) -> None:
        """Give the variable its value of now back when the case ends, whoever changes it."""
        before = await self.read(component, variable)
        if before is not None:
            await self._ports.owed.owe(component, variable, before)
            self._running.on_restore(partial(self._put_back, component, variable, before))

    async def _put_back(self, component: str, variable: str, value: str) -> None:
        station = await self._reach.until_connected()
        await station.set_variables([((component, variable), value)])

    async def wants_https(self) -> bool:
        """Whether the charger moves files by HTTPS and not by plain HTTP (OCPPCommCtrlr.FileTransferProtocols)."""
        listed = await self.read("OCPPCommCtrlr", "FileTransferProtocols") or ""
        known = {each.strip().upper() for each in listed.split(",")}
        speaks: bool = self._ports.csms.files.speaks_https
        return speaks and "HTTPS" in known and "HTTP" not in known

    async def upload_url(self, name: str) -> str:
        """Where the charger may upload a file to our backend, by a protocol that it knows."""
        return self._ports.csms.files.upload_url(name, secure=await self.wants_https())

    async def out_of_service(self, scope: str = "evse") -> Answer:
        """Take the EVSE under test, its "connector" or the whole "station" out of service.

        At the case's end it is put back into service.
        """
        station = await self._reach.connected()
        self._running.on_restore(partial(self.in_service_again, scope))
        return await station.change_availability("Inoperative", *self._of(scope))

    async def in_service_again(self, scope: str = "evse") -> Answer:
        """Put back into service what `out_of_service` took out of it."""
        station = await self._reach.until_connected()
        return await station.change_availability("Operative", *self._of(scope))

    def _of(self, scope: str) -> tuple[int | None, int | None]:
        """EVSE and connector of a ChangeAvailability: "connector", "evse" or "station"."""
        connector = self._reach.pixit.ac_connector if scope == "connector" else None
        return (None if scope == "station" else self._reach.evse_id), connector

    async def reserve(self, number: int, id_token: str, *, for_s: float = 600.0) -> Answer:
        """Reserve the EVSE under test for a driver; at the case's end the reservation is cancelled."""
        station = await self._reach.connected()

        async def undo() -> None:
            again = await self._reach.until_connected()
            await again.cancel_reservation(number)

        self._running.on_restore(undo)
        until = (datetime.fromisoformat(station.csms.now()) + timedelta(seconds=for_s)).isoformat(
            timespec="milliseconds"
        )
        return await station.reserve_now(
            number,
            id_token,
            self._reach.evse_id,
            until=until.replace("+00:00", "Z"),
            token_type=self._profile.pixit.id_token_type,
        )

    async def local_list(self, version: int, id_token: str, *, kind: str = "Full") -> Answer:
        """Send a local list of one token, or add it; when the case ends, the list is empty. Raises NotTouched.

        Where the charger holds a list of others, which nobody can read, it is not replaced.
        """
        station = await self._reach.connected()
        entry = {
            "idToken": {"idToken": id_token, "type": self._profile.pixit.id_token_type},
            "idTokenInfo": {"status": "Accepted"},
        }
        if kind == "Full":
            self._running.on_restore(self._no_local_list)
        asked = {"versionNumber": version, "updateType": kind, "localAuthorizationList": [entry]}
        return await station.call("SendLocalList", asked)

    async def _no_local_list(self) -> None:
        station = await self._reach.until_connected()
        await station.call("SendLocalList", {"versionNumber": 1, "updateType": "Full"})

    async def monitor(self, variable: tuple[str, str], kind: str, value: float) -> Answer:
        """Set a monitor; at the case's end it is cleared."""
        station = await self._reach.connected()
        answer = await station.set_monitor(variable, kind, value)
        numbers = [each["id"] for each in answer.payload.get("setMonitoringResult", []) if "id" in each]

        async def undo() -> None:
            again = await self._reach.until_connected()
            await again.clear_monitors(numbers)

        if numbers:
            self._running.on_restore(undo)
        return answer

    async def change(self, component: str, variable: str, value: str) -> Answer:
        """Set a variable for the rest of the case. A charger that refuses keeps its value, and the case goes on."""
        before = await self.read(component, variable)
        station = await self._reach.connected()
        answer = await station.set_variables([((component, variable), value)])
        if before is not None and before != value:
            self._running.on_restore(partial(self._put_back, component, variable, before))
        return answer


def _with_instance(name: dict[str, str]) -> str:
    return f"{name['name']}[{name['instance']}]" if "instance" in name else name["name"]
