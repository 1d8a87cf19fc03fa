"""Smart charging and transactions: profiles, composite schedules, remote start and stop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from harness.csms.station._exchange import Answer
from harness.csms.station._link import StationLink
from harness.csms.station._profiles import STATION_WIDE, Period, ProfileWish, dynamic_update, profile_payload
from harness.csms.station._reports import Collected

UNDER_TEST = 0  # as an EVSE: the one that our backend is busy with


class ChargingOperations(StationLink):
    """SetChargingProfile and its relatives (K), RequestStart/StopTransaction (F)."""

    async def set_charging_profile(
        self,
        *,
        limit: str | None = None,
        current: str | None = None,
        power: str | None = None,
        setpoint: str | None = None,
        periods: Sequence[Period] | None = None,
        discharge_limit: str | None = None,
        operation_mode: str | None = None,
        number_phases: int | None = None,
        phase_to_use: int | None = None,
        purpose: str = "TxDefaultProfile",
        stack_level: int = 0,
        evse_id: int | None = None,
        profile_id: int | None = None,
        transaction_id: str | None = None,
        kind: str = "Absolute",
        recurrency: str | None = None,
        start: str | None = None,
        duration_s: int | None = None,
        valid_from: str | None = None,
        valid_to: str | None = None,
        unit: str | None = None,
        dyn_update_interval_s: int | None = None,
        more: Mapping[str, Any] | None = None,
        more_schedule: Mapping[str, Any] | None = None,
        more_period: Mapping[str, Any] | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Set a limit ("10 A", "5 kW"), a signed setpoint (2.1, "-5 kW") or a schedule of `periods`; "10 A" if nothing.

        `limit` is a `current` or a `power`, by its unit. `evse_id` None is 0 for station-wide purposes, else the
        configured one. `profile_id` None is one id for each purpose, stack
        level, EVSE and transaction, so that a second call replaces the first (K01.FR.05, .06). A TxProfile without
        `transaction_id` takes the running transaction's; without one the field is left out. `more`, `more_schedule`
        and `more_period` are put over what was made, with OCPP's own names. Raises ValueError for a contradiction.
        """
        if limit is not None and limit.rstrip().endswith("W"):
            power = limit
        elif limit is not None:
            current = limit
        if current is power is setpoint is None and periods is None:
            current = "10 A"
        if evse_id is None:
            evse_id = 0 if purpose in STATION_WIDE else self.csms.config.evse_id
        if purpose == "TxProfile" and transaction_id is None:
            running = self.transactions.current(evse_id)
            transaction_id = running.id if running is not None else None
        extra: dict[str, Any] = {}
        if dyn_update_interval_s is not None:
            extra["dynUpdateInterval"] = dyn_update_interval_s
        wish = ProfileWish(
            current=current,
            power=power,
            setpoint=setpoint,
            periods=periods,
            discharge_limit=discharge_limit,
            operation_mode=operation_mode,
            number_phases=number_phases,
            phase_to_use=phase_to_use,
            purpose=purpose,
            stack_level=stack_level,
            kind=kind,
            recurrency=recurrency,
            transaction_id=transaction_id,
            start=start,
            duration_s=duration_s,
            valid_from=valid_from,
            valid_to=valid_to,
            unit=unit,
            more={**extra, **(more or {})},
            more_schedule=more_schedule or {},
            more_period=more_period or {},
        )
        await self.until_connected(self.csms.config.call_timeout_s if within_s is None else within_s)
        number_of = profile_id or self._profile_id(purpose, stack_level, evse_id, transaction_id)
        profile = self.charging_profile(wish, number_of)
        answer = await self.call("SetChargingProfile", {"evseId": evse_id, "chargingProfile": profile}, within_s)
        if kind == "Dynamic" and answer.accepted:
            period = profile["chargingSchedule"][0]["chargingSchedulePeriod"][0]
            self.dynamic_schedules[number_of] = {k: period[k] for k in period if k in _DYNAMIC}
        return answer

    def charging_profile(self, wish: ProfileWish, profile_id: int) -> dict[str, Any]:
        """A ChargingProfileType for this station's version, for `request_start_transaction` and raw calls."""
        return profile_payload(replace(wish), profile_id, self.version, self.csms.now())

    async def clear_charging_profile(
        self,
        profile_id: int | None = None,
        *,
        purpose: str | None = None,
        evse_id: int | None = None,
        stack_level: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Clear one profile by id, or all that match the criteria; all there are when nothing is given (K10)."""
        payload: dict[str, Any] = {}
        if profile_id is not None:
            payload["chargingProfileId"] = profile_id
        criteria = _given(evseId=evse_id, chargingProfilePurpose=purpose, stackLevel=stack_level)
        if criteria:
            payload["chargingProfileCriteria"] = criteria
        return await self.call("ClearChargingProfile", payload, within_s)

    async def get_composite_schedule(
        self, duration_s: int, evse_id: int | None = None, unit: str | None = "A", within_s: float | None = None
    ) -> Answer:
        """Ask for the schedule that results of all profiles (K08); it stands in the answer's payload["schedule"]."""
        evse_id = self.csms.config.evse_id if evse_id is None else evse_id
        payload = {"duration": duration_s, "evseId": evse_id, **_given(chargingRateUnit=unit)}
        return await self.call("GetCompositeSchedule", payload, within_s)

    async def get_charging_profiles(
        self,
        *,
        evse_id: int | None = None,
        profile_ids: Sequence[int] | None = None,
        purpose: str | None = None,
        stack_level: int | None = None,
        limit_source: Sequence[str] | None = None,
        within_s: float = 30.0,
    ) -> Collected:
        """Ask for installed profiles (K09) and collect the reports; `items` are ReportChargingProfiles payloads."""
        criterion = _given(
            chargingProfileId=list(profile_ids) if profile_ids else None,
            chargingProfilePurpose=purpose,
            stackLevel=stack_level,
            chargingLimitSource=list(limit_source) if limit_source else None,
        )
        payload = {**_given(evseId=evse_id), "chargingProfile": criterion}
        return await self.collect("GetChargingProfiles", payload, "ReportChargingProfiles", within_s)

    async def request_start_transaction(
        self,
        id_token: str = "CHARGEPROOF",
        evse_id: int | None = UNDER_TEST,
        *,
        token_type: str = "Central",
        charging_profile: Mapping[str, Any] | None = None,
        remote_start_id: int | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Start a transaction remotely (F01, F02), with a TxProfile if given (see `charging_profile()`).

        `evse_id` None leaves the choice to the charger.
        """
        evse_id = self.csms.config.evse_id if evse_id == UNDER_TEST else evse_id
        payload: dict[str, Any] = {
            "remoteStartId": remote_start_id or self.next_number(),
            "idToken": {"idToken": id_token, "type": token_type},
            **_given(evseId=evse_id),
        }
        if charging_profile is not None:
            payload["chargingProfile"] = dict(charging_profile)
        return await self.call("RequestStartTransaction", payload, within_s)

    async def request_stop_transaction(
        self, transaction_id: str | None = None, within_s: float | None = None
    ) -> Answer:
        """Stop a transaction remotely (F03); the running one without an id. Raises ValueError when none is running."""
        if transaction_id is None:
            running = self.transaction
            if running is None:
                raise ValueError(f"{self.identity} has told of no running transaction; give transaction_id")
            transaction_id = running.id
        return await self.call("RequestStopTransaction", {"transactionId": transaction_id}, within_s)

    async def update_dynamic_schedule(
        self,
        profile_id: int,
        *,
        limit: str | float | None = None,
        setpoint: str | float | None = None,
        discharge_limit: str | float | None = None,
        setpoint_reactive: str | float | None = None,
        more: Mapping[str, Any] | None = None,
        within_s: float | None = None,
    ) -> Answer:
        """Change a dynamic profile's values now (2.1, K28); values in the unit of its schedule."""
        update = dynamic_update(
            {
                "limit": limit,
                "setpoint": setpoint,
                "dischargeLimit": discharge_limit,
                "setpointReactive": setpoint_reactive,
            }
        )
        update.update(more or {})
        answer = await self.call(
            "UpdateDynamicSchedule", {"chargingProfileId": profile_id, "scheduleUpdate": update}, within_s
        )
        if answer.accepted:
            self.dynamic_schedules[profile_id] = {**self.dynamic_schedules.get(profile_id, {}), **update}
        return answer

    async def use_priority_charging(
        self, activate: bool = True, transaction_id: str | None = None, within_s: float | None = None
    ) -> Answer:
        """Switch priority charging of a transaction on or off (2.1, K21)."""
        running = self.transaction
        identifier = transaction_id or (running.id if running is not None else "")
        payload = {"transactionId": identifier, "activate": activate}
        return await self.call("UsePriorityCharging", payload, within_s)

    def _profile_id(self, purpose: str, stack_level: int, evse_id: int, transaction_id: str | None) -> int:
        key = (purpose, stack_level, evse_id, transaction_id)
        if key not in self.profile_ids:
            self.profile_ids[key] = 1000 + len(self.profile_ids) + 1
        return self.profile_ids[key]


_DYNAMIC = {
    f"{name}{phase}"
    for name in ("limit", "dischargeLimit", "setpoint", "setpointReactive")
    for phase in ("", "_L2", "_L3")
}


def _given(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
