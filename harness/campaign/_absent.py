"""A charger that was waited for and is not there: what came instead, in onboarding's words, and what that proves."""

from __future__ import annotations

from harness.campaign._campaign import Campaign
from harness.judge.line.security import highest_profile
from harness.onboard import Advice, Told, diagnose, local_addresses
from harness.trace import Trace

_MOST = 3
_ANY_ADDRESS = ("0.0.0.0", "::")
_JUDGED_ALL_THE_SAME = {"OCPP-A00.P001": highest_profile}


def what_came_instead(campaign: Campaign) -> list[Advice]:
    """The problems that stand, the last ones first told; "nothing arrived" when nothing did."""
    csms = campaign.ports.csms
    config = csms.config
    expected = Told(
        url=csms.url(),
        identity=campaign.ports.profile.pixit.identity,
        security_profile=config.security_profile,
        port=csms.port,
        path=config.path,
        versions=csms.versions,
        ca_file="the root certificate (root.pem) of the profile's pki folder" if config.secure else None,
        other_ca_file=f"the other one there ({csms.pki.root_files[1].name})" if config.secure else None,
        host_names=config.host_names,
        addresses=local_addresses() if config.listen_host in _ANY_ADDRESS else (config.listen_host,),
        listen_wider="pco.csms.listen: 0.0.0.0 in the profile",
        nothing_after_s=0.0,
    )
    found = diagnose(Trace(tuple(campaign.recorder.events)), campaign.recorder.clock.mono_ns(), expected)
    return [advice for advice in found if advice.severity == "problem" and not advice.settled][-_MOST:]


def claim_of_the_absent(campaign: Campaign) -> None:
    """Claim, in the running case, what can be judged of a charger that never got in, when somebody was at the door."""
    shook = [
        e for e in campaign.recorder.events if e.kind == "tls.handshake" and e.data.get("peer") != "control_client"
    ]
    for purpose in campaign.stand.running.purposes if shook else ():
        if purpose in _JUDGED_ALL_THE_SAME:
            campaign.stand.claim(_JUDGED_ALL_THE_SAME[purpose], purpose)
