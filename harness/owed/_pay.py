"""Putting back what is owed, request by request; the guard at the wire ticks off what the charger has taken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from harness.csms import V21, Answer, Station
from harness.owed._debts import Debts
from harness.owed._look import ASKED_WITHIN_S, controls_of, said, serials
from harness.owed._model import key_of

ALL_WITHIN_S = 120.0  # however much it is, and however often the charger goes away meanwhile
_LIVES_WITH_ITS_SESSION = "TxProfile"
Connect = Callable[[str], Awaitable[Station]]


@dataclass
class Paid:
    """What came of putting back, in plain words: `done`; `left`, with why, which stays owed; `lost` to everybody.

    `stays`: what was changed, and nobody can put back. `why` nothing was tried; "" where it was.
    """

    done: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stays: list[str] = field(default_factory=list)
    why: str = ""


async def put_back(debts: Debts, connect: Connect, within_s: float = ALL_WITHIN_S) -> Paid:
    """Put back everything that is owed, as far as the charger takes it; never raises for what it does.

    `connect("ocpp2.1")` gives the station once it is connected in that version ("": in any), or raises TimeoutError.
    Raises OSError where the undo file cannot be kept.
    """
    paid, before = Paid(), debts.owed.words()
    left = len(before)
    try:
        async with asyncio.timeout(within_s) as bound:
            for step in _STEPS if before else ():
                try:
                    async for words in step(debts, connect, paid):
                        now = len(debts.owed.words())
                        paid.left += [words] if now == left else []
                        left = now
                except (TimeoutError, ConnectionError) as error:  # the next step may do all the same
                    if bound.expired():
                        raise
                    paid.left.append(str(error))
    except TimeoutError:
        paid.left.append(f"not done within {within_s:g} s")
    paid.done = [each for each in before if each not in debts.owed.words() and each not in paid.lost]
    paid.left = list(dict.fromkeys(paid.left)) or debts.owed.words()
    debts.look_again()
    await debts.keep()
    return paid


async def _ours(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    """What we put in is taken out first, so that what was there finds its place free."""
    for number in list(debts.owed.ours):
        answer = await (await connect("")).clear_charging_profile(number, within_s=ASKED_WITHIN_S)
        yield _words(f"our charging profile {number}", answer)
    for number in list(debts.owed.reservations):
        answer = await (await connect("")).cancel_reservation(number, ASKED_WITHIN_S)
        yield _words(f"our reservation {number}", answer)


async def _settings(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    for each in list(debts.owed.settings):
        data = {"setVariableData": [{**each.item, "attributeValue": each.value}]}
        yield _words(str(each), await (await connect("")).call("SetVariables", data, ASKED_WITHIN_S))


async def _service(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    for evse in list(debts.owed.evses):
        station = await connect("")
        again = await station.change_availability("Operative", evse or None, within_s=ASKED_WITHIN_S)
        yield _words(f"EVSE {evse} back into service", again)


async def _local_list(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    if debts.owed.local_list:
        payload = {"versionNumber": 1, "updateType": "Full"}
        yield _words("the local list", await (await connect("")).call("SendLocalList", payload, ASKED_WITHIN_S))


def _words(what: str, answer: Answer) -> str:
    return f"{what}: {said(answer, '')}"


async def _clear_control(station: Station, control: str) -> Answer:
    """A default and a scheduled control are told apart in the request, and the id alone tells not which ours was."""
    first = await station.clear_der_control(control_id=control, within_s=ASKED_WITHIN_S)
    if first.accepted:
        return first
    return await station.clear_der_control(control_id=control, is_default=False, within_s=ASKED_WITHIN_S)


async def _monitors(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    """Those whose ids it has told; of others the one that is just like ours is found in its report."""
    monitors = list(debts.owed.monitors)
    if not monitors:
        return
    station = await connect("")
    if any(each.id is None for each in monitors):
        asked = await station.get_monitoring_report(within_s=ASKED_WITHIN_S)
        if not asked.complete or (not asked.answer.accepted and asked.answer.status != "EmptyResultSet"):
            yield f"our monitors: {asked.missing or said(asked.answer, '')}"
            return
        there = [
            (key_of(entry), each)
            for entry in asked.entries("monitor")
            for each in entry.get("variableMonitoring") or []
        ]
        for mine in [each for each in monitors if each.id is None]:
            like = [m.get("id") for key, m in there if key == key_of(mine.item) and _alike(m, mine.item)]
            if len(like) > 1:
                yield f"{mine}: there are {len(like)} that look the same"
                continue
            debts.owed.monitors.remove(mine)
            if like:
                yield _words(str(mine), await station.clear_monitors(like, ASKED_WITHIN_S))
    if numbers := [each.id for each in debts.owed.monitors if each.id is not None]:
        yield _words("our monitors", await station.clear_monitors(numbers, ASKED_WITHIN_S))


def _alike(there: dict[str, Any], mine: dict[str, Any]) -> bool:
    return all(there.get(name) == mine.get(name) for name in ("type", "value", "severity"))


async def _certificates(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    for mine in list(debts.owed.certificates):
        station = await connect("")
        listed = await station.get_installed_certificate_ids(mine.kind, within_s=ASKED_WITHIN_S)
        there = serials(listed)
        if mine.serial in there:
            yield _words(str(mine), await station.delete_certificate(there[mine.serial], ASKED_WITHIN_S))
        elif listed.status in ("Accepted", "NotFound"):
            debts.owed.certificates.remove(mine)
        else:
            yield _words(str(mine), listed)


async def _grid(debts: Debts, connect: Connect, _: Paid) -> AsyncIterator[str]:
    """Ours are cleared; those of the operator that are not in force then are set again."""
    if not (debts.owed.controls or debts.owed.grid):
        return
    station = await connect(V21)  # an older version knows none of it
    for control in list(debts.owed.controls):
        yield _words(f"our DER control {control}", await _clear_control(station, control))
    for kind in dict.fromkeys(each.kind for each in debts.owed.grid):
        in_force = {each.id: each for each in await controls_of(station, kind)}
        for mine in [each for each in debts.owed.grid if each.kind == kind]:
            if mine.id in in_force:
                debts.owed.grid.remove(mine)
                continue
            again = await station.set_der_control(
                kind, mine.body, control_id=mine.id, is_default=mine.is_default, within_s=ASKED_WITHIN_S
            )
            yield _words(str(mine), again)


async def _profiles(debts: Debts, connect: Connect, paid: Paid) -> AsyncIterator[str]:
    for profile in list(debts.owed.profiles):
        until, why = profile.body.get("validTo"), ""
        if profile.body.get("chargingProfilePurpose") == _LIVES_WITH_ITS_SESSION:
            why = "it belonged to a session that is over"
        elif _over(until, datetime.now(UTC)):
            why = f"its validity ended on {until}"
        if why:
            debts.forget(profile)
            paid.lost.append(f"charging profile {profile}")
            yield f"{profile}: {why}"
            continue
        station = await connect(profile.version)
        payload = {"evseId": profile.evse_id, "chargingProfile": profile.body}
        yield _words(str(profile), await station.call("SetChargingProfile", payload, ASKED_WITHIN_S))


def _over(until: object, now: datetime) -> bool:
    """Whether a validTo lies in the past; one that cannot be read does not."""
    try:
        ends = datetime.fromisoformat(str(until))
    except ValueError:
        return False
    return (ends if ends.tzinfo is not None else ends.replace(tzinfo=UTC)) <= now


_STEPS = (_ours, _monitors, _certificates, _service, _settings, _local_list, _profiles, _grid)
