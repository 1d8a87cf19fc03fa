"""Who may connect: identity, HTTP Basic and client certificate, each refusal with its reason in plain words."""

from __future__ import annotations

import hmac
from urllib.parse import unquote

from cryptography import x509
from cryptography.x509.oid import NameOID

from harness.csms._config import CsmsConfig
from harness.csms.door._basic import basic_credentials
from harness.csms.line._hub import Refusal

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="ocpp"'}
_IDENTITY_LENGTH = 48  # OCPP-J Part 4, 3.1.1


def at_the_right_path(config: CsmsConfig, path: str) -> Refusal | None:
    """None when the request's path is the endpoint's with one part behind it (OCPP-J Part 4, 3.1.1).

    Empty parts count for nothing: an endpoint that was typed in with a slash at its end names the same place.
    """
    parts = [part for part in path.split("?", 1)[0].split("/") if part]
    endpoint, other = [[part for part in path.split("/") if part] for path in (config.path, config.other_path)]
    if parts and parts[:-1] in [endpoint, *([other] if other else [])] and unquote(parts[-1]) not in (".", ".."):
        return None
    if parts == endpoint:
        return Refusal(404, "the path does not end in a charging station identity")
    return Refusal(404, f"the path is {path[:200]!r}; this CSMS is at {config.path}/IDENTITY")


def admission(
    config: CsmsConfig, identity: str, authorization: str | None, certificate: bytes | None
) -> Refusal | None:
    """None when a station may come in (OCPP-J Part 4, 3.3; A00.FR.204, .207, .404, .405).

    `authorization` is the HTTP header, `certificate` the client's as DER.
    """
    if not identity:
        return Refusal(404, "the path does not end in a charging station identity")
    if len(identity) > _IDENTITY_LENGTH or ":" in identity:
        return Refusal(404, f"{identity[:60]!r} is no identity: at most 48 characters, and no colon")
    known = config.identities
    if known is not None and identity not in known:
        return Refusal(404, f"identity {identity!r} is not known to this CSMS")
    if config.security_profile in (1, 2):
        return _password(identity, known.get(identity) if known is not None else None, authorization)
    return _certificate(config, identity, certificate) if config.security_profile == 3 else None


def proof_of(config: CsmsConfig, identity: str) -> list[str]:
    """What one who may come in by `admission` has proven itself with; empty where the bench asks for nothing."""
    if config.security_profile == 3:
        return ["certificate"]
    known = config.identities
    asked = config.security_profile in (1, 2) and known is not None and known.get(identity) is not None
    return ["password"] if asked else []


def _password(identity: str, password: str | None, authorization: str | None) -> Refusal | None:
    if password is None:
        return None
    if not authorization:
        return Refusal(401, "no HTTP Basic credentials were sent", _CHALLENGE)
    given = basic_credentials(authorization)
    if given is None:
        return Refusal(401, "the Authorization header is not HTTP Basic", _CHALLENGE)
    if given[0] != identity:
        return Refusal(401, f"user name {given[0][:60]!r} is not the identity {identity!r} in the path", _CHALLENGE)
    if not hmac.compare_digest(given[1].encode(), password.encode()):
        return Refusal(401, f"wrong password for {identity!r}", _CHALLENGE)
    return None


def _certificate(config: CsmsConfig, identity: str, certificate: bytes | None) -> Refusal | None:
    if certificate is None:
        return Refusal(403, "no client certificate was presented")
    try:
        subject = x509.load_der_x509_certificate(certificate).subject
    except (ValueError, x509.InvalidVersion) as error:
        return Refusal(403, f"the client certificate cannot be read: {str(error)[:200]}")
    names = [str(a.value) for a in subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
    owners = [str(a.value) for a in subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)]
    wanted = config.serials.get(identity) or identity
    if config.identities is not None and wanted not in names:
        return Refusal(403, f"the certificate's CN is {names}, not the serial number {wanted!r}")
    if config.organization is not None and config.organization not in owners:
        return Refusal(403, f"the certificate's O is {owners}, not {config.organization!r}")
    return None
