"""OCPP K09: reporting charging profiles."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._owed import content_of, report_owed, was_requested
from harness.judge.rules._read import items, number, part


@rule("OCPP-K09.R001", "call:ReportChargingProfiles")
def reports_name_their_request(s: Station, m: Message) -> bool | str | None:
    """K09.FR.01: a report of profiles has the requestId of a request that was accepted."""
    return was_requested(s, m, "GetChargingProfiles")


@rule("OCPP-K09.R002", "result:GetChargingProfiles", "call:ReportChargingProfiles")
def accepted_reports_are_sent(s: Station, m: Message) -> Debt | None:
    """K09.FR.02, part 2 FR.05: profiles that were promised are reported, to the last part."""
    return report_owed(s, m, "ReportChargingProfiles", "GetChargingProfiles")


@rule("OCPP-K09.R005", "result:GetChargingProfiles", "call:ReportChargingProfiles")
def the_last_part_is_the_last(s: Station, m: Message) -> bool | str | None:
    """K09.FR.02: only the last part of a report says that no more is to come."""
    kept, content = s.note("K09.R005"), content_of(m)  # requestId -> (connection, the contents since it was asked)
    identity = m.asked.get("requestId") if m.is_result else m.payload.get("requestId")
    if m.is_result or identity not in kept or kept[identity][0] != m.connection:
        over, last, _ = kept.get(identity, (m.connection, content, True))
        if m.is_call or m.status == "Accepted":  # the parts of an earlier one that goes on may come among these
            kept[identity] = (m.connection, None, m.is_result and last is not None and over == m.connection)
        return None
    _, last, asked = kept[identity]
    if asked and content != last:
        kept[identity] = (m.connection, content if not m.payload.get("tbc") else None, True)
    if not asked or content == last:
        return None
    return True if last is None else f"part of report {identity} came after one that was to be the last"


@rule("OCPP-K09.R004", "call:ReportChargingProfiles")
def reported_limits_are_those_set(s: Station, m: Message) -> list[bool | str]:
    """K09.FR.04: a profile is reported as it was set."""
    said: list[bool | str] = []
    for told in items(m.payload.get("chargingProfile")):
        wanted = s.profiles.get(told.get("id", -1))
        if wanted is not None and wanted.get("chargingProfilePurpose") == told.get("chargingProfilePurpose"):
            same = _are_alike(_limits(wanted), _limits(told), s.limits["digit"])
            said.append(
                True if same else f"profile {told['id']} was set to {_limits(wanted)} and is told as {_limits(told)}"
            )
    return said


def _are_alike(wanted: list[tuple[object, ...]], told: list[tuple[object, ...]], digit: float) -> bool:
    """The same, but for what a second digit after the point may lose (one digit is what a limit has)."""
    return len(wanted) == len(told) and all(
        a[:2] == b[:2]
        and (a[2] == b[2] or (isinstance(a[2], float) and isinstance(b[2], float) and abs(a[2] - b[2]) < digit))
        for a, b in zip(wanted, told, strict=True)
    )


def _limits(profile: dict[str, object]) -> list[tuple[object, ...]]:
    """(unit, start, limit) of a profile's periods."""
    return [
        (schedule.get("chargingRateUnit"), number(period.get("startPeriod")), number(part(period, "limit")))
        for schedule in items(profile.get("chargingSchedule"))[:3]
        for period in items(schedule.get("chargingSchedulePeriod"))[:12]
    ]
