"""Power schedules the charger offers in Scheduled mode (ISO 15118-20, 8.3.5.3.16 to .20)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ev_emulator._values import phases_sum


def as_list(value: Any) -> list[Any]:
    """A repeated element as a list, also when it stood once or not at all."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


@dataclass(frozen=True)
class Slot:
    """A piece of a schedule: `power_w` holds from `start_s` (epoch) for `duration_s`."""

    start_s: int
    duration_s: int
    power_w: float


@dataclass(frozen=True)
class Offer:
    """One schedule tuple: what may be charged and, when offered, discharged (negative watts).

    Price schedules are not read: a charger may leave them out.
    """

    tuple_id: int
    charge: tuple[Slot, ...]
    discharge: tuple[Slot, ...]
    charge_block: dict[str, Any]
    discharge_block: dict[str, Any] | None

    def charge_power_w(self, epoch_s: float) -> float | None:
        """Power that may be drawn at this time; None outside the schedule."""
        return _at(self.charge, epoch_s)

    def discharge_power_w(self, epoch_s: float) -> float | None:
        """Power that may be given back at this time, negative; None when no discharge schedule covers it."""
        power_w = _at(self.discharge, epoch_s)
        return None if power_w is None else -abs(power_w)


def offers(schedule_exchange_res: dict[str, Any]) -> list[Offer]:
    """The schedule tuples of a ScheduleExchangeRes in Scheduled mode, in the charger's order; empty otherwise."""
    scheduled = schedule_exchange_res.get("Scheduled_SEResControlMode") or {}
    found = []
    for each in as_list(scheduled.get("ScheduleTuple")):
        charge = (each.get("ChargingSchedule") or {}).get("PowerSchedule") or {}
        discharge = (each.get("DischargingSchedule") or {}).get("PowerSchedule")
        found.append(Offer(int(each["ScheduleTupleID"]), _slots(charge), _slots(discharge or {}), charge, discharge))
    return found


def _slots(block: dict[str, Any]) -> tuple[Slot, ...]:
    at = int(block.get("TimeAnchor", 0))
    slots = []
    for entry in as_list((block.get("PowerScheduleEntries") or {}).get("PowerScheduleEntry")):
        slots.append(Slot(at, int(entry["Duration"]), phases_sum(entry, "Power") or 0.0))
        at += int(entry["Duration"])
    return tuple(slots)


def _at(slots: tuple[Slot, ...], epoch_s: float) -> float | None:
    # A charger that writes TimeAnchor 0 means "from now": such schedules are read from their first slot on.
    if slots and slots[0].start_s == 0:
        return slots[0].power_w
    return next((s.power_w for s in slots if s.start_s <= epoch_s < s.start_s + s.duration_s), None)
