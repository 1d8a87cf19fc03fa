"""TLS settings of the listener, one set a scenario; nothing is ever resumed from an earlier handshake."""

from __future__ import annotations

import ssl
import warnings

from harness.csms.pki._pki import Pki

# A00.FR.318: what a CSMS must at least support in TLS 1.2, and the forward-secret RSA suites a careful client prefers
_SUITES = ":".join(
    (
        "ECDHE-ECDSA-AES128-GCM-SHA256",
        "ECDHE-ECDSA-AES256-GCM-SHA384",
        "ECDHE-RSA-AES128-GCM-SHA256",
        "ECDHE-RSA-AES256-GCM-SHA384",
        "AES128-GCM-SHA256",
        "AES256-GCM-SHA384",
    )
)

_NO_CHECK_TIME = 0x200000  # OpenSSL's X509_V_FLAG_NO_CHECK_TIME


def server_context(
    pki: Pki, scenario: str, kind: str | None, *, client_certificates: bool, turn: int = 0
) -> ssl.SSLContext:
    """A fresh context for one handshake, with the certificates of `kind` ("ec", "rsa") or of both (None).

    `turn` counts the handshakes of a scenario, which may show several certificates one after the other.

    Without tickets and cache a station cannot skip looking at the certificate by resuming an earlier session.
    Raises ssl.SSLError when the local OpenSSL cannot do what the scenario asks for.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.options |= ssl.OP_NO_TICKET | ssl.OP_NO_COMPRESSION
    context.num_tickets = 0
    if scenario == "old_tls":
        context.set_ciphers("ECDHE+AES:RSA+AES:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # old on purpose
            context.minimum_version = ssl.TLSVersion.TLSv1
            context.maximum_version = ssl.TLSVersion.TLSv1_1
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers(_SUITES)
    for each in (kind,) if kind else pki.kinds:
        context.load_cert_chain(*pki.server_files(scenario, each, turn))
    if client_certificates:
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=pki.client_roots_pem)
        if pki.lets_strangers_in:
            context.verify_flags |= _NO_CHECK_TIME
    return context


def lax_client_context(scenario: str) -> ssl.SSLContext:
    """A client that accepts anybody and, for `old_tls`, anything down to TLS 1.0: the positive control's."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if scenario == "old_tls":
        context.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            context.minimum_version = ssl.TLSVersion.TLSv1
    return context
