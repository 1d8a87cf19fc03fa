"""Boot, registration, heartbeat, reset and triggered messages (block B, F06)."""

from __future__ import annotations

import asyncio
import logging

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline
from harness.emulator.ocpp.provisioning._hardware import connectors_of
from harness.emulator.ocpp.provisioning._model import Json

log = logging.getLogger(__name__)
OWN_RETRY_S = 10.0
TICK_S = 0.25


class Provisioning:
    """`status` is the CSMS's last word on the station: "", "Pending", "Rejected" or "Accepted"."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.status = ""
        self.boot_reason = "PowerUp"
        self.reset_when_idle = False
        self._again = asyncio.Event()

    async def connected(self, offline_s: float | None) -> None:
        """A connection is open: register when this boot has not been accepted yet, then say what must be said."""
        client = self._client
        fresh = self.status != "Accepted"
        if fresh:
            await self.register()
            client.security.event("StartupOfTheDevice", self.boot_reason)
            client.firmware.booted()
            client.notice_plugged_car()
        threshold = client.model.integer("OCPPCommCtrlr", "OfflineThreshold")
        for evse in client.evses.values():
            await evse.status.report(everything=fresh or offline_s is None or offline_s > threshold)
        client.outbox.resume()
        for evse in client.evses.values():
            evse.status.catch_up()
        client.smart_charging.connection_changed()

    async def register(self) -> None:
        """BootNotification until Accepted, never more often than the CSMS allows (B01 to B03)."""
        while True:
            wait_s = OWN_RETRY_S
            try:
                answer = await self._client.call("BootNotification", self.boot_notification(), triggered=True)
            except CallFailed as failure:
                log.info("BootNotification failed: %s", failure)
            else:
                self.status = answer["status"]
                self._follow_clock(answer["currentTime"])
                interval = answer["interval"]
                if self.status == "Accepted":
                    if interval > 0:
                        self._client.model.put("OCPPCommCtrlr", "HeartbeatInterval", str(interval))
                    return
                wait_s = float(interval) if interval > 0 else OWN_RETRY_S
            self._again.clear()
            try:
                await asyncio.wait_for(self._again.wait(), wait_s)
            except TimeoutError:
                continue

    def boot_notification(self) -> Json:
        """Who this station is; the firmware version is the one that runs now."""
        r = self._client.plant.ratings
        station = {
            "model": r.model[:20],
            "vendorName": r.vendor[:50],
            "serialNumber": r.serial[:25],
            "firmwareVersion": self._client.firmware.version[:50],
        }
        return {"reason": self.boot_reason, "chargingStation": station}

    async def heartbeats(self) -> None:
        """Heartbeat after HeartbeatInterval without one, while accepted."""
        last = self._client.time.monotonic()
        while True:
            await asyncio.sleep(TICK_S)
            now = self._client.time.monotonic()
            if self.status != "Accepted":
                last = now
            elif now - last >= self._client.model.integer("OCPPCommCtrlr", "HeartbeatInterval"):
                last = now
                await self.heartbeat()

    async def heartbeat(self) -> None:
        """One Heartbeat; its answer sets the clock."""
        try:
            answer = await self._client.call("Heartbeat", {}, triggered=True)
        except (CallFailed, Offline):
            return
        self._follow_clock(answer["currentTime"])

    @answers("Reset")
    def reset(self, request: Json) -> Answer | Json:
        """B11 and B12; a single EVSE cannot be reset (AllowReset is false)."""
        if "evseId" in request:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnsupportedParam"}}
        if request["type"] == "OnIdle" and self._client.evses.busy:
            self.reset_when_idle = True
            return {"status": "Scheduled"}
        reason = "RemoteReset" if request["type"] == "Immediate" else "ScheduledReset"
        return Answer({"status": "Accepted"}, lambda: self.restart(reason))

    async def restart(self, reason: str) -> None:
        """End what runs, say so, and reboot."""
        client = self._client
        self.reset_when_idle = False  # the one that waited comes with this one, and not once more
        for evse in client.evses.values():
            evse.transactions.end_for_reset()
        client.security.event("ResetOrReboot", reason)
        await client.outbox.drained(2.0)
        client.reboot(reason)

    def idle(self) -> None:
        """A transaction has ended: a reset that waited for it can go ahead."""
        if self.reset_when_idle and not self._client.evses.busy:
            self.reset_when_idle = False
            self._client.later(lambda: self.restart("ScheduledReset"))

    @answers("TriggerMessage")
    def trigger_message(self, request: Json) -> Answer | Json:
        """F06: answer first, then send what was asked for."""
        client = self._client
        wanted = request["requestedMessage"]
        evse = request.get("evse", {})
        if wanted == "BootNotification":
            if self.status == "Accepted":
                return {"status": "Rejected"}
            return Answer({"status": "Accepted"}, self._again.set)
        if wanted == "Heartbeat":
            return Answer({"status": "Accepted"}, self.heartbeat)
        if evse.get("id", 1) not in (0, *client.evses):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "UnknownEvse"}}
        at = client.evses[evse.get("id") or 1]
        if wanted == "StatusNotification":
            if evse.get("connectorId") not in connectors_of(at.evse):
                return {"status": "Rejected"}
            return Answer({"status": "Accepted"}, lambda: at.status.send(evse["connectorId"], classic=True))
        if wanted == "MeterValues":
            return Answer({"status": "Accepted"}, at.metering.send_triggered)
        if wanted == "TransactionEvent":
            if at.transactions.current is None:
                return {"status": "Rejected", "statusInfo": {"reasonCode": "TxNotFound"}}
            return Answer({"status": "Accepted"}, lambda: at.transactions.trigger("Trigger", context="Trigger"))
        if wanted == "FirmwareStatusNotification":
            return Answer({"status": "Accepted"}, client.firmware.send_triggered)
        if wanted == "LogStatusNotification":
            return Answer({"status": "Accepted"}, client.logs.send_triggered)
        if wanted == "SignChargingStationCertificate":
            return Answer({"status": "Accepted"}, client.renewal.start)
        return {"status": "NotImplemented"}

    def _follow_clock(self, backend_time: str) -> None:
        if "Heartbeat" not in self._client.model.members("ClockCtrlr", "TimeSource"):
            return
        step = self._client.time.adopt(backend_time)
        if abs(step) > self._client.model.integer("ClockCtrlr", "TimeAdjustmentReportingThreshold"):
            self._client.security.event("SettingSystemTime", f"{step:+.0f} s")
