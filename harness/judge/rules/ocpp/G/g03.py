"""OCPP G03: changing availability."""

from __future__ import annotations

from typing import Any

from harness.judge.rules import Debt, Message, Passed, Station, rule
from harness.judge.rules._owed import passed_over, still_ran
from harness.judge.rules._read import part, reported_states
from harness.judge.rules.ocpp.G._service import OPERATIVE, Connector, connectors_of


@rule("OCPP-G03.R004", "result:ChangeAvailability")
def tells_the_new_state(s: Station, m: Message) -> Debt | None:
    """G03.FR.04: a connector that was made unavailable is reported so."""
    evse, connector = part(m.asked, "evse", "id"), part(m.asked, "evse", "connectorId")
    if m.status != "Accepted" or m.asked.get("operationalStatus") != "Inoperative" or not s.connectors:
        return None
    mine = [at for at in s.connectors if evse in (None, at[0]) and connector in (None, at[1])]
    if not mine or any(s.connectors[at] != "Available" for at in mine):
        return None  # one of them may not change, or has changed already
    seen = "it accepted to become unavailable and reported no connector so"
    return Debt(
        seen,
        s.limits["told"],
        lambda x: any(r[:2] in mine and r[2] == "Unavailable" for r in reported_states(x)),
        ends_by=lambda x: x.action == "ChangeAvailability" or any(r[:2] in mine for r in reported_states(x)),
    )


@rule("OCPP-G03.R005", "result:ChangeAvailability")
def waits_for_a_running_transaction(s: Station, m: Message) -> bool | Debt | None:
    """G03.FR.05: while a transaction runs, becoming unavailable is scheduled."""
    evse, connector = part(m.asked, "evse", "id"), part(m.asked, "evse", "connectorId")
    running = [t for t in s.ongoing(evse) if connector in (None, t.connector)]
    if m.asked.get("operationalStatus") != "Inoperative" or not running:
        return None
    if evse is not None and any(state == "Unavailable" for at, state in s.connectors.items() if at[0] == evse):
        return None
    seen = "a transaction ran, and it became unavailable at once"
    return still_ran(s, m, seen, *running) if m.status == "Accepted" else True


@rule("OCPP-G03.R003", "result:ChangeAvailability")
def accepts_to_stay_as_it_is(s: Station, m: Message) -> bool | Debt | None:
    """G03.FR.03: told to be Operative while it is so already, it accepts."""
    last, wanted = s.note("G03.R003"), m.asked.get("operationalStatus")
    before, mine = last.get("wanted"), _meant(s, m)
    if m.call is not None and m.status != "Rejected":
        last["wanted"] = wanted  # one that waits for the end of a transaction leaves open what it is
    if wanted != "Operative" or before == "Inoperative" or s.registration == "Pending":
        return None
    if not _is_in_service([s.connectors[at] for at in mine], before):
        return None
    if m.status == "Accepted":
        return True
    seen, over = f"it was in service, and answered {m.status} to Operative", Passed(int(s.limits["others"]), 0, bool)
    # what it tells next may have crossed the request; so many calls later it has not
    return Debt(seen, s.limits["settles"], lambda _: False, ends_by=lambda x: _is_out_of_service(x, mine), passed=over)


def _is_in_service(states: list[str], before: Any) -> bool:
    """What was asked for `before` the log began (None) may wait for the end of a transaction."""
    return bool(states) and all(x in OPERATIVE for x in states) and not (before is None and "Occupied" in states)


def _meant(s: Station, m: Message) -> list[tuple[int, int]]:
    """The connectors that a request is about; none where there may be some that were never told."""
    evse, connector = part(m.asked, "evse", "id"), part(m.asked, "evse", "connectorId")
    if connector is None and not (s.from_start and s.booted):
        return []
    return [at for at in s.connectors if evse in (None, at[0]) and connector in (None, at[1])]


def _is_out_of_service(m: Message, mine: list[tuple[int, int]]) -> bool:
    return any(told[:2] in mine and told[2] not in OPERATIVE for told in reported_states(m))


@rule("OCPP-G03.R007", "asked:ChangeAvailability", "result:ChangeAvailability")
def each_connector_comes_back(s: Station, m: Message) -> list[Debt] | None:
    """G03.FR.07: back in service, each connector goes back to what it was."""
    kept, asked = s.note("G03.R007"), m.payload if m.is_call else m.asked
    scope, up = str(asked.get("evse")), asked.get("operationalStatus") == "Operative"
    if m.is_call:
        before = {at: s.connectors[at] for at in connectors_of(s, asked)}
        if up or part(asked, "evse", "connectorId") is not None:
            before = kept.get(scope, {})
        kept.clear()
        kept[scope] = before
    if _held_by_another(s, m, scope, up) or m.is_call or s.waits_for("ChangeAvailability", but=m.call):
        return None
    left = [at for at, state in kept.pop(scope, {}).items() if state in OPERATIVE]
    return [_back(s, at) for at in left if s.connectors.get(at) == "Unavailable"]


def _held_by_another(s: Station, m: Message, scope: str, up: bool) -> bool:
    """Whether it is not put back, or another Inoperative still holds it: station, EVSE and connector have states of
    their own (G03, note 1)."""
    down = s.note("G03.R007 down")
    if m.is_call and not up:
        down[scope] = True
    elif not m.is_call and up and m.status == "Accepted":
        down.pop(scope, None)
        return bool(down)
    return True


def _back(s: Station, at: Connector) -> Debt:
    ends = ("ChangeAvailability", "BootNotification", "FirmwareStatusNotification", "UpdateFirmware", "Reset")
    seen = f"EVSE {at[0]} went back into service, and its connector {at[1]} stayed Unavailable"

    def told(x: Message) -> bool:
        return any(each[:2] == at and each[2] != "Unavailable" for each in reported_states(x))

    return Debt(seen, s.limits["told"], told, ends_by=lambda x: x.action in ends, passed=passed_over(s))
