"""The TLS layer of a connection: records in, plaintext out, and the handshake told to the trace exactly once."""

from __future__ import annotations

from typing import Any

from harness.csms.line._duct import Duct
from harness.csms.line._hub import Hub
from harness.csms.line._telling import tell_handshake
from harness.csms.tls._tls_pipe import TlsPipe


class SecureDuct(Duct):
    """A TCP connection with or without TLS. `tls` is None without; `shaken_ns` is when the handshake completed."""

    def __init__(self, hub: Hub[Any], number: int) -> None:
        super().__init__(hub, number)
        self.tls: TlsPipe | None = None
        self.shaken_ns: int | None = None
        self.refused = False
        self.quiet = False  # the trace does not tell of it unless it logs in
        self._hello_octets = 0
        self._turned_away = False
        self._heard_anything = False
        self._handshake_told = False

    def data_received(self, data: bytes) -> None:
        t_ns = self._hub.recorder.clock.mono_ns()
        if self._closed or self._turned_away:
            return
        try:
            self._take_in(data, t_ns)
        except Exception as error:  # whatever comes from outside, the others are served and the trace says so
            self._fault_of_ours(error)

    def _fault_of_ours(self, error: Exception) -> None:
        what = f"connection {self.number} could not be read: {type(error).__name__}: {error}"
        self._hub.recorder.record("harness.error", "harness", {"what": what[:500], "where": "csms"})
        self._turned_away = True
        self.abort("harness", "a fault of ours")

    def _take_in(self, data: bytes, t_ns: int) -> None:
        if not self._heard_anything:
            self._heard_anything = True
            if not self._right_first_byte(data):
                return
        if self.tls is None:
            self._plain(data, t_ns)
            return
        self._encrypted(self.tls, data, t_ns)

    def turn_away(self, reason: str, cause: str | None = None) -> None:
        """Refuse before a WebSocket request could be answered."""
        if self._turned_away or self._closed:
            return
        self.refused = self._turned_away = True
        self._tell_refused(reason, cause=cause)
        self.abort("harness", reason)

    def _plain(self, data: bytes, t_ns: int) -> None:
        """Plaintext came; the layer above says what to do with it."""
        raise NotImplementedError

    def _tell_refused(self, reason: str, status: int | None = None, cause: str | None = None) -> None:
        raise NotImplementedError

    def _encrypted(self, pipe: TlsPipe, data: bytes, t_ns: int) -> None:
        if pipe.end is None and self._hello_is_too_long(pipe, len(data)):
            return
        plain = pipe.feed(data)
        self._to_socket(pipe.outgoing())
        done = pipe.end is not None and pipe.end.outcome == "completed"
        if done:
            self.shaken_ns = self.shaken_ns or t_ns
        if plain:
            self._note_handshake()
            self._plain(plain, t_ns)
        elif pipe.end is not None and (self.control or not done):
            self._note_handshake()
            if not done:
                self._shut()
        if pipe.late_alert is not None or pipe.broken:
            self._tls_broke(pipe)
        elif pipe.closed_by_peer:
            self.eof_received()

    def _hello_is_too_long(self, pipe: TlsPipe, octets: int) -> bool:
        self._hello_octets += octets
        most = self._hub.config.budgets.hello_octets
        if self._hello_octets <= most:
            return False
        pipe.give_up(f"more than {most} bytes, and the TLS handshake was not complete")
        self._note_handshake(ending=True)
        self.turn_away(f"sent more than {most} bytes before its TLS handshake was complete")
        return True

    def _right_first_byte(self, data: bytes) -> bool:
        speaks_tls = data[:1] == b"\x16"
        if self.tls is not None and not speaks_tls:
            what = "plain HTTP (ws://)" if data[:4] in (b"GET ", b"HEAD") else "something that is not TLS"
            self.tls.give_up(f"the other side spoke {what} on a TLS port (wss://)")
            self._note_handshake(ending=True)
            self.turn_away(f"spoke {what} on a TLS port (wss://)")
            return False
        if self.tls is None and speaks_tls:
            self.turn_away("spoke TLS (wss://) on a port without TLS (ws://)")
            return False
        return True

    def _note_handshake(self, *, ending: bool = False) -> None:
        """Record the TLS handshake, once; a completed one when the station goes on (or ends) after it."""
        if self.tls is None or self._handshake_told:
            return
        if self.tls.end is None:
            if not ending:
                return
            self.tls.eof()
        if self.quiet:
            return
        self._handshake_told = True
        tell_handshake(self._hub.recorder, self, went_on=not ending)

    @property
    def asks_for_certificate(self) -> bool:
        """Whether our side asks for the caller's certificate: security profile 3, which the bench chooses."""
        return self._hub.config.security_profile == 3

    @property
    def tls_failed(self) -> bool:
        """Whether there was a TLS handshake that did not complete."""
        return self.tls is not None and self.tls.end is not None and self.tls.end.outcome != "completed"

    def _tls_broke(self, pipe: TlsPipe) -> None:
        self._note_handshake(ending=True)
        if pipe.late_alert is not None:
            who, alert, _seen = pipe.late_alert
            self.ended = self.ended or (who, f"TLS alert {alert.name} after the handshake")
        else:
            self.ended = self.ended or (None, f"TLS broke: {pipe.broken}")
        self._shut()

    def _write(self, data: bytes) -> None:
        """Send plaintext."""
        if self.tls is None:
            self._to_socket(data)
        else:
            self.tls.write(data)
            self._to_socket(self.tls.outgoing())

    def _shut(self) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        if self.tls is not None and not self.tls_failed:
            self.tls.close_notify()
            self._to_socket(self.tls.outgoing())
        super()._shut()
