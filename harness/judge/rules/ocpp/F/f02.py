"""OCPP F02: starting a transaction from afar before the car comes."""

from __future__ import annotations

from collections.abc import Callable

from harness.judge.rules import Debt, Message, Station, rule
from harness.judge.rules._read import part, reported_states
from harness.judge.rules._station import STARTS
from harness.judge.rules.ocpp.G._service import OPERATIVE, TELLS, out_of_service


@rule("OCPP-F02.R021", "call:TransactionEvent:Started")
def remote_starts_begin_as_such(s: Station, m: Message) -> bool | str | None:
    """F02.FR.21: the first event of a transaction that the backend started has the trigger RemoteStart."""
    if m.payload.get("eventType") != "Started" or part(m.payload, "transactionInfo", "remoteStartId") is None:
        return None
    if part(m.payload, "transactionInfo", "remoteStartId") not in s.remote_starts:
        return None
    trigger = m.payload.get("triggerReason")
    return True if trigger in STARTS else f"a transaction that the backend started began with {trigger}"


@rule("OCPP-F02.R005", "call:TransactionEvent:Started")
def remote_starts_name_the_token(s: Station, m: Message) -> bool | str | None:
    """F02.FR.05: a transaction that begins by a remote start tells the idToken, which is known from the request."""
    if m.payload.get("eventType") != "Started" or m.payload.get("triggerReason") != "RemoteStart":
        return None
    if part(m.payload, "transactionInfo", "remoteStartId") not in s.remote_starts:
        return None
    return True if isinstance(m.payload.get("idToken"), dict) else "it began by a remote start and names no idToken"


@rule("OCPP-F02.R025", "result:RequestStartTransaction", *TELLS)
def nothing_starts_out_of_service(s: Station, m: Message) -> bool | Debt | None:
    """F02.FR.25: at an EVSE that is out of service nothing is started from afar."""
    kept, evse = out_of_service(s, m), m.asked.get("evseId")
    if m.action != "RequestStartTransaction" or m.call is None or s.waits_for("ChangeAvailability"):
        return None
    mine = [at for at in s.connectors if at[0] == evse]
    if not mine or not all(kept.get(at) and s.connectors[at] == "Unavailable" for at in mine):
        return None
    seen = f"EVSE {evse} was out of service, and it answered {m.status} to a remote start"
    # somebody at the station may have put it back, which may have been on its way
    return True if m.status != "Accepted" else Debt(seen, s.limits["told"], lambda _: False, ends_by=_put_back(evse))


def _put_back(evse: object) -> Callable[[Message], bool]:
    return lambda x: any(told[0] == evse and told[2] in OPERATIVE[:1] for told in reported_states(x))
