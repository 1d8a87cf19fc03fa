"""Credentials, the strict TLS context, and security events (block A)."""

from __future__ import annotations

import base64
import ssl
from collections import deque
from pathlib import Path

from harness.emulator.ocpp._view import Client
from harness.emulator.ocpp.provisioning._model import Json, Variable
from harness.emulator.ocpp.security._tls import TellingContext

CIPHERS = ":".join(
    f"ECDHE-{kind}-{suite}" for kind in ("ECDSA", "RSA") for suite in ("AES128-GCM-SHA256", "AES256-GCM-SHA384")
)
# The alerts and library reasons that mean "we found no common TLS version".
_VERSION_REASONS = ("UNSUPPORTED_PROTOCOL", "PROTOCOL_VERSION", "WRONG_VERSION_NUMBER", "NO_PROTOCOLS_AVAILABLE")
_SUITE_REASONS = ("HANDSHAKE_FAILURE", "NO_SHARED_CIPHER", "NO_CIPHERS_AVAILABLE", "WRONG_CIPHER", "UNKNOWN_CIPHER")
_CLIENT_REASONS = (
    "CERTIFICATE_REQUIRED",
    "UNKNOWN_CA",
    "BAD_CERTIFICATE",
    "CERTIFICATE_UNKNOWN",
    "CERTIFICATE_EXPIRED",
)


class Security:
    """How the station proves who it is and checks who the backend is."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.log: deque[str] = deque(maxlen=500)
        self.fallback_password: str | None = None
        client.model.listen("SecurityCtrlr", "BasicAuthPassword", self._password_changed)

    @property
    def profile(self) -> int:
        """The security profile in use."""
        return self._client.model.integer("SecurityCtrlr", "SecurityProfile")

    def headers(self, identity: str, password: str) -> dict[str, str]:
        """HTTP Basic authentication for profiles 1 and 2 (A00.FR.202)."""
        token = base64.b64encode(f"{identity}:{password}".encode()).decode()
        return {"Authorization": f"Basic {token}"}

    def context(self, profile: int) -> ssl.SSLContext | None:
        """TLS 1.2 or above, the backend's name and chain checked, no compression; profile 3 shows a certificate."""
        if profile == 1:
            return None
        context = TellingContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.check_hostname = True
        context.verify_mode = ssl.CERT_REQUIRED
        context.options |= ssl.OP_NO_COMPRESSION
        context.set_ciphers(CIPHERS)
        for pem in self._client.certificates.roots("CSMSRootCertificate"):
            context.load_verify_locations(cadata=pem)
        if profile == 3:
            certificate, key = self._client.certificates.client_files()
            context.load_cert_chain(certificate, key)
        return context

    def classify(self, error: BaseException) -> str | None:
        """The security event that a failed connection attempt means, or None for a plain network failure."""
        while not isinstance(error, ssl.SSLError) and (error.__cause__ or error.__context__) is not None:
            error = error.__cause__ or error.__context__ or error
        if isinstance(error, ssl.SSLCertVerificationError):
            return "InvalidCsmsCertificate"
        if isinstance(error, ssl.SSLError):
            reason = f"{error.reason or ''} {error}".upper()
            if any(word in reason for word in _CLIENT_REASONS):
                return "FailedToAuthenticateAtCsms"
            if any(word in reason for word in _VERSION_REASONS):
                return "InvalidTLSVersion"
            if any(word in reason for word in _SUITE_REASONS):
                return "InvalidTLSCipherSuite"
        return None

    def refused(self, error: BaseException) -> None:
        """A connection attempt failed: queue the event that belongs to it, to be sent once there is a connection."""
        kind = self.classify(error)
        if kind is not None:
            self.event(kind, str(error))

    def event(self, kind: str, tech_info: str = "") -> None:
        """Note a security event and queue its SecurityEventNotification (A04); it is kept until it was delivered."""
        payload: Json = {"type": kind, "timestamp": self._client.time.text()}
        if tech_info:
            payload["techInfo"] = tech_info[:255]
        self.log.append(f"{payload['timestamp']} {kind} {tech_info[:255]}")
        self._client.outbox.put("SecurityEventNotification", payload, keep=True, once=f"{kind} {tech_info[:255]}")

    def invalid_message(self, what: str) -> None:
        """The CSMS sent something that is not OCPP: logged; reporting each would let a broken backend flood itself."""
        self.log.append(f"{self._client.time.text()} InvalidMessages {what}")

    def _password_changed(self, _: Variable) -> None:
        # A01: after the answer the station comes back with the new password; the old one stays for the way back
        self.fallback_password = self._client.network_profiles.active().password
        self._client.network_profiles.change_password(self._client.model.text("SecurityCtrlr", "BasicAuthPassword"))
        self.event("ReconfigurationOfSecurityParameters", "BasicAuthPassword")
        self._client.connection.drop("new credentials")

    def export_log(self, folder: Path) -> Path:
        """The security log as a text file."""
        target = folder / "security.log"
        target.write_text("\n".join(self.log) + "\n", "utf-8")
        return target
