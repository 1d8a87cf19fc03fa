"""The bodies of ISO 15118-20 requests, built from the vehicle, its battery and what was agreed; no I/O."""

from __future__ import annotations

from typing import Any

import msgspec

from ev_emulator._values import rational
from ev_emulator.session._schedule import Offer
from ev_emulator.vehicle._battery import Battery
from ev_emulator.vehicle._vehicle import AcData, DcData, Vehicle

Body = dict[str, Any]


class Requests20:
    """Builds request bodies for one vehicle. `service` is "AC", "DC", "AC_BPT" or "DC_BPT"; `mode` the control mode."""

    def __init__(self, vehicle: Vehicle, battery: Battery) -> None:
        self._vehicle, self._battery = vehicle, battery
        self._sign = -1.0 if vehicle.discharge_limits == "negative" else 1.0
        self.by_phase = False  # an AC car on three phases may say its powers for each of them

    def lower(self, **most: float) -> None:
        """From now on the car says other limits of its own: `max_charge_power_w`, `max_discharge_current_a` (positive).

        A limit that an AC or a DC car does not have is left out.
        """
        halves = {name: half for name in ("ac", "dc") if (half := getattr(self._vehicle, name)) is not None}
        changed = {
            name: msgspec.structs.replace(half, **{k: v for k, v in most.items() if hasattr(half, k)})
            for name, half in halves.items()
        }
        self._vehicle = msgspec.structs.replace(self._vehicle, **changed)

    def charge_parameters(self, service: str) -> Body:
        """Body of AC_ or DC_ChargeParameterDiscoveryReq (8.3.4.4.2.2, 8.3.4.5.2.2)."""
        bpt = service.endswith("_BPT")
        if service.startswith("AC"):
            ac = self._ac()
            limits = self._charge_power(ac) | (self._discharge_power(ac) if bpt else {})
        else:
            dc = self._dc()
            limits = {
                **self._charge_power(dc),
                "EVMaximumChargeCurrent": rational(dc.max_charge_current_a),
                "EVMinimumChargeCurrent": rational(dc.min_charge_current_a),
                "EVMaximumVoltage": rational(dc.max_voltage_v),
                "EVMinimumVoltage": rational(dc.min_voltage_v),
                "TargetSOC": round(self._vehicle.battery.target_soc_pct),
            }
            if bpt:
                limits |= self._discharge_power(dc) | {
                    "EVMaximumDischargeCurrent": rational(self._sign * dc.max_discharge_current_a),
                    "EVMinimumDischargeCurrent": rational(self._sign * dc.min_discharge_current_a),
                }
        return {f"{'BPT_' if bpt else ''}{service[:2]}_CPDReqEnergyTransferMode": limits}

    def schedule_exchange(self, service: str, mode: str) -> Body:
        """Body of ScheduleExchangeReq (8.3.4.3.7.2). In Scheduled mode the car makes no offer of its own."""
        body: Body = {"MaximumSupportingPoints": 12}
        departure = {"DepartureTime": self._vehicle.departure_in_s}
        if mode == "Scheduled":
            return body | {"Scheduled_SEReqControlMode": departure | self._energy(service)}
        battery = self._vehicle.battery
        needs = {"MinimumSOC": round(battery.minimum_soc_pct), "TargetSOC": round(battery.target_soc_pct)}
        return body | {"Dynamic_SEReqControlMode": departure | needs | self._energy(service) | self._v2x(service)}

    def power_profile(self, service: str, mode: str, offer: Offer | None, *, discharge: bool, epoch_s: int) -> Body:
        """EVPowerProfile (8.3.5.3.9): the offered schedule in Scheduled mode, the car's maximum otherwise."""
        if mode == "Scheduled" and offer is not None:
            block = offer.discharge_block if discharge and offer.discharge_block else offer.charge_block
            entries = (block.get("PowerScheduleEntries") or {}).get("PowerScheduleEntry", [])
            return {
                "TimeAnchor": block.get("TimeAnchor", epoch_s),
                "EVPowerProfileEntries": {"EVPowerProfileEntry": entries if isinstance(entries, list) else [entries]},
                "Scheduled_EVPPTControlMode": {
                    "SelectedScheduleTupleID": offer.tuple_id,
                    "PowerToleranceAcceptance": "PowerToleranceConfirmed",
                },
            }
        data = self._ac() if service.startswith("AC") else self._dc()
        power_w = -data.max_discharge_power_w if discharge else data.max_charge_power_w
        return {
            "TimeAnchor": epoch_s,
            "EVPowerProfileEntries": {"EVPowerProfileEntry": [{"Duration": 86400, "Power": rational(power_w)}]},
            "Dynamic_EVPPTControlMode": {},
        }

    def pre_charge(self, inlet_v: float, *, done: bool) -> Body:
        """Body of DC_PreChargeReq (8.3.4.5.4.2): `inlet_v` is measured at the car's inlet."""
        return {
            "EVProcessing": "Finished" if done else "Ongoing",
            "EVPresentVoltage": rational(inlet_v),
            "EVTargetVoltage": rational(self._battery.voltage_v),
        }

    def charge_loop(self, service: str, mode: str, *, present_w: float, target_a: float, target_v: float) -> Body:
        """Body of AC_ or DC_ChargeLoopReq (8.3.4.4.3.2, 8.3.4.5.5.2).

        `present_w` is what the car's AC charger does now (signed); `target_a` (signed) and `target_v` are what the
        car asks for in DC Scheduled mode.
        """
        ac, bpt = service.startswith("AC"), service.endswith("_BPT")
        block = self._energy(service)
        if mode == "Dynamic":
            block = {"DepartureTime": self._vehicle.departure_in_s} | block
        if ac:
            data: AcData | DcData = self._ac()
            block |= self._charge_power(data) | {"EVPresentActivePower": rational(present_w)}
            if mode == "Dynamic":
                block["EVPresentReactivePower"] = rational(0)
            if bpt:
                block |= self._discharge_power(data)
        else:
            data = dc = self._dc()
            if mode == "Scheduled":
                block |= {"EVTargetCurrent": rational(target_a), "EVTargetVoltage": rational(target_v)}
            block |= self._charge_power(data) | {
                "EVMaximumChargeCurrent": rational(dc.max_charge_current_a),
                "EVMaximumVoltage": rational(dc.max_voltage_v),
                "EVMinimumVoltage": rational(dc.min_voltage_v),
            }
            if bpt:
                current = {"EVMaximumDischargeCurrent": rational(self._sign * dc.max_discharge_current_a)}
                block |= self._discharge_power(data) | current
        if mode == "Dynamic":
            block |= self._v2x(service)
        body: Body = {"DisplayParameters": self._display(), "MeterInfoRequested": True}
        if not ac:
            body["EVPresentVoltage"] = rational(self._battery.voltage_v)
        return body | {f"{'BPT_' if bpt else ''}{mode}_{service[:2]}_CLReqControlMode": block}

    def _display(self) -> Body:
        battery = self._vehicle.battery
        return {
            "PresentSOC": int(self._battery.soc_pct),
            "MinimumSOC": round(battery.minimum_soc_pct),
            "TargetSOC": round(battery.target_soc_pct),
            "MaximumSOC": round(battery.maximum_soc_pct),
            "ChargingComplete": self._battery.soc_pct >= battery.maximum_soc_pct,
            "BatteryEnergyCapacity": rational(self._battery.capacity_wh),
        }

    def _energy(self, service: str) -> Body:
        battery = self._vehicle.battery
        target, maximum, minimum = (
            self._battery.energy_to_wh(soc)
            for soc in (battery.target_soc_pct, battery.maximum_soc_pct, battery.minimum_soc_pct)
        )
        if not service.endswith("_BPT"):  # a negative request means "may be discharged"
            target, maximum, minimum = max(0.0, target), max(0.0, maximum), max(0.0, minimum)
        return {
            "EVTargetEnergyRequest": rational(round(target)),
            "EVMaximumEnergyRequest": rational(round(maximum)),
            "EVMinimumEnergyRequest": rational(round(minimum)),
        }

    def _v2x(self, service: str) -> Body:
        low, high = self._vehicle.battery.v2x_minimum_soc_pct, self._vehicle.battery.v2x_maximum_soc_pct
        if not service.endswith("_BPT") or low is None or high is None:
            return {}
        return {
            "EVMaximumV2XEnergyRequest": rational(round(self._battery.energy_to_wh(high))),
            "EVMinimumV2XEnergyRequest": rational(round(self._battery.energy_to_wh(low))),
        }

    def _charge_power(self, data: AcData | DcData) -> Body:
        powers = {"EVMaximumChargePower": data.max_charge_power_w, "EVMinimumChargePower": data.min_charge_power_w}
        return self._powers(data, powers)

    def _discharge_power(self, data: AcData | DcData) -> Body:
        powers = {
            "EVMaximumDischargePower": self._sign * data.max_discharge_power_w,
            "EVMinimumDischargePower": self._sign * data.min_discharge_power_w,
        }
        return self._powers(data, powers)

    def _powers(self, data: AcData | DcData, powers: dict[str, float]) -> Body:
        """In total, or the same share for each of three phases."""
        if not (self.by_phase and isinstance(data, AcData) and data.phases == 3):
            return {name: rational(watts) for name, watts in powers.items()}
        phases = ("", "_L2", "_L3")
        return {f"{name}{phase}": rational(watts / 3) for name, watts in powers.items() for phase in phases}

    def _ac(self) -> AcData:
        if self._vehicle.ac is None:
            raise ValueError(f"{self._vehicle.name} has no AC charger")
        return self._vehicle.ac

    def _dc(self) -> DcData:
        if self._vehicle.dc is None:
            raise ValueError(f"{self._vehicle.name} has no DC inlet")
        return self._vehicle.dc
