"""Smart charging: profiles in, limits in force out (block K)."""

from __future__ import annotations

import asyncio

from harness.emulator._ports import PowerLimits
from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, CallFailed, Offline, rejected
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.smart_charging import _profile_checks as checks
from harness.emulator.ocpp.smart_charging._composite import (
    Flow,
    Hardware,
    Situation,
    Step,
    borders,
    composite,
    flow_at,
    transaction_slot,
)
from harness.emulator.ocpp.smart_charging._limits import External
from harness.emulator.ocpp.smart_charging._profiles import (
    EXTERNAL,
    LOCAL_GENERATION,
    PRIORITY,
    TX,
    Profile,
    Profiles,
    fits,
    parse,
    with_update,
)

HORIZON_S = 86400.0
WATCH_S = 1.0


class SmartCharging:
    """Keeps the profiles, works out the limits of this moment, and hands them to the plant of its EVSE.

    Profiles and the limit from outside are the station's: EVSE 2 and further get those of EVSE 1 (`station`).
    """

    def __init__(self, client: Client, station: SmartCharging | None = None) -> None:
        self._client = client
        self.profiles: Profiles = Profiles(client.storage) if station is None else station.profiles
        self.external: External = External(client) if station is None else station.external
        self.priority = False
        self.schedule_id: int | None = None
        self.signal = 0.0
        self._start_profile: Json | None = None
        self._wake = asyncio.Event()
        r = client.plant.ratings
        self.hardware = Hardware(r.max_a, r.max_charge_w, r.max_discharge_w, r.phases, r.nominal_v)
        self.limits = PowerLimits(r.max_charge_w, 0.0, r.max_a, None, r.phases)
        self.mode = "ChargingOnly"

    # --- what is in force ------------------------------------------------------------------------------------------

    def situation(self) -> Situation:
        """What the composite calculation must know about this moment."""
        client, now = self._client, self._client.time.now()
        tx, readings = client.transactions.current, client.plant.readings()
        running = tx is not None and tx.power_path_at is not None
        return Situation(
            ready_at=tx.power_path_at if tx is not None and tx.power_path_at is not None else now,
            transaction_id=tx.id if tx is not None else None,
            priority=self.priority and running,
            offline_s=client.connection.offline_s(),
            soc_pct=readings.soc_pct,
            freq_hz=readings.freq_hz,
            signal=self.signal,
            external_setpoint_first=client.model.text("SmartChargingCtrlr", "SetpointPriority")
            == "ExternalConstraints",
            schedule_id=self.schedule_id,
            sharers=client.evses.sharers(client.evse),
        )

    def active(self) -> list[Profile]:
        """The profiles that count now at this EVSE; external ones unless they are disallowed (K11.FR.07)."""
        here = [p for p in self.profiles if p.evse in (0, self._client.evse)]
        if self._client.model.flag("SmartChargingCtrlr", "ExternalConstraintsProfileDisallowed"):
            return [p for p in here if p.purpose != EXTERNAL]
        return here

    def flow_now(self) -> Flow:
        """The composite of this moment."""
        return flow_at(self.active(), self._client.time.now(), self.situation(), self.hardware)

    def limits_now(self) -> PowerLimits:
        """What the plant may do at this moment: profiles, then the inverter's DER limits."""
        flow = self.flow_now()
        discharge_w = min(flow.discharge_w, self._client.der.max_discharge_w())
        if not self._client.model.flag("V2XChargingCtrlr", "Enabled"):
            discharge_w = 0.0
        setpoint = None if flow.setpoint_w is None else max(flow.setpoint_w, -discharge_w)
        return PowerLimits(flow.charge_w, discharge_w, flow.per_phase_a, setpoint, flow.phases)

    def refresh(self) -> None:
        """Work out the limits anew and hand them over when they changed; report what must be reported."""
        before, before_mode = self.limits, self.mode
        self.limits = self.limits_now()
        self._client.plant.allow(self.limits)
        slot = transaction_slot(self.active(), self._client.time.now(), self.situation())
        self.mode = slot[2].mode if slot else "ChargingOnly"
        self._client.model.put("SmartChargingCtrlr", "Entries", str(len(self.profiles)), "ChargingProfiles")
        tx = self._client.transactions.current
        if tx is not None and self.mode != before_mode and self._client.model.version == "ocpp2.1":
            self._client.transactions.trigger("OperationModeChanged")
        elif (
            tx is not None
            and self.limits != before
            and self.external.significant(before.charge_w, self.limits.charge_w)
        ):
            self._client.transactions.trigger("ChargingRateChanged")
        self._wake.set()

    async def run(self) -> None:
        """Refresh at every border of the composite schedule and when frequency, SoC or a DER control moved."""
        while True:
            self._wake.clear()
            now = self._client.time.now()
            due = borders(self.active(), now, now + HORIZON_S, self.situation())[1:2]
            wait_s = min(due[0] - now, WATCH_S) if due else WATCH_S
            try:
                await asyncio.wait_for(self._wake.wait(), max(wait_s, 0.001))
                continue
            except TimeoutError:
                pass
            self._discard_outlived()
            if self.limits_now() != self.limits:
                self.refresh()
            if self._client.evse == 1:
                self._pull_updates()

    def composite(self, start: float, duration_s: float) -> list[Step]:
        """The composite schedule from `start`, as the station would carry it out."""
        return composite(self.active(), start, duration_s, self.situation(), self.hardware)

    # --- what the CSMS asks ----------------------------------------------------------------------------------------

    @answers("SetChargingProfile")
    def set_charging_profile(self, request: Json) -> Answer | Json:
        """K01: check, install, apply at once."""
        raw, evse = request["chargingProfile"], request["evseId"]
        at = self._client.evses.get(evse, self._client).smart_charging
        reason = checks.fault(raw, evse, at.check_context())
        if reason:
            return rejected(reason)
        at.install(parse(raw, evse, now=self._client.time.now()))
        return {"status": "Accepted"}

    def install(self, profile: Profile) -> None:
        """Take a checked profile into use."""
        self.profiles.put(profile)
        self._client.evses.refresh()

    @answers("ClearChargingProfile")
    def clear_charging_profile(self, request: Json) -> Answer | Json:
        """K10: by id or by criteria; what external systems set stays."""
        wanted = request.get("chargingProfileCriteria", {})
        ours = [p for p in self.profiles if p.purpose not in (EXTERNAL, LOCAL_GENERATION)]
        if "chargingProfileId" in request:
            found = [p for p in ours if p.id == request["chargingProfileId"]]
        else:
            found = [p for p in ours if wanted.get("evseId", p.evse) == p.evse and fits(p, wanted)]
        if not found:
            return {"status": "Unknown"}
        self.profiles.remove(found)
        self._client.evses.refresh()
        return {"status": "Accepted"}

    @answers("UpdateDynamicSchedule")
    def update_dynamic_schedule(self, request: Json) -> Json:
        """K28: new numbers for a Dynamic profile, applied at once."""
        profile = self.profiles.get(request["chargingProfileId"])
        if profile is None or profile.kind != "Dynamic":
            return rejected("InvalidProfile")
        fresh = with_update(
            profile, request["scheduleUpdate"], now=self._client.time.now(), now_text=self._client.time.text()
        )
        others = tuple(p for p in self.profiles if p.id != profile.id)
        at = self._client.evses.get(fresh.evse, self._client).smart_charging
        reason = checks.fault(fresh.raw, fresh.evse, at.check_context(others))
        if reason:
            return rejected(reason)
        self.install(fresh)
        return {"status": "Accepted"}

    @answers("UsePriorityCharging")
    def use_priority_charging(self, request: Json) -> Answer | Json:
        """K21: the PriorityCharging profile takes the transaction's place, or gives it back."""
        at = self._client.evses.where(request["transactionId"])
        if at is None:
            return rejected("TxNotFound")
        if request["activate"] and not any(p.purpose == PRIORITY for p in self.profiles):
            return {"status": "NoProfile"}
        changes = at.smart_charging.priority != request["activate"]
        at.smart_charging.prioritise(on=request["activate"])
        told = {"transactionId": request["transactionId"], "activated": request["activate"]}
        put = self._client.outbox.put
        return Answer({"status": "Accepted"}, (lambda: put("NotifyPriorityCharging", told)) if changes else None)

    def prioritise(self, *, on: bool) -> None:
        """Let the PriorityCharging profile speak for the transaction of this EVSE, or no longer (K21.FR.04, .07)."""
        self.priority = on
        self.refresh()

    # --- what happens around it ------------------------------------------------------------------------------------

    def fault_of_start_profile(self, raw: Json) -> str | None:
        """F01.FR.26: why the profile of a RequestStartTransaction is no good, or None."""
        return checks.fault(raw, self._client.evse, self.check_context(), for_start=True)

    def keep_for_start(self, raw: Json) -> None:
        """Use this TxProfile for the transaction that starts next."""
        self._start_profile = raw

    def transaction_started(self, transaction_id: str) -> None:
        """The power path closed: relative schedules begin, a profile that came with the start request is installed."""
        if self._start_profile is not None:
            raw = {**self._start_profile, "transactionId": transaction_id}
            self._start_profile = None
            self.profiles.put(parse(raw, self._client.evse, now=self._client.time.now()))
        self._client.evses.refresh()

    def transaction_ended(self, transaction_id: str) -> None:
        """TxProfiles live no longer than their transaction; priority ends with it too."""
        self.priority, self.schedule_id, self._start_profile = False, None, None
        self.profiles.remove([p for p in self.profiles if p.purpose == TX and p.transaction_id == transaction_id])
        self._client.evses.refresh()

    def connection_changed(self) -> None:
        """Online or offline: maxOfflineDuration starts or stops counting."""
        self._discard_outlived()
        self._client.evses.refresh()

    def reboot(self) -> None:
        """What is not kept persistently is forgotten."""
        self.profiles.reboot()
        self.external.forget()
        self.priority, self.schedule_id, self.signal, self._start_profile = False, None, 0.0, None

    def _discard_outlived(self) -> None:
        offline = self._client.connection.offline_s() or 0.0
        outlived = [p for p in self.profiles if p.invalid_after_offline and offline > (p.max_offline_s or offline)]
        if outlived:
            self.profiles.remove(outlived)

    def _pull_updates(self) -> None:
        if not self._client.connection.online.is_set() or self._client.provisioning.status != "Accepted":
            return
        now = self._client.time.now()
        for p in self.profiles:
            if p.pull_s > 0 and p.updated_at is not None and now >= p.updated_at + p.pull_s:
                self._client.spawn(self._pull(p), "dynamic schedule update")

    async def _pull(self, profile: Profile) -> None:
        stamp = {"dynUpdateTime": self._client.time.text()}
        try:
            answer = await self._client.call("PullDynamicScheduleUpdate", {"chargingProfileId": profile.id})
        except (CallFailed, Offline):
            return
        if answer["status"] == "Accepted" and self.profiles.get(profile.id) is not None:
            update = answer.get("scheduleUpdate", {})
            self.install(with_update(profile, update, now=self._client.time.now(), now_text=stamp["dynUpdateTime"]))

    def check_context(self, installed: tuple[Profile, ...] | None = None) -> checks.Context:
        """What a new profile is checked against."""
        tx = self._client.transactions.current
        return checks.Context(
            self._client.model,
            tuple(self.profiles) if installed is None else installed,
            tx.id if tx is not None else None,
            dc=self._client.plant.plugged_connector == 2,
            phases=self.hardware.phases,
            evses=tuple(self._client.evses),
        )
