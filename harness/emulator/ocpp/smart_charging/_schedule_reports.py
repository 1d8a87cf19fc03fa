"""What the CSMS may know of smart charging: the composite schedule and the installed profiles (K08, K09)."""

from __future__ import annotations

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer, rejected
from harness.emulator.ocpp.provisioning._model import Json
from harness.emulator.ocpp.smart_charging._composite import Step, together
from harness.emulator.ocpp.smart_charging._profiles import fits


class ScheduleReports:
    """Answers questions about profiles; changes nothing."""

    def __init__(self, client: Client) -> None:
        self._client = client

    @answers("GetCompositeSchedule")
    def get_composite_schedule(self, request: Json) -> Json:
        """K08; in the unit asked for, else in the one the profiles use, else in amperes."""
        units = self._client.model.members("SmartChargingCtrlr", "RateUnit")
        unit = request.get("chargingRateUnit") or self._common_unit()
        if request["evseId"] not in (0, *self._client.evses):
            return rejected("UnknownEvse")
        if unit not in units:
            return rejected("UnsupportedRateUnit")
        now = self._client.time.now()
        start = float(int(now))
        left_s = start + request["duration"] - now
        at = self._client.evses.get(request["evseId"], self._client)
        several = request["evseId"] == 0 and len(self._client.evses) > 1
        found = self._of_all(now, left_s) if several else at.smart_charging.composite(now, left_s)
        steps = self.whole_seconds(found, now - start)
        schedule = {
            "evseId": request["evseId"],
            "duration": request["duration"],
            "scheduleStart": self._client.text_of(start),
            "chargingRateUnit": unit,
            "chargingSchedulePeriod": [self.period_json(s, unit, at) for s in steps],
        }
        return {"status": "Accepted", "schedule": schedule}

    @staticmethod
    def whole_seconds(steps: list[Step], ahead_s: float) -> list[Step]:
        """Steps counted from the whole second before, as startPeriod says it; of two in one second the later holds."""
        out: dict[int, Step] = {}
        for step in steps:
            at = round(step.start_s + ahead_s) if step.start_s else 0
            out[at] = Step(float(at), step.flow)
        return list(out.values())

    def _of_all(self, start: float, duration_s: float) -> list[Step]:
        """What all EVSEs together may draw (K08.FR.03), at every moment at which that changes."""
        each = [evse.smart_charging.composite(start, duration_s) for evse in self._client.evses.values()]
        moments = sorted({step.start_s for steps in each for step in steps})
        now = [[[s for s in steps if s.start_s <= at][-1].flow for steps in each] for at in moments]
        return [Step(at, together(flows)) for at, flows in zip(moments, now, strict=True)]

    def period_json(self, step: Step, unit: str, at: Client | None = None) -> Json:
        """One ChargingSchedulePeriodType of a composite schedule, of the EVSE `at`."""
        flow, at = step.flow, at or self._client
        per = at.smart_charging.hardware.volt * flow.phases if unit == "A" else 1.0
        out: Json = {"startPeriod": round(step.start_s), "limit": round(flow.charge_w / per, 3)}
        if at.plant.plugged_connector != 2:
            out["numberPhases"] = flow.phases
        if self._client.model.version == "ocpp2.1" and flow.mode != "ChargingOnly":
            out["operationMode"] = flow.mode
            out["dischargeLimit"] = round(-flow.discharge_w / per, 3) + 0.0
            if flow.setpoint_w is not None:
                out["setpoint"] = round(flow.setpoint_w / per, 3)
        return out

    @answers("GetChargingProfiles")
    def get_charging_profiles(self, request: Json) -> Answer | Json:
        """K09: report in parts, one message per EVSE and source."""
        wanted, evse = request["chargingProfile"], request.get("evseId")
        found = [
            p for p in self._client.smart_charging.profiles if (evse is None or p.evse == evse) and fits(p, wanted)
        ]
        if not found:
            return {"status": "NoProfiles"}
        groups: dict[tuple[int, str], list[Json]] = {}
        for p in found:
            groups.setdefault((p.evse, p.source), []).append(p.raw)

        async def report() -> None:
            for number, ((on, source), raws) in enumerate(groups.items(), 1):
                payload: Json = {"requestId": request["requestId"], "chargingLimitSource": source, "evseId": on}
                payload |= {"chargingProfile": raws, "tbc": number < len(groups)}
                await self._client.call("ReportChargingProfiles", payload)

        return Answer({"status": "Accepted"}, report)

    def _common_unit(self) -> str:
        units = {s.unit for p in self._client.smart_charging.active() for s in p.schedules}
        return units.pop() if len(units) == 1 else ("A" if not units else "W")
