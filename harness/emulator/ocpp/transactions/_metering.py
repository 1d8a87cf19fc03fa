"""Meter values: the station's own readings as OCPP samples (block J)."""

from __future__ import annotations

import asyncio

from harness.emulator._ports import Readings
from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json

TICK_S = 0.1


class Metering:
    """Turns plant readings into MeterValueType."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def measurands(self, controller: str, variable: str) -> list[str]:
        """What is configured, plus in 2.1 what the running operation mode adds (V2XChargingCtrlr)."""
        model = self._client.model
        wanted = model.members(controller, variable)
        mode = self._client.smart_charging.mode
        extra = model.find("V2XChargingCtrlr", variable, mode)
        if controller == "SampledDataCtrlr" and extra is not None:
            wanted += [m for m in extra.value.split(",") if m and m not in wanted]
        return [
            m
            for m in wanted
            if model.version == "ocpp2.1" or m not in ("Power.Active.Setpoint", "Power.Active.Residual")
        ]

    def sample(self, context: str, measurands: list[str]) -> Json | None:
        """One MeterValueType, or None when nothing of it can be measured."""
        readings = self._client.plant.readings()
        values = [v for m in measurands for v in self.values(m, readings)]
        if not values:
            return None
        for value in values:
            value["context"] = context
        return {"timestamp": self._client.time.text(), "sampledValue": values}

    def values(self, measurand: str, r: Readings) -> list[Json]:
        """The SampledValueTypes of one measurand. Power and energy are the grid side's, SoC the car's."""
        limits = self._client.smart_charging.limits
        # the meter sits on the grid side; for AC that is the outlet too
        where = "Inlet" if self._client.plant.plugged_connector == 2 else "Outlet"
        single: dict[str, tuple[float | None, str]] = {
            "Power.Active.Import": (max(r.p_w, 0.0), "W"),
            "Power.Active.Export": (max(-r.p_w, 0.0), "W"),
            "Power.Active.Setpoint": (limits.setpoint_w, "W"),
            "Power.Active.Residual": (_residual(r.p_w, limits.setpoint_w), "W"),
            "Power.Offered": (limits.charge_w, "W"),
            "Energy.Active.Import.Register": (r.import_wh, "Wh"),
            "Energy.Active.Export.Register": (r.export_wh, "Wh"),
            "Frequency": (r.freq_hz, "Hz"),
            "SoC": (r.soc_pct, "Percent"),
        }
        if measurand in single:
            number, unit = single[measurand]
            if number is None:
                return []
            return [_value(measurand, number, unit, location="EV" if measurand == "SoC" else where)]
        if measurand in ("Current.Import", "Current.Export"):
            sign = 1 if measurand == "Current.Import" else -1
            flows = [max(sign * a, 0.0) + 0.0 for a in _signed(r)]
            return [_value(measurand, a, "A", phase=f"L{n}", location=where) for n, a in enumerate(flows, 1)]
        if measurand == "Voltage":
            return [_value(measurand, u, "V", phase=f"L{n}-N", location=where) for n, u in enumerate(r.u_v, 1)]
        return []

    async def run_aligned(self) -> None:
        """Clock-aligned data (J01): within a transaction as TransactionEvent, else MeterValues."""
        turn: tuple[int, int] | None = None
        while True:
            await asyncio.sleep(TICK_S)
            interval = self._client.model.integer("AlignedDataCtrlr", "Interval")
            now = (interval, int(self._client.time.now() // interval)) if interval > 0 else None
            if now is not None and turn is not None and turn != now and turn[0] == interval:
                self.send_aligned("Sample.Clock")
            turn = now

    def send_aligned(self, context: str) -> None:
        """The configured aligned measurands, once."""
        value = self.sample(context, self.measurands("AlignedDataCtrlr", "Measurands"))
        if value is None:
            return
        if self._client.transactions.current is not None and context == "Sample.Clock":
            self._client.transactions.trigger("MeterValueClock", meter_value=[value])
        else:
            self._client.outbox.put("MeterValues", {"evseId": self._client.evse, "meterValue": [value]})

    async def send_triggered(self) -> None:
        """F06.FR.06: MeterValues because the CSMS asked."""
        value = self.sample("Trigger", self.measurands("AlignedDataCtrlr", "Measurands"))
        if value is not None:
            await self._client.call("MeterValues", {"evseId": self._client.evse, "meterValue": [value]}, triggered=True)


def _value(measurand: str, number: float, unit: str, *, phase: str = "", location: str) -> Json:
    out: Json = {
        "value": round(number, 3),
        "measurand": measurand,
        "location": location,
        "unitOfMeasure": {"unit": unit},
    }
    if phase:
        out["phase"] = phase
    return out


def _signed(r: Readings) -> tuple[float, ...]:
    # a meter may give currents as magnitudes; the power's sign then tells the direction
    return tuple(-abs(a) if r.p_w < 0 else a for a in r.i_a)


def _residual(p_w: float, setpoint_w: float | None) -> float | None:
    """2.1 part 2, Q 2.4 (with Export for the discharging side, which the printed formula lacks)."""
    if setpoint_w is None:
        return None
    return abs(p_w) if setpoint_w == 0 else (p_w - setpoint_w if setpoint_w > 0 else -p_w + setpoint_w)
