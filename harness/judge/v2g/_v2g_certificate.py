"""The certificate that a charger shows to cars."""

from __future__ import annotations

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.ocpp._clock import moment
from harness.trace import Trace

_CLAUSE = "ISO 15118-20:2022, TLS: the charger's certificate; RFC 5280, 4.1.2.5"


@judge("v2g.certificate_in_date")
def certificate_in_date(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` each certificate that the charger showed to our car was in date by the bench's clock.

    Where the car verifies, it turns one away that is not, and says so; roots of the bench's own that are out of date
    are not the charger's. Where it does not, the dates of the charger's own certificate are compared.
    """
    expected = "the certificate that the charger shows to cars is in date"
    lines = [
        e
        for e in trace.of("v2g.connection").after(int(claim.params["since"])).up_to(claim.seq)
        if e.data.get("what") == "tls"
    ]
    shown = 0
    for event in lines:
        if event.data.get("out_of_date"):
            seen = f"our car turned it away: {event.data['out_of_date']}"
            return holds(False, expected, seen, event, clause=_CLAUSE)
        valid = [moment(each) for each in (event.data.get("tls") or {}).get("peer_valid") or ()]
        now = moment(event.utc)
        if len(valid) != 2 or now is None or valid[0] is None or valid[1] is None:
            continue
        shown += 1
        if not valid[0] <= now <= valid[1]:
            seen = f"it is valid from {valid[0].isoformat()} to {valid[1].isoformat()}"
            return holds(False, expected, seen, event, clause=_CLAUSE)
    if not shown:
        return unseen(expected, "no certificate of the charger's was seen", acted="dut", clause=_CLAUSE)
    return holds(True, expected, f"{shown} connections looked at", lines[-1], clause=_CLAUSE)
