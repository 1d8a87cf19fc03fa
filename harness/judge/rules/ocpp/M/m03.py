"""OCPP M03: listing certificates."""

from __future__ import annotations

from harness.judge.rules import Message, Station, rule


@rule("OCPP-M03.R004", "result:GetInstalledCertificateIds")
def found_certificates_are_listed(s: Station, m: Message) -> bool | str:
    """M03.FR.02 to .04: certificates that were found are listed, and only then."""
    listed = bool(m.payload.get("certificateHashDataChain"))
    fits = listed == (m.status == "Accepted")
    return True if fits else f"{m.status}, and {'certificates are' if listed else 'no certificate is'} listed"
