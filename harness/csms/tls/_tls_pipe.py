"""A TLS server over memory buffers: bytes go in and out by hand, so that every record and every alert's origin is seen.

How the origin of an alert is known, strongest first; `alert_seen` says which one it was:
  "record"   the alert stood unencrypted in a record on the wire (before ChangeCipherSpec);
  "library"  OpenSSL's message callback handed out the alert after decrypting it, with its direction (TLS 1.3);
  "error"    only OpenSSL's error text is left: a reason "...ALERT_UNKNOWN_CA" is an alert that was received.
The first fatal alert counts: what comes after it is an answer to it.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from harness.csms.tls._tls_records import ALERT, Alert, Records, alert_named, alert_of


@dataclass(slots=True)
class TlsEnd:
    """How a handshake ended. `ended_by` "dut", "harness" or None; `detail` says it in words, for people alone.

    `cause` is "no_certificate" where we ended it because the client, asked for its certificate, sent none.

    "refused": the DUT ended it, by an alert, or by closing once it had our ServerHello. "aborted": we ended it, or the
    DUT went before it had seen anything of ours.
    """

    outcome: str
    ended_by: str | None
    alert: Alert | None = None
    alert_seen: str | None = None
    detail: str = ""
    cause: str | None = None


class TlsPipe:
    """One TLS server connection without a socket.

    `context_of` makes the settings for a kind of certificate ("ec", "rsa"; None: both, OpenSSL chooses) once the
    ClientHello has said which of `kinds`, best first, the client can use; `shows` is that kind.
    `end` is None while the handshake runs. After outcome "completed" the plaintext flows through `feed` and `write`.
    """

    def __init__(self, context_of: Callable[[str | None], ssl.SSLContext], kinds: Sequence[str] = ()) -> None:
        self.shows: str | None = None
        self._context_of = context_of
        self._kinds = kinds
        self._early = b""
        self.inbound = Records()
        self.outbound = Records()
        self.end: TlsEnd | None = None
        self.closed_by_peer = False
        self.broken: str | None = None
        self.late_alert: tuple[str, Alert, str] | None = None  # one that came after the handshake
        self._first_alert: tuple[str, Alert, str] | None = None
        self._answered = False
        self._in = ssl.MemoryBIO()
        self._out = ssl.MemoryBIO()
        self._tls: ssl.SSLObject | None = None
        self._agreed: tuple[str | None, str | None, bytes | None] = (None, None, None)

    def feed(self, data: bytes) -> bytes:
        """Take bytes from the socket; returns plaintext for the layer above. Never raises: see `end` and `broken`."""
        handshaking = self.end is None
        if handshaking:
            self.inbound.feed(data)
            if self.inbound.plain_alert is not None:
                self._note("dut", self.inbound.plain_alert, "record")
        if self._tls is None:
            self._early += data
            if not self._hello_is_in():
                return b""
            data, self._early = self._early, b""
            self._tls = self._begin()
        self._in.write(data)
        if handshaking and not self._shake(self._tls):
            return b""
        if self.end is None or self.end.outcome != "completed":
            return b""
        return self._read(self._tls)

    def eof(self) -> None:
        """The peer closed its side of the TCP connection."""
        self._in.write_eof()
        if self.end is None:
            what = "after our ServerHello" if self._answered else "before we had answered"
            self.end = TlsEnd(
                "refused" if self._answered else "aborted",
                "dut",
                detail=f"closed the TCP connection {what}, without a TLS alert",
            )

    def give_up(self, why: str) -> None:
        """We end the handshake ourselves (a bound was reached)."""
        if self.end is None:
            self.end = TlsEnd("aborted", "harness", detail=why)

    def write(self, plain: bytes) -> None:
        """Encrypt; `outgoing` holds the result."""
        if self._tls is not None and self.broken is None and plain:
            try:
                self._tls.write(plain)
            except ssl.SSLError as error:
                self.broken = str(error)

    def close_notify(self) -> None:
        """Say goodbye as TLS wants it."""
        if self._tls is None:
            return
        try:
            self._tls.unwrap()
        except (ssl.SSLError, ValueError):
            return  # the peer has not said goodbye yet, which we do not wait for

    def outgoing(self) -> bytes:
        """Bytes that must go to the socket now."""
        data = self._out.read()
        self._answered = self._answered or data[:1] == b"\x16"
        if data and not self.outbound.encrypted:
            self.outbound.feed(data)
            if self.outbound.plain_alert is not None and self.end is None:
                self._note("harness", self.outbound.plain_alert, "record")
        return data

    def release(self) -> None:
        """Give up what OpenSSL holds: it stands in a circle with us, and would wait for the collector."""
        if self._tls is not None:
            context = self._tls.context
            if hasattr(context, "_msg_callback"):
                context._msg_callback = None
        self._tls = None
        self._early = b""

    @property
    def version(self) -> str | None:
        """The agreed version ("TLSv1.3")."""
        return self._agreed[0]

    @property
    def cipher(self) -> str | None:
        """The agreed cipher suite's name."""
        return self._agreed[1]

    def peer_certificate(self) -> bytes | None:
        """The client's certificate as DER, of a handshake that completed."""
        return self._agreed[2]

    def _hello_is_in(self) -> bool:
        """Whether the client has said what it offers, or that cannot be expected any more."""
        seen = self.inbound
        return seen.client_hello is not None or seen.no_hello or seen.encrypted or seen.plain_alert is not None

    def _begin(self) -> ssl.SSLObject:
        hello = self.inbound.client_hello
        self.shows = next((kind for kind in self._kinds if hello is not None and hello.takes(kind)), None)
        context = self._context_of(self.shows)
        if hasattr(context, "_msg_callback"):
            context._msg_callback = self._on_message
        return context.wrap_bio(self._in, self._out, server_side=True)

    def _shake(self, tls: ssl.SSLObject) -> bool:
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError as error:
            self._failed(error)
            return False
        suite = tls.cipher()
        # read now: once a record was broken, OpenSSL answers as if the handshake had never been
        self._agreed = (tls.version(), suite[0] if suite else None, tls.getpeercert(binary_form=True))
        self.end = TlsEnd("completed", None)
        return True

    def _failed(self, error: ssl.SSLError) -> None:
        detail = re.sub(r"\s*\(_ssl\.c:\d+\)", "", str(error.args[1] if len(error.args) > 1 else error))
        if self._first_alert is None:
            received = re.search(r"ALERT_([A-Z_]+)$", error.reason or "")
            if received and (alert := alert_named(received[1].lower())):
                self._note("dut", alert, "error")
        if self._first_alert is not None:
            who, alert, seen = self._first_alert
            cause = _cause(error) if who == "harness" else None
            self.end = TlsEnd("refused" if who == "dut" else "aborted", who, alert, seen, detail, cause)
        elif "EOF" in detail:
            self.end = TlsEnd("refused" if self._answered else "aborted", "dut", detail=detail)
        else:
            self.end = TlsEnd("aborted", "harness", detail=detail, cause=_cause(error))

    def _read(self, tls: ssl.SSLObject) -> bytes:
        chunks = []
        while self.broken is None:
            try:
                chunk = tls.read(65536)
            except ssl.SSLWantReadError:
                break
            except ssl.SSLZeroReturnError:
                self.closed_by_peer = True
                break
            except ssl.SSLError as error:
                self.broken = str(error.reason or error)
                break
            if not chunk:
                self.closed_by_peer = True
                break
            chunks.append(chunk)
        return b"".join(chunks)

    def _on_message(self, _of: Any, direction: str, _version: Any, kind: Any, _message: Any, data: bytes) -> None:
        # CPython hands over what OpenSSL's message callback sees: alerts already decrypted, with their direction
        if int(kind) == ALERT and len(data) == 2:
            self._note("dut" if direction == "read" else "harness", alert_of(bytes(data)), "library")

    def _note(self, who: str, alert: Alert, seen: str) -> None:
        if alert.level == "fatal" or alert.name in ("user_canceled", "no_certificate"):
            self._first_alert = self._first_alert or (who, alert, seen)
            if self.end is not None and self.end.outcome == "completed":
                self.late_alert = self.late_alert or (who, alert, seen)


def _cause(error: ssl.SSLError) -> str | None:
    reason = (error.reason or "").upper().replace(" ", "_")  # OpenSSL's name for it; some builds hand it out in words
    return "no_certificate" if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE" else None
