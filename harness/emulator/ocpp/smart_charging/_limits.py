"""Limits from outside the CSMS: the energy management system's port as external constraint (K11-K13, K29, Q06)."""

from __future__ import annotations

from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.smart_charging._profiles import EXTERNAL, parse

PROFILE_ID = -1
SOURCE = "EMS"


class External:
    """One external limit at a time, kept as a ChargingStationExternalConstraints profile with a negative id."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._told_w: float | None = None

    def set(self, charge_w: float | None, discharge_w: float | None) -> None:
        """Impose a limit in watts (discharge as a positive number), or clear it with None; tell the CSMS."""
        smart = self._client.smart_charging
        known = smart.profiles.get(PROFILE_ID)
        if not self._client.model.flag("SmartChargingCtrlr", "ExternalControlSignalsEnabled"):
            return
        if charge_w is None and discharge_w is None:
            if known is not None:
                smart.profiles.remove([known])
                self._client.evses.refresh()
                self._told_w = None
                self._client.outbox.put("ClearedChargingLimit", {"chargingLimitSource": SOURCE, "evseId": 0})
            return
        raw = self.profile(charge_w, discharge_w)
        smart.install(parse(raw, 0, now=self._client.time.now(), source=SOURCE))
        bound = charge_w if charge_w is not None else smart.hardware.charge_w
        if self._told_w is None or self.significant(self._told_w, bound):
            self._told_w = bound
            self.notify(raw)

    def profile(self, charge_w: float | None, discharge_w: float | None) -> Json:
        """The limit as a charging profile; in 2.1 a Dynamic one with ExternalLimits (K29.FR.04)."""
        most = self._client.smart_charging.hardware.charge_w
        period: Json = {"startPeriod": 0, "limit": most if charge_w is None else charge_w}
        schedule: Json = {"id": 1, "chargingRateUnit": "W", "chargingSchedulePeriod": [period]}
        raw: Json = {"id": PROFILE_ID, "stackLevel": 0, "chargingProfilePurpose": EXTERNAL}
        now = self._client.time.text()
        if self._client.model.version == "ocpp2.1":
            period["operationMode"] = "ExternalLimits"
            if discharge_w is not None:
                period["dischargeLimit"] = -discharge_w
            raw |= {"chargingProfileKind": "Dynamic", "dynUpdateTime": now}
        else:
            raw["chargingProfileKind"] = "Absolute"
            schedule["startSchedule"] = now
        return {**raw, "chargingSchedule": [schedule]}

    def notify(self, raw: Json) -> None:
        """NotifyChargingLimit, with the schedule when NotifyChargingLimitWithSchedules says so."""
        payload: Json = {"chargingLimit": {"chargingLimitSource": SOURCE, "isGridCritical": False}, "evseId": 0}
        if self._client.model.flag("SmartChargingCtrlr", "NotifyChargingLimitWithSchedules"):
            payload["chargingSchedule"] = raw["chargingSchedule"]
        self._client.outbox.put("NotifyChargingLimit", payload)

    def significant(self, before_w: float, after_w: float) -> bool:
        """Whether a change exceeds LimitChangeSignificance."""
        percent = self._client.model.decimal("SmartChargingCtrlr", "LimitChangeSignificance")
        return abs(after_w - before_w) > percent / 100 * max(before_w, 1.0)

    def forget(self) -> None:
        """A reboot: the external system has to say it again."""
        self._told_w = None
