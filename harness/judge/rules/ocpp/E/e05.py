"""OCPP E05: a token that the backend refuses while its transaction runs."""

from __future__ import annotations

from harness.judge.rules import Debt, Message, Station, Transaction, rule
from harness.judge.rules._read import is_old, items, part, variable_name

_MOST = "txctrlr.maxenergyoninvalidid"
_UNKNOWN = ("UnknownComponent", "UnknownVariable")


@rule("OCPP-E05.R010", "told:TransactionEvent", "result:GetVariables")
def a_refused_token_ends_the_energy(s: Station, m: Message) -> Debt | None:
    """E05.FR.10, .09, .02: after the backend refused its token, a transaction does not charge on."""
    kept, tx, token = s.note("E05.R010"), s.transaction(m.call) if m.call is not None else None, m.asked.get("idToken")
    if m.action == "GetVariables":
        read = [x for x in items(m.payload.get("getVariableResult")) if variable_name(x) == _MOST]
        kept["none"] = any(x.get("attributeStatus") in _UNKNOWN for x in read) if read else kept.get("none", False)
    if tx is None or not isinstance(token, dict):
        return None
    first = kept.setdefault(tx.id, token.get("idToken"))  # another one may be shown, and concerns it not
    stops = kept.get("none") or s.variables.get("txctrlr.stoptxoninvalidid", "").lower() == "true"
    refused = part(m.payload, "idTokenInfo", "status") not in (None, "Accepted") and first == token.get("idToken")
    return _goes_dark(s, tx, m.t_ns, s.limits["stops"]) if refused and stops and s.runs(tx) else None


def _goes_dark(s: Station, tx: Transaction, since_ns: int, stops_s: float) -> Debt:
    def is_mine(x: Message) -> bool:
        return x.is_call and part(x.payload, "transactionInfo", "transactionId") == tx.id

    def stops(x: Message) -> bool:
        ended = x.payload.get("eventType") == "Ended" or x.payload.get("triggerReason") == "Deauthorized"
        return is_mine(x) and (ended or part(x.payload, "transactionInfo", "chargingState") not in (None, "Charging"))

    def charges(x: Message) -> str | None:
        late = is_mine(x) and not tx.missing and x.t_ns - since_ns > stops_s * 1e9 and not is_old(s, x, stops_s / 2)
        state = part(x.payload, "transactionInfo", "chargingState") or tx.state
        seen = f"the backend refused its token, and it charged on for {stops_s:g} s and more"
        return seen if late and state == "Charging" else None

    return Debt("", 10 * stops_s, stops, charges)
