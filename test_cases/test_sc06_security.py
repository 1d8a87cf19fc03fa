"""SC-06: the charger trusts only its proper backend, and says so when somebody else stood there."""

import pytest

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import security

_CERTIFICATE = ["InvalidCsmsCertificate", "InvalidCentralSystemCertificate"]
# for a second look at it: one that waits longer with each failure is judged by the first, and by six at depth thorough
_AGAIN_S = 45.0


@pytest.mark.parametrize(
    ("scenario", "refusal", "report"),
    [
        pytest.param(
            "wrong_host",
            "OCPP-A00.P011",
            "OCPP-A04.P001",
            marks=serves("OCPP-A00.P011", "OCPP-A04.P001"),
            id="wrong_host",
        ),
        pytest.param(
            "unknown_ca",
            "OCPP-A00.P012",
            "OCPP-A04.P002",
            marks=serves("OCPP-A00.P012", "OCPP-A04.P002"),
            id="unknown_ca",
        ),
        pytest.param(
            "expired", "OCPP-A00.P013", "OCPP-A04.P003", marks=serves("OCPP-A00.P013", "OCPP-A04.P003"), id="expired"
        ),
        pytest.param("not_yet_valid", "OCPP-A00.P103", "", marks=serves("OCPP-A00.P103"), id="not_yet_valid"),
        pytest.param("old_tls", "OCPP-A00.P014", "", marks=serves("OCPP-A00.P014"), id="old_tls"),
    ],
)
async def test_refuses_a_hostile_backend(stand: Stand, scenario: str, refusal: str, report: str) -> None:
    """The charger refuses a backend that it must not trust, and comes back to the right one."""
    csms, patience_s = stand.csms, stand.limit_s("reconnect")
    await stand.settings.quick_reconnect()
    with stand.claim.during(security.refuses, refusal, scenario=scenario):
        async with stand.step(
            "the controls: the right server is accepted, and a careless client accepts the hostile one"
        ):
            stand.claim.control(security.connects_to_the_right_server)
            async with csms.misbehaving(scenario):
                await csms.control_handshake(scenario)
                stand.claim.control(security.control_client_connects, scenario=scenario)
                async with stand.step("the charger meets the hostile server"):
                    await stand.comes_again()
                    met = await stand.if_it_comes(csms.next_handshake("dut", within_s=patience_s, scenario=scenario))
                    if met is not None and met.data["outcome"] != "completed":  # some give in when they try again
                        await stand.if_it_comes(csms.next_handshake("dut", within_s=_AGAIN_S, scenario=scenario))
        async with stand.step("back to the right server"):
            await stand.if_it_comes(stand.station.until_ready(within_s=patience_s))
    if report:
        async with stand.step("it tells whom it met"):
            if met is None or met.data["outcome"] != "completed":  # who refused nothing has nothing to tell
                await stand.until_security_event(_CERTIFICATE, since=met)
            stand.claim(security.reports_event, report, types=_CERTIFICATE, after=met)


@pytest.mark.parametrize(
    "scenario",
    [
        pytest.param("unknown_ca", marks=serves("OCPP-A00.P101"), id="unknown_ca"),
        pytest.param("old_tls", marks=serves("OCPP-A00.P102"), id="old_tls"),
    ],
)
async def test_refuses_a_hostile_backend_again_and_again(stand: Stand, scenario: str) -> None:
    """The charger meets nobody but the hostile backend, six times over, and never gives in."""
    csms, patience_s = stand.csms, stand.limit_s("reconnect")
    await stand.settings.quick_reconnect()
    with stand.claim.during(security.refuses, scenario=scenario):
        async with stand.step("the controls, and then the hostile server alone"):
            stand.claim.control(security.connects_to_the_right_server)
            async with csms.misbehaving(scenario):
                await csms.control_handshake(scenario)
                stand.claim.control(security.control_client_connects, scenario=scenario)
                await csms.disconnect(stand.pixit.identity)
                for _ in range(6):
                    await stand.if_it_comes(csms.next_handshake("dut", within_s=patience_s, scenario=scenario))
        async with stand.step("back to the right server"):
            await stand.if_it_comes(stand.station.until_ready(within_s=patience_s))


@serves("OCPP-A00.P015")
async def test_offers_only_modern_encryption(stand: Stand) -> None:
    """In every connection it opened, the charger offered only what is still considered safe."""
    stand.claim(security.client_hello_is_modern)
