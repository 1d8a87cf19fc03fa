"""Keeps a station's facts up to date; called after the rules have seen what happened."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from harness.judge.rules._message import CSMS, STATION, Item, Line, Message, Provoked
from harness.judge.rules._read import (
    TRIGGERED,
    full_name,
    items,
    moment_s,
    number,
    part,
    reported_states,
    text_of,
    told_at_s,
    variable_name,
)
from harness.judge.rules._station import ACCEPTED, ANYTHING, MOST_NOTES, MOST_OPEN_CALLS, UNANSWERED, Station
from harness.judge.rules._transactions import transaction_told
from requirement_catalog import own_count, own_ns, own_number

_AFTER_NS = own_ns("rules.provoked_shows")
_MOST_VARIABLES, _MOST_CONNECTORS = own_count("rules.most_variables"), own_count("rules.most_connectors")
_DRIFT_S = own_number("rules.clock_drift")
_JUMP_S = own_number("rules.told_jump")

# what a call of the backend's makes the station send by itself
_ASKS_FOR = {
    "GetBaseReport": ("NotifyReport",),
    "GetReport": ("NotifyReport",),
    "GetMonitoringReport": ("NotifyMonitoringReport",),
    "GetLog": ("LogStatusNotification",),
    "UpdateFirmware": ("FirmwareStatusNotification",),
    "PublishFirmware": ("PublishFirmwareStatusNotification",),
    "CustomerInformation": ("NotifyCustomerInformation",),
    "GetDisplayMessages": ("NotifyDisplayMessages",),
    "GetChargingProfiles": ("ReportChargingProfiles",),
    "GetDERControl": ("ReportDERControl",),
}


def learn(s: Station, item: Item) -> None:
    """Take in one thing that happened."""
    if s.from_start is None and not isinstance(item, Provoked):
        s.from_start = item.kind == "opened" if isinstance(item, Line) else item.action == "BootNotification"
    if isinstance(item, Message):
        _message(s, item)
    elif isinstance(item, Line):
        _line(s, item)
    else:
        s.provoked_until_ns = max(s.provoked_until_ns, item.t_ns + item.for_ns + _AFTER_NS)


def _keep(kept: OrderedDict[Any, Any], key: Any, value: Any, most: int = MOST_NOTES) -> None:
    kept[key] = value
    kept.move_to_end(key)
    if len(kept) > most:
        kept.popitem(last=False)


def _line(s: Station, line: Line) -> None:
    s.connections_known = True
    if line.kind == "opened":
        if s.lost_utc_ns is not None and line.utc_ns is not None:
            s.outages.append((s.lost_utc_ns, line.utc_ns))
        s.connection, s.opened_ns, s.lost_utc_ns = line.connection, line.t_ns, None
        s.version = line.version or s.version
        _unanswered(s)
        s.open_calls[STATION].clear()
        s.open_calls[CSMS].clear()
    elif line.connection in (s.connection, 0):
        s.lost_utc_ns = line.utc_ns


def _unanswered(s: Station) -> None:
    """What the backend asked for over the connection before, and of which nobody knows what came of it."""
    for call in s.open_calls[CSMS].values():
        if call.action in ("SetChargingProfile", "ClearChargingProfile", "RequestStartTransaction"):
            s.profiles.clear()
        for wanted in items(call.payload.get("setVariableData")):
            s.was_set.pop(full_name(wanted), None)
            s.variables.pop(variable_name(wanted) or "", None)


def _message(s: Station, m: Message) -> None:
    s.version = m.version or s.version
    s.both_sides = s.both_sides or m.by == CSMS
    if m.is_call and m.id is not None:
        calls = s.open_calls[m.by]
        calls[m.id] = m
        if len(calls) > MOST_OPEN_CALLS:
            calls.popitem(last=False)
        if m.by == STATION:
            _keep(s.last_sent, m.action, m.t_ns)
            _clocks(s, m)
            if s.reset is not None and m.connection != s.reset_on:
                s.reset = None  # whatever it does now, it is back
    elif m.call is not None and m.call.id is not None:
        s.answers.add(m.by)
        s.open_calls[m.call.by].pop(m.call.id, None)
    learner = _LEARN.get(m.trigger)
    if learner is not None:
        learner(s, m)


# -- boot -------------------------------------------------------------------------------------------------------------


def _boots(s: Station, m: Message) -> None:
    if not s.booting and s.registration not in ("Pending", "Rejected"):
        s.waits_since_ns = m.t_ns
    s.booting, s.boot_sent_ns, s.registration, s.reset = True, m.t_ns, None, None
    s.was_set.clear()
    firmware = text_of(part(m.payload, "chargingStation", "firmwareVersion"))
    if None not in (firmware, s.firmware) and firmware != s.firmware:  # other firmware may have another device model
        s.variables.clear()
        s.kinds.clear()
    s.firmware = firmware or s.firmware


def _boot_told(s: Station, m: Message) -> None:
    s.booted, s.booting, s.registration = True, False, text_of(m.status)
    s.boot_answered_ns, s.boot_answered_on = m.t_ns, m.connection
    s.interval_s = number(m.payload.get("interval"))
    if s.registration == "Accepted":
        s.heartbeat_s = s.interval_s or None
    s.clock_jumped = False
    _time_told(s, m)


def _time_told(s: Station, m: Message) -> None:
    told = moment_s(m.payload.get("currentTime"))
    if told is not None:
        s.clock = (told, m.t_ns)


def _time_told_again(s: Station, m: Message) -> None:
    """A heartbeat's answer: with another time than was told before, which of both holds is the station's to choose."""
    told, before_s = moment_s(m.payload.get("currentTime")), s.backend_time_s(m.t_ns)
    if told is not None and before_s is not None and abs(told - before_s) > _JUMP_S:
        s.clock_jumped = True
    _time_told(s, m)


def _clocks(s: Station, m: Message) -> None:
    """What it sends at once shows its clock; what it sends late only looks as if it were behind."""
    at = told_at_s(m)
    if at is not None and m.utc_ns is not None:
        ahead_s = at - m.utc_ns / 1e9
        s.ahead_s = ahead_s if s.ahead_s is None else max(ahead_s, s.ahead_s - _DRIFT_S)


def _reset(s: Station, m: Message) -> None:
    if m.status == "Accepted" and m.call is not None and "evseId" not in m.asked:
        s.reset, s.reset_on = m, m.connection


# -- what the backend asks for ----------------------------------------------------------------------------------------


def _asked(s: Station, m: Message) -> None:
    for action in _ASKS_FOR.get(m.action or "", ()):
        s.asked_for.append((m.t_ns, action))
    request = (m.action or "", m.payload.get("requestId"))
    if request not in s.requests:
        _keep(s.requests, request, UNANSWERED)


def _triggering(s: Station, m: Message) -> None:
    wanted = str(m.payload.get("requestedMessage"))
    for action in TRIGGERED.get(wanted, (ANYTHING,)):
        s.asked_for.append((m.t_ns, action))


def _requested(s: Station, m: Message) -> None:
    request = (m.action or "", m.asked.get("requestId"))
    if m.call is not None and s.requests.get(request) not in ACCEPTED:  # refused a second time, the first one goes on
        _keep(s.requests, request, str(m.status))


def _remote_start(s: Station, m: Message) -> None:
    _keep(s.remote_starts, m.payload.get("remoteStartId"), m.payload)
    s.asked_for.append((m.t_ns, "RemoteStart"))


def _remote_stop(s: Station, m: Message) -> None:
    s.asked_for.append((m.t_ns, "RemoteStop"))


# -- what the station tells -------------------------------------------------------------------------------------------


def _status(s: Station, m: Message) -> None:
    for evse, connector, state in reported_states(m):
        if len(s.connectors) < _MOST_CONNECTORS or (evse, connector) in s.connectors:
            s.connectors[evse, connector] = state


def _variable(s: Station, item: dict[str, Any], value: object) -> None:
    name, (component, _, variable, _, evse, connector) = variable_name(item), full_name(item)
    if (component, variable) == ("connector", "connectortype") and len(s.cables) < _MOST_CONNECTORS:
        s.cables[evse, connector] = str(value)
    if isinstance(value, str) and name is not None:
        _keep(s.variables, name, value, _MOST_VARIABLES)


def _read(s: Station, m: Message) -> None:
    for result in items(m.payload.get("getVariableResult")):
        if result.get("attributeStatus") == "Accepted" and result.get("attributeType", "Actual") == "Actual":
            _variable(s, result, result.get("attributeValue"))


def _reported(s: Station, m: Message) -> None:
    for item in items(m.payload.get("reportData")):
        for attribute in items(item.get("variableAttribute")):
            if attribute.get("type", "Actual") == "Actual":
                _variable(s, item, attribute.get("value"))
                kind = str(part(item, "variableCharacteristics", "dataType")), str(attribute.get("mutability", ""))
                _keep(s.kinds, full_name(item), kind, _MOST_VARIABLES)


def _set(s: Station, m: Message) -> None:
    for wanted, result in zip(
        items(m.asked.get("setVariableData")), items(m.payload.get("setVariableResult")), strict=False
    ):
        if result.get("attributeStatus") == "RebootRequired":  # from when on it holds, nobody knows
            s.was_set.pop(full_name(wanted), None)
            s.variables.pop(variable_name(wanted) or "", None)
        if result.get("attributeStatus") == "Accepted" and wanted.get("attributeType", "Actual") == "Actual":
            value = wanted.get("attributeValue")
            _variable(s, wanted, value)
            _keep(s.was_set, full_name(wanted), str(value))
            if variable_name(wanted) == "ocppcommctrlr.heartbeatinterval" and str(value).isdigit():
                s.heartbeat_s = float(str(value)) or None


def _profile(s: Station, m: Message) -> None:
    profile = m.asked.get("chargingProfile")
    if m.status == "Accepted" and isinstance(profile, dict) and isinstance(profile.get("id"), int):
        _keep(s.profiles, profile["id"], profile)


def _cleared(s: Station, m: Message) -> None:
    """Which of them criteria name, the station alone knows."""
    identity, criteria = m.asked.get("chargingProfileId"), m.asked.get("chargingProfileCriteria")
    if identity is None and criteria in ({}, None, {"chargingProfilePurpose": "ChargingStationMaxProfile"}):
        s.knows_station_limits |= m.status in ("Accepted", "Unknown")
    if m.status == "Accepted" and identity is not None:
        s.profiles.pop(identity, None)
    elif m.status == "Accepted":
        s.profiles.clear()


def _dynamic(s: Station, m: Message) -> None:
    s.profiles.pop(m.asked.get("chargingProfileId", -1), None)  # its limits are no longer those that were set


def _pulls(s: Station, m: Message) -> None:
    s.profiles.pop(m.payload.get("chargingProfileId", -1), None)


def _brought_a_profile(s: Station, m: Message) -> None:
    s.profiles.pop(part(m.asked, "chargingProfile", "id"), None)  # replaced, or not: K01.FR.05


def _answered_event(s: Station, m: Message) -> None:
    tx = s.transaction(m.call) if m.call is not None else None
    if tx is not None and part(m.payload, "idTokenInfo", "status") not in (None, "Accepted"):
        tx.authorized = False


_LEARN: dict[str, Callable[[Station, Message], None]] = {
    "call:BootNotification": _boots,
    "told:BootNotification": _boot_told,
    "told:Heartbeat": _time_told_again,
    "result:Reset": _reset,
    "asked:TriggerMessage": _triggering,
    "asked:RequestStartTransaction": _remote_start,
    "asked:RequestStopTransaction": _remote_stop,
    "result:RequestStartTransaction": _brought_a_profile,
    "call:TransactionEvent": transaction_told,
    "call:StatusNotification": _status,
    "call:NotifyEvent": _status,
    "result:GetVariables": _read,
    "result:SetVariables": _set,
    "result:SetChargingProfile": _profile,
    "result:ClearChargingProfile": _cleared,
    "result:UpdateDynamicSchedule": _dynamic,
    "call:PullDynamicScheduleUpdate": _pulls,
    "told:TransactionEvent": _answered_event,
    "call:NotifyReport": _reported,
    **{f"asked:{action}": _asked for action in _ASKS_FOR},
    **{f"result:{action}": _requested for action in _ASKS_FOR},
}
