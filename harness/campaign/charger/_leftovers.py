"""Charging profiles that somebody else has put into the charger: set aside before the first case, put back at the end.

They outlive a restart (K01.FR.27), and operators install them; a case would take what they limit for the charger's own
doing. What is cleared is owed from before it is cleared; what cannot be read is not cleared, and stays in the trace by
its name.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from harness.csms import V21, Answer
from harness.hands import Stand
from harness.owed import SetAside
from requirement_catalog import own_number

ASKED_WITHIN_S = own_number("leftovers.asked_within")
ALL_WITHIN_S = own_number("leftovers.within")  # however many there are
_NOT_OURS = ("ChargingStationExternalConstraints", "LocalGeneration")  # set on site; K10 does not clear them
# a backend names what it asks for (K09.FR.03)
_PURPOSES = ("ChargingStationMaxProfile", "TxDefaultProfile", "TxProfile", "ChargingStationExternalConstraints")
_PURPOSES_2_1 = ("PriorityCharging", "LocalGeneration")


async def set_aside(stand: Stand, say: Callable[[str], None]) -> None:
    """Ask what stands in the charger (K09), write it down, and clear what a backend may clear (K10).

    Raises nothing for what the charger does, and OSError where it cannot be written down.
    """
    ports = stand.ports
    if ports.profile.declared("smart_charging") == "no":
        return
    left: list[str] = []
    taken: list[SetAside] = []
    try:
        async with asyncio.timeout(ALL_WITHIN_S):
            await _clear(stand, taken, left)
    except (TimeoutError, ConnectionError) as error:
        left.append(str(error) or f"not done within {ALL_WITHIN_S:g} s")
        ports.owed.unread["all"] = ports.owed.may_hold = f"what it holds could not be set aside: {left[-1]}"
    if taken or left:
        told = [{"evse_id": each.evse_id, "profile": each.body} for each in taken]
        ports.recorder.record("profiles.set_aside", "harness", {"profiles": told, "not": left})
    if taken:
        say(f"charging profiles of the charger's operator, set aside for the run: {', '.join(map(str, taken))}")
    for each in dict.fromkeys(left):
        say(f"  could not be set aside, and may limit what is measured: {each}")


async def _clear(stand: Stand, taken: list[SetAside], left: list[str]) -> None:
    """Ask purpose by purpose and clear; `left` gets in plain words what stays."""
    owed, station = stand.ports.owed, await stand.reach.connected()
    within_s, promised = ASKED_WITHIN_S, list[str]()
    for purpose in (*_PURPOSES, *(_PURPOSES_2_1 if station.version == V21 else ())):
        asked = await station.get_charging_profiles(purpose=purpose, within_s=within_s)
        if asked.answer.accepted and not asked.complete and not promised:  # just booted, it may have had no turn yet
            asked = await station.get_charging_profiles(purpose=purpose, within_s=within_s)
        for found in leftovers(asked.items, station.version or ""):
            taken.append(found)
            await owed.set_aside(found)  # before it is cleared: whoever comes next puts it back all the same
            answer = await station.clear_charging_profile(found.body["id"])
            if answer.accepted:
                continue
            left.append(f"{found}: {_said(answer)}")
            owed.unread[purpose] = f"{found} was not cleared by its id: {_said(answer)}"
            if not answer.timed_out:  # without an answer it may be gone: to install it twice does no harm
                taken.remove(found)
                owed.forget(found)
        if not asked.complete and asked.answer.accepted:
            within_s = ASKED_WITHIN_S / 3  # one that owes a report owes the next one, too
            promised.append(purpose)
            owed.unread[purpose] = owed.may_hold = (
                "it may hold charging profiles that limit it: asked for those it has, it answered Accepted, and its"
                f" report did not come ({', '.join(promised)})"
            )
        if not asked.answer.payload:  # it does not answer, or knows no such request: the next is no better
            left.append(asked.missing or f"asked for its profiles, {_said(asked.answer)}")
            owed.unread["all"] = f"asked for its profiles, {_said(asked.answer)}"
            break
    if promised:
        left.append(owed.may_hold)


def leftovers(reports: Iterable[dict[str, Any]], version: str = "") -> list[SetAside]:
    """What a backend installed, of ReportChargingProfiles payloads; limits that were set on site are not among it."""
    found = []
    for report in reports:
        if report.get("chargingLimitSource", "CSO") != "CSO" or not isinstance(report.get("evseId"), int):
            continue
        for body in report.get("chargingProfile") or []:
            if isinstance(body, dict) and "id" in body and body.get("chargingProfilePurpose") not in _NOT_OURS:
                found.append(SetAside(report["evseId"], body, version))
    return found


def _said(answer: Answer) -> str:
    return f"the charger answered {answer.status or answer.error_code or 'nothing'}"
