"""The order of ISO 15118-20 requests where the package's states are more patient than the standard."""

from __future__ import annotations

from typing import Any

# What may follow a stage, beside SessionStopReq. Stages that are not named here are left to the package's states.
_AFTER: dict[str, frozenset[str]] = {
    "AC_ChargeParameterDiscoveryReq": frozenset({"ScheduleExchangeReq"}),
    "DC_ChargeParameterDiscoveryReq": frozenset({"ScheduleExchangeReq"}),
    "ScheduleExchangeReq": frozenset({"ScheduleExchangeReq"}),  # still Ongoing
    "AC schedule agreed": frozenset({"PowerDeliveryReq"}),  # [V2G20-1596]
    "DC schedule agreed": frozenset({"DC_CableCheckReq", "PowerDeliveryReq"}),  # [V2G20-1594], [V2G20-2122]
    "DC_PreChargeReq": frozenset({"DC_PreChargeReq", "PowerDeliveryReq"}),
    "AC power ended": frozenset(),
    "DC power ended": frozenset({"DC_WeldingDetectionReq"}),
}
# Where PowerDelivery may follow, with which ChargeProgress: none starts before the pre-charge, and only what runs can
# be renegotiated.
_BEGINNING = frozenset({"Start", "Standby", "Stop"})
_PROGRESS = {
    "AC schedule agreed": _BEGINNING,
    "DC schedule agreed": frozenset({"Standby", "Stop"}),
    "DC_PreChargeReq": _BEGINNING,
}


class Sequence:
    """What the car may ask for next, after what it has asked and been answered. One for each session."""

    def __init__(self) -> None:
        self._stage = ""

    def allows(self, request: Any) -> bool:
        """Whether this request may come now."""
        name, may_follow = str(request), _AFTER.get(self._stage)
        if may_follow is None or name == "SessionStopReq":
            return True
        if name == "PowerDeliveryReq" and name in may_follow:
            return request.charge_progress.value in _PROGRESS[self._stage]
        return name in may_follow

    def answered(self, request: Any, answer: Any, *, ac: bool) -> None:
        """Keep where the session stands after this answer."""
        name, kind = str(request), "AC" if ac else "DC"
        if name == "ScheduleExchangeReq" and answer.evse_processing.value == "Finished":
            self._stage = f"{kind} schedule agreed"
        elif name == "PowerDeliveryReq" and request.charge_progress.value == "Stop":
            self._stage = f"{kind} power ended"
        else:
            self._stage = name
