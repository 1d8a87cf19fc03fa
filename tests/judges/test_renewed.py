"""With which certificate does a charger come once it has taken a new one?"""

from __future__ import annotations

import pytest

from harness.judge import Verdict
from tests.judges._trace import T


def comes(t: T, conn: int, key: str) -> T:
    """The charger connects, and shows a certificate with this key."""
    hello = {"versions": ["TLSv1.3"], "supported_versions_extension": True}
    shown = {"scenario": "good", "outcome": "completed", "peer": "dut", "client_hello": hello, "peer_key": key}
    t = t.event("tls.handshake", "dut", conn=conn, remote="192.0.2.7:4711", **shown)
    return t.connects(conn, remote="192.0.2.7:4711")


@pytest.mark.parametrize(
    ("status", "after", "expected"),
    [
        ("Accepted", ["k2"], Verdict.PASS),
        ("Accepted", ["k1"], Verdict.FAIL),
        ("Accepted", ["k1", "k2"], Verdict.PASS),
        ("Accepted", [], Verdict.INCONCLUSIVE),
        ("Rejected", ["k1"], Verdict.INCONCLUSIVE),
    ],
)
def test_the_newest_connection_rests_on_the_new_key(status: str, after: list[str], expected: Verdict) -> None:
    """The same key as before is the old certificate; who never came again has not shown any."""
    t = comes(T(), 1, "k1").asks("CertificateSigned").named("given").answers({"status": status})
    for conn, key in enumerate(after, 2):
        t = comes(t, conn, key)
    assert t.claims("renewed.shown", call="@given").judged().verdict is expected
