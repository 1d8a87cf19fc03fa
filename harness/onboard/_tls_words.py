"""TLS handshakes that failed, in plain words: who ended them, why, and what to change."""

from __future__ import annotations

from typing import Any

from harness.onboard._advice import Advice, Told
from harness.trace import Event, came_without_certificate

_NOT_TRUSTED = ("unknown_ca", "certificate_unknown", "bad_certificate")


def refused_handshake(event: Event, told: Told) -> Advice:
    """What a `tls.handshake` event that was not completed tells."""
    alert = (event.data.get("alert") or {}).get("name")
    if event.data.get("ended_by") == "harness":
        see, means, do, topic = _ours(event, alert, told)
    else:
        see, means, do, topic = _theirs(event.data, alert, told)
    return Advice("problem", f"tls.{topic}", see, means, do, event.seq)


def _theirs(data: dict[str, Any], alert: str | None, told: Told) -> tuple[str, str, str, str]:
    see = f"The charger ended the encryption (TLS) handshake, with the alert {alert!r}."
    which = told.other_ca_file if _shown_the_other(data, told) else told.ca_file
    install = f"Install this CA certificate in the charger, as CSMS root certificate: {which}"
    if alert == "unknown_ca":
        return see, "It does not trust the certificate authority (CA) of this test backend.", install, alert
    if alert == "certificate_expired":
        means = "It believes that our certificate is out of date. Ours is valid, so the charger's clock is wrong."
        return see, means, "Set the charger's clock to UTC (see the time source above), then let it try again.", alert
    if alert in _NOT_TRUSTED or alert == "unrecognized_name":
        means = "It does not like our certificate: the host name in its URL is not one of the certificate's, it does "
        means += "not trust our CA, or its clock is wrong."
        return see, means, f"{_names(data, told)} {install}. Check its clock.", alert
    if alert == "unsupported_certificate":
        means = "It cannot use the kind of key in the certificate that it was shown."
        do = "Start onboarding again with --key-type rsa and an empty --pki folder, so that it is shown RSA first."
        return see, means, do, alert
    if alert in ("handshake_failure", "protocol_version", "insufficient_security", "illegal_parameter"):
        means = f"It found no TLS version or cipher suite in common with ours. {_offers(data)}"
        return see, means, "Enable TLS 1.2 or 1.3 with the suites that OCPP asks for (A00.FR.318).", alert
    if alert is not None:
        return see, "Its manufacturer can tell what it means by that.", "Look into the charger's own log.", alert
    if not data.get("client_hello"):
        see = "Something opened a connection and hung up in the middle of its first TLS message."
        return see, "The connection broke, or it is not a charger.", "Check cable, modem and firewall.", "broken_off"
    if "completed" in str(data.get("detail")):
        see = "The charger finished the TLS handshake, then hung up before it asked for OCPP."
        means = "Most often it checks the host name late, and the one in its URL is not one of our certificate's."
        return see, means, _names(data, told), "closed_after"
    see = "The charger hung up during the TLS handshake, after it had seen our certificate, and did not say why."
    means = "Most often it does not trust our CA; or the host name in its URL is not one of our certificate's."
    return see, means, f"{install}. {_names(data, told)}", "closed_silently"


def _ours(event: Event, alert: str | None, told: Told) -> tuple[str, str, str, str]:
    data = event.data
    detail = str(data.get("detail", ""))
    see = f"We ended the TLS handshake: {detail.strip('[]') or alert}."
    wants_certificate = told.security_profile == 3
    if wants_certificate and (came_without_certificate(event) or alert == "certificate_required"):
        return (
            "The charger showed no certificate of its own, so we ended the TLS handshake.",
            "In security profile 3 a charger proves who it is with a client certificate.",
            "Install the charger's certificate and key (see above) and set it to security profile 3; "
            "or start onboarding with --security-profile 2.",
            "no_client_certificate",
        )
    if wants_certificate and (alert in _NOT_TRUSTED or "verify failed" in detail.lower()):
        return (
            f"We refused the charger's own certificate ({alert or detail}).",
            "It was not signed by our CA; it may be an old one, or the manufacturer's.",
            "Install the certificate that was made for this bench (see above).",
            "foreign_client_certificate",
        )
    versions = (data.get("client_hello") or {}).get("versions") or []
    if alert == "protocol_version" or (versions and not {"TLSv1.2", "TLSv1.3"} & set(versions)):
        means = f"It speaks only old TLS versions, which OCPP forbids. {_offers(data)}"
        return see, means, "Enable TLS 1.2 or 1.3 in the charger; an update may be needed.", "old_tls"
    if alert == "handshake_failure":
        means = f"It offers no cipher suite that OCPP allows. {_offers(data)}"
        return see, means, "Enable the suites that OCPP asks for (A00.FR.318).", "no_common_suite"
    return see, "What came was not a TLS handshake as we know it.", "Look into the charger's own log.", "ours"


def _shown_the_other(data: dict[str, Any], told: Told) -> bool:
    """Whether the charger was shown the certificate below the second root, because it cannot use the first's kind."""
    return bool(data.get("shown")) and str(told.other_ca_file).endswith(f"-{data['shown']}.pem")


def _names(data: dict[str, Any], told: Told) -> str:
    asked = (data.get("client_hello") or {}).get("sni")
    used = f" It asked for {asked!r}." if asked else ""
    return f"Enter the URL with one of these host names: {', '.join(told.host_names) or 'none'}.{used}"


def _offers(data: dict[str, Any]) -> str:
    hello = data.get("client_hello") or {}
    versions, suites = hello.get("versions") or [], hello.get("suites") or []
    if not versions:
        return ""
    shown = ", ".join(str(s) for s in suites[:6]) + (f" and {len(suites) - 6} more" if len(suites) > 6 else "")
    return f"It offers {', '.join(versions)} with {shown}."
