"""What the backend took out of service: as the station accepted it, and told it since."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from harness.judge.rules import Message, Station
from harness.judge.rules._read import part, reported_states

TELLS = ("asked:ChangeAvailability", "result:ChangeAvailability", "call:StatusNotification", "call:NotifyEvent")
OPERATIVE = ("Available", "Occupied", "Reserved")
Connector = tuple[int, int]


def out_of_service(s: Station, m: Message) -> OrderedDict[Connector, bool]:
    """Connectors that were told as Unavailable after an accepted request for their EVSE or the station, and that no
    other request and no other state is about since. Taken in by each rule that asks; twice is as once."""
    kept, scopes = s.note("out of service"), s.note("out of service asked")  # EVSE, None: the station
    if m.action == "ChangeAvailability":
        _asked(s, m, kept, scopes)
    for evse, connector, state in reported_states(m) if m.is_call else ():
        if state in OPERATIVE:  # somebody at the station may have put it back
            _forget(kept, scopes, evse, connector)
        elif state == "Unavailable" and (evse in scopes or None in scopes):
            kept[evse, connector] = True
    return kept


def _asked(s: Station, m: Message, kept: OrderedDict[Any, Any], scopes: OrderedDict[Any, Any]) -> None:
    asked = m.payload if m.is_call else m.asked
    evse, connector = part(asked, "evse", "id"), part(asked, "evse", "connectorId")
    down = asked.get("operationalStatus") == "Inoperative" and connector is None
    if m.is_call and not down:
        _forget(kept, scopes, evse, connector)
    elif m.status == "Accepted" and down and not s.waits_for("ChangeAvailability", but=m.call):
        scopes[evse] = True


def _forget(kept: OrderedDict[Any, Any], scopes: OrderedDict[Any, Any], evse: object, connector: object) -> None:
    for at in [at for at in kept if evse in (None, at[0]) and connector in (None, at[1])]:
        del kept[at]
    for scope in [scope for scope in scopes if evse is None or scope in (None, evse)]:
        del scopes[scope]


def connectors_of(s: Station, asked: dict[str, Any]) -> list[Connector]:
    """The connectors that were told of and that a request is about."""
    evse, connector = part(asked, "evse", "id"), part(asked, "evse", "connectorId")
    return [at for at in s.connectors if evse in (None, at[0]) and connector in (None, at[1])]
