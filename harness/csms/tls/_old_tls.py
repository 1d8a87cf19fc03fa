"""A TLS server that knows nothing above TLS 1.1, also towards clients that OpenSSL would turn away by itself."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Sequence

from harness.csms.tls._client_hello import ClientHello
from harness.csms.tls._tls_pipe import TlsEnd, TlsPipe
from harness.csms.tls._tls_records import TLS11_SUITES, Records, old_server_hello

_OLD = {"TLSv1.1", "TLSv1", "SSLv3"}


class OldTlsPipe(TlsPipe):
    """Speaks real TLS 1.1 with whoever may accept it; else forges the ServerHello of an old server.

    A client that lists its versions (the supported_versions extension) without an old one, or that offers no cipher
    suite which TLS 1.1 has, is refused by OpenSSL before it can refuse anything, and then the origin of the alert would
    be ours. An old server knows no such extension and answers with TLS 1.1; `forged` says that the client saw that.
    """

    def __init__(self, context_of: Callable[[str | None], ssl.SSLContext], kinds: Sequence[str] = ()) -> None:
        super().__init__(context_of, kinds)
        self.inbound = Records(past_cipher_change=True)
        self.forged = False
        self._forgery = b""

    def feed(self, data: bytes) -> bytes:
        """As TlsPipe.feed; a client that knows only new versions gets the forged hello instead."""
        if not self.forged:
            return super().feed(data)
        self.inbound.feed(data)
        alert = self.inbound.plain_alert
        if alert is not None and self.end is None:
            self.end = TlsEnd("refused", "dut", alert, "record", "answered a TLS 1.1 ServerHello with an alert")
        return b""

    def _hello_is_in(self) -> bool:
        hello = self.inbound.client_hello
        if hello is not None and _knows_only_new(hello):
            self.forged = True
            self._forgery = old_server_hello(hello)
            return False
        return super()._hello_is_in()

    def _begin(self) -> ssl.SSLObject:
        self.inbound.stop_at_cipher_change()  # from there on a real handshake is encrypted
        return super()._begin()

    def outgoing(self) -> bytes:
        """As TlsPipe.outgoing."""
        if self._forgery:
            data, self._forgery = self._forgery, b""
            self._answered = True
            return data
        return super().outgoing()

    @property
    def version(self) -> str | None:
        """What was agreed; a forged hello agrees on nothing."""
        return None if self.forged else super().version


def _knows_only_new(hello: ClientHello) -> bool:
    if hello.says_versions and not _OLD & set(hello.versions):
        return True
    return not set(TLS11_SUITES) & set(hello.suite_numbers)
