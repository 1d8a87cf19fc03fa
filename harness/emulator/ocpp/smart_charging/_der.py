"""DER controls of the inverter: set, get, clear, report, start and stop (OCPP 2.1 block R)."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from harness.emulator.ocpp._dispatch import answers
from harness.emulator.ocpp._times import instant_of
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.line._rpc import Answer
from harness.emulator.ocpp.provisioning._model import Json

_FIELDS = {
    "EnterService": "enterService",
    "FixedPFAbsorb": "fixedPFAbsorb",
    "FixedPFInject": "fixedPFInject",
    "FixedVar": "fixedVar",
    "FreqDroop": "freqDroop",
    "Gradients": "gradient",
    "LimitMaxDischarge": "limitMaxDischarge",
}
_ALL_FIELDS = (*_FIELDS.values(), "curve")
_DEFAULT_ONLY = ("EnterService", "Gradients")
TICK_S = 0.25


@dataclass
class Control:
    """One stored control. A lower `priority` number wins."""

    id: str
    type: str
    is_default: bool
    body: Json
    superseded: bool = False
    started: bool = False

    @property
    def priority(self) -> int:
        return int(self.body["priority"])

    @property
    def start(self) -> float | None:
        text = self.body.get("startTime")
        return None if text is None else instant_of(text)

    def ends(self, since: float) -> float | None:
        duration = self.body.get("duration")
        return None if duration is None else (self.start if self.start is not None else since) + float(duration)


class DerControls:
    """Defaults and scheduled controls by type; kept through a reboot (R01.FR.03)."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._controls: list[Control] = [Control(**c) for c in client.storage.load("der", [])]

    @staticmethod
    def field_of(control_type: str) -> str:
        """Which field of SetDERControlRequest belongs to a control type (R04.FR.16)."""
        return _FIELDS.get(control_type, "curve")

    def supported(self, control_type: str) -> bool:
        """Whether the inverter knows this control."""
        found = self._client.model.find("DCDERCtrlr", "ModesSupported", "", 1)
        return found is not None and control_type in found.value.split(",")

    def active(self, control_type: str) -> Control | None:
        """The control in force: a running scheduled one, else the default (R04.FR.09, .11)."""
        mine = [c for c in self._controls if c.type == control_type and not c.superseded]
        running = [c for c in mine if not c.is_default and c.started]
        defaults = [c for c in mine if c.is_default]
        return min(running or defaults, key=lambda c: c.priority, default=None)

    def max_discharge_w(self) -> float:
        """What LimitMaxDischarge leaves of the discharge rating."""
        rated = self._client.plant.ratings.max_discharge_w
        control = self.active("LimitMaxDischarge")
        percent = control.body.get("pctMaxDischargePower") if control else None
        return rated if percent is None else rated * min(max(float(percent), 0.0), 100.0) / 100

    @answers("SetDERControl")
    def set_der_control(self, request: Json) -> Answer | Json:
        """R04.FR.01 to .17."""
        kind, is_default = request["controlType"], request["isDefault"]
        if not self.supported(kind):
            return {"status": "NotSupported"}
        body = request.get(self.field_of(kind))
        given = [f for f in _ALL_FIELDS if f in request]
        timed = body is not None and ("startTime" in body or "duration" in body)
        if body is None or len(given) != 1 or (is_default and timed) or (not is_default and kind in _DEFAULT_ONLY):
            return {"status": "Rejected", "statusInfo": {"reasonCode": "InvalidValue"}}
        if kind == "LimitMaxDischarge" and not 0 <= body.get("pctMaxDischargePower", 100) <= 100:
            return {"status": "Rejected", "statusInfo": {"reasonCode": "ValueOutOfRange"}}
        new = Control(request["controlId"], kind, is_default, body)
        if not is_default and "duration" in body and "startTime" not in body:
            new.body = {**body, "startTime": self._client.time.text()}
        self._controls = [c for c in self._controls if c.id != new.id]
        superseded = self.supersede(new)
        self._controls.append(new)
        self._save()
        out: Json = {"status": "Accepted"}
        if superseded:
            out["supersededIds"] = superseded
        return Answer(out, self.step)

    def supersede(self, new: Control) -> list[str]:
        """Mark what the new control overrules, or the new one when it is overruled (R04.FR.03, .06 to .08)."""
        same = [c for c in self._controls if c.type == new.type and c.is_default == new.is_default and not c.superseded]
        better = [c for c in same if c.priority < new.priority]
        if any(c.is_default or c.started for c in better):
            new.superseded = True
            return [new.id]
        # a running control goes on until the new one starts; the others make way at once
        out = [c for c in same if c.priority > new.priority and not (c.started and not c.is_default)]
        if new.is_default:
            out += [c for c in same if c.priority == new.priority]
        for each in out:
            each.superseded = True
        return [c.id for c in out]

    @answers("GetDERControl")
    def get_der_control(self, request: Json) -> Answer | Json:
        """R04.FR.30 to .37."""
        kind = request.get("controlType")
        if kind is not None and not self.supported(kind):
            return {"status": "NotSupported"}
        found = self._matching(request)
        if not found:
            return {"status": "NotFound"}

        async def report() -> None:
            parts = [found[at : at + 24] for at in range(0, len(found), 24)]
            for number, part in enumerate(parts, 1):
                payload: Json = {"requestId": request["requestId"], "tbc": number < len(parts)}
                for control in part:
                    payload.setdefault(self.field_of(control.type), []).append(self.report_entry(control))
                await self._client.call("ReportDERControl", payload)

        return Answer({"status": "Accepted"}, report)

    def report_entry(self, control: Control) -> Json:
        """One element of a ReportDERControlRequest."""
        field = self.field_of(control.type)
        name = "fixedPF" if field in ("fixedPFAbsorb", "fixedPFInject") else field
        out: Json = {"id": control.id, name: control.body}
        if field not in ("enterService", "gradient"):
            out |= {"isDefault": control.is_default, "isSuperseded": control.superseded}
        if field == "curve":
            out["curveType"] = control.type
        return out

    @answers("ClearDERControl")
    def clear_der_control(self, request: Json) -> Answer | Json:
        """R04.FR.41 to .46."""
        kind = request.get("controlType")
        if kind is not None and "controlId" not in request and not self.supported(kind):
            return {"status": "NotSupported"}
        found = self._matching(request)
        if not found and (kind is not None or "controlId" in request):
            return {"status": "NotFound"}
        self._controls = [c for c in self._controls if c not in found]
        self._save()
        return Answer({"status": "Accepted"}, self.step)

    def step(self) -> None:
        """Start what is due, end what is over, and let the limits follow."""
        now = self._client.time.now()
        changed = False
        for c in [c for c in self._controls if not c.is_default]:
            end = c.ends(now)
            if end is not None and now >= end:
                self._controls.remove(c)
                changed = True
                if c.started and not c.superseded:
                    self._notify(c, False, now, [])
            elif not c.superseded and not c.started and (c.start is None or now >= c.start):
                c.started = changed = True
                out = self._overruled_by_start(c)
                self._notify(c, True, now, out)
        if changed:
            self._save()
        if self._client.smart_charging.limits_now() != self._client.smart_charging.limits:
            self._client.smart_charging.refresh()

    async def run(self) -> None:
        """Watch the clock, for ever."""
        while True:
            self.step()
            await asyncio.sleep(TICK_S)

    def _overruled_by_start(self, new: Control) -> list[str]:
        out = []
        for c in self._controls:
            if c is not new and c.type == new.type and not c.is_default and not c.superseded and c.started:
                c.superseded = True
                out.append(c.id)
        return out

    def _notify(self, control: Control, started: bool, now: float, superseded: list[str]) -> None:
        payload: Json = {"controlId": control.id, "started": started, "timestamp": self._client.text_of(now)}
        if superseded:
            payload["supersededIds"] = superseded
        self._client.outbox.put("NotifyDERStartStop", payload, keep=True)

    def _matching(self, request: Json) -> list[Control]:
        return [
            c
            for c in self._controls
            if request.get("isDefault", c.is_default) == c.is_default
            and request.get("controlType", c.type) == c.type
            and request.get("controlId", c.id) == c.id
        ]

    def _save(self) -> None:
        self._client.storage.save("der", [asdict(c) for c in self._controls])
