"""ISO 15118-20 refusals by hand: agreement is a fault by any reading, silence and other codes decide nothing."""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T
from tests.judges.test_v2g import v2g

PASS, FAIL, INCONCLUSIVE = Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE
CRITERION = "SC-07.11"
OURS, OTHER, ZERO = "0A0B0C0D0E0F0102", "C0FFEE00C0FFEE01", "0000000000000000"


def asked(code: str | None, *, may_close: bool = False, closed_by: str | None = None) -> T:
    """A request out of turn, its answer, and how the connection ends."""
    t = v2g(T(), "out", "ServiceDiscoveryReq")
    if code is not None:
        v2g(t, "in", "ServiceDiscoveryRes", ResponseCode=code)
    if closed_by is not None:
        t.event("v2g.connection", "dut", session=1, what="closed", state="closed", closed_by=closed_by)
    return t.claims("refusals.refused", CRITERION, since=0, codes=["FAILED_SequenceError"], may_close=may_close)


@pytest.mark.parametrize(
    ("code", "closed_by", "may_close", "verdict"),
    [
        ("FAILED_SequenceError", "dut", False, PASS),
        ("OK", None, False, FAIL),
        ("OK_NewSessionEstablished", None, True, FAIL),
        ("FAILED_UnknownSession", None, False, INCONCLUSIVE),
        ("WARNING_EIMAuthorizationFailure", None, False, INCONCLUSIVE),
        (None, "dut", False, INCONCLUSIVE),
        (None, "dut", True, PASS),
        (None, "ev", True, INCONCLUSIVE),
        (None, None, False, INCONCLUSIVE),
    ],
)
def test_a_refusal(code: str | None, closed_by: str | None, may_close: bool, verdict: Verdict) -> None:
    """The right code passes, agreement fails, and what only one reading calls wrong is left open."""
    assert asked(code, closed_by=closed_by, may_close=may_close).judged().verdict is verdict


def test_a_request_that_was_never_sent() -> None:
    """Nothing can be said of the charger."""
    assert T().claims("refusals.refused", CRITERION, since=0, codes=[]).judged().verdict is INCONCLUSIVE


@pytest.mark.parametrize(("code", "verdict"), [("OK", PASS), ("FAILED", FAIL), (None, INCONCLUSIVE)])
def test_a_control(code: str | None, verdict: Verdict) -> None:
    """The same request as it should be is agreed to."""
    t = T()
    if code is not None:
        v2g(t, "in", "DC_ChargeLoopRes", ResponseCode=code)
    assert t.claims("refusals.accepted", CRITERION, since=0, answer="ChargeLoopRes").judged().verdict is verdict


@pytest.mark.parametrize(
    ("code", "told", "verdict"),
    [
        ("OK_NewSessionEstablished", OURS, PASS),
        ("OK_NewSessionEstablished", OTHER, FAIL),
        ("OK_NewSessionEstablished", ZERO, FAIL),
        ("OK_OldSessionJoined", OTHER, FAIL),
        ("FAILED", OURS, INCONCLUSIVE),
    ],
)
def test_a_new_session(code: str, told: str, verdict: Verdict) -> None:
    """A car asks for a session that the charger never had."""
    t = v2g(T(), "out", "SessionSetupReq", Header={"SessionID": OTHER})
    v2g(t, "in", "SessionSetupRes", Header={"SessionID": told}, ResponseCode=code)
    assert t.claims("refusals.setup_is_new", CRITERION, since=0).judged().verdict is verdict
