"""SC-06: the charger trusts only its proper backend, and says so when somebody else stood there."""

import pytest

from harness.case import disruptive, needs, takes, verifies
from harness.hands import Claims, Contract, Csms, IfItComes, Settings, Station, Steps
from harness.judge import security

_CERTIFICATE_EVENTS = ["InvalidCsmsCertificate", "InvalidCentralSystemCertificate"]
_TLS_EVENTS = ["InvalidTLSVersion", "InvalidTLSCipherSuite"]


@pytest.mark.parametrize(
    ("scenario", "criterion", "events"),
    [
        pytest.param(
            "wrong_host", "SC-06.1", _CERTIFICATE_EVENTS, id="wrong_host", marks=[verifies("SC-06.1", "SC-06.5")]
        ),
        pytest.param(
            "unknown_ca", "SC-06.2", _CERTIFICATE_EVENTS, id="unknown_ca", marks=[verifies("SC-06.2", "SC-06.5")]
        ),
        pytest.param("expired", "SC-06.3", _CERTIFICATE_EVENTS, id="expired", marks=[verifies("SC-06.3", "SC-06.5")]),
        pytest.param("old_tls", "SC-06.4", _TLS_EVENTS, id="old_tls", marks=[verifies("SC-06.4")]),
    ],
)
@needs(security_profile="2")
@takes(4)
@disruptive("the charger is made to reconnect while a hostile server stands in for its backend")
async def test_refuses_a_hostile_backend(
    station: Station,
    csms: Csms,
    step: Steps,
    claim: Claims,
    contract: Contract,
    settings: Settings,
    if_it_comes: IfItComes,
    scenario: str,
    criterion: str,
    events: list[str],
) -> None:
    """The charger refuses a backend that it must not trust, and comes back to the right one."""
    await settings.quick_reconnect()
    async with step("the controls: the right server is accepted, and a careless client accepts the hostile one"):
        claim.control(security.connects_to_the_right_server, criterion)
        async with csms.misbehaving(scenario):
            await csms.control_handshake(scenario)
            claim.control(security.control_client_connects, criterion, scenario=scenario)
            async with step("the charger meets the hostile server"):
                await csms.disconnect(station.identity)
                patience_s = contract["security.reconnect_time"]
                met = await if_it_comes(csms.next_handshake("dut", within_s=patience_s, scenario=scenario))
                if met is not None and met.data["outcome"] != "completed":  # some give in when they try again
                    await if_it_comes(csms.next_handshake("dut", within_s=patience_s, scenario=scenario))
    async with step("back to the right server"):
        await if_it_comes(station.until_ready(within_s=patience_s))
        claim(security.refuses, criterion, scenario=scenario)
        if scenario != "old_tls":
            await if_it_comes(
                station.expect(
                    "SecurityEventNotification",
                    where=lambda m: m.payload.get("type") in events,
                    since=met,
                    within_s=contract["security.event_time"],
                )
            )
            claim(security.reports_event, "SC-06.5", types=events, after=met)


@verifies("SC-06.6")
@needs(security_profile="2")
@takes(1)
async def test_offers_only_modern_encryption(station: Station, claim: Claims) -> None:
    """In every connection it opened, the charger offered only what is still considered safe."""
    claim(security.client_hello_is_modern)
