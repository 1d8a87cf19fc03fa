"""One transaction and the charging state that its car and the station are in (E01.FR.18, ChargingStateEnumType)."""

from __future__ import annotations

from dataclasses import dataclass, field

from harness.emulator._ports import PlantPort, PowerLimits
from harness.emulator.ocpp.provisioning._model import Json

FLOWING_W = 100.0
START_PATIENCE_S = 5.0
PAUSE_PATIENCE_S = 1.0


@dataclass
class Transaction:
    """The one transaction of an EVSE."""

    id: str
    connector: int | None = None
    seq_no: int = 0
    told: bool = False  # whether an event of it was
    authorized: bool = False
    id_token: Json | None = None
    token_told: bool = False
    group: Json | None = None
    remote_start_id: int | None = None
    remote_told: bool = True
    charging_state: str = "Idle"
    power_path_at: float | None = None
    offered_at: float | None = None
    flowed_at: float | None = None
    charged_s: float = 0.0
    phases_told: int | None = None
    evse_told: bool = False
    reservation_id: int | None = None  # until it is told
    suspended_by_id: bool = False
    begin_values: list[Json] = field(default_factory=list)


def observe(tx: Transaction, plant: PlantPort, limits: PowerLimits, now: float) -> str:
    """The charging state of the plant now; notes in `tx` when power flowed and when it was offered last."""
    if plant.plugged_connector is None:
        return "Idle"
    if not tx.authorized:
        return "EVConnected"
    offered = max(limits.charge_w, limits.discharge_w) >= FLOWING_W and limits.setpoint_w != 0
    if not offered or tx.suspended_by_id:
        tx.offered_at = None
    elif tx.offered_at is None:
        tx.offered_at = now
    if abs(plant.readings().p_w) >= FLOWING_W and plant.contactor_closed:
        tx.flowed_at = now
        return "Charging"
    if tx.offered_at is None:
        return "SuspendedEVSE"
    # the car gets a while to start, and power that crosses zero is no suspension
    resumed = tx.flowed_at is not None and tx.flowed_at >= tx.offered_at
    waited = now - (tx.flowed_at if resumed and tx.flowed_at is not None else tx.offered_at)
    patient = waited < (PAUSE_PATIENCE_S if resumed else START_PATIENCE_S)
    return tx.charging_state if patient and tx.charging_state != "Idle" else "SuspendedEV"
