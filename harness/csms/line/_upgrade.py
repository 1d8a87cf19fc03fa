"""The WebSocket's opening handshake on a connection: who asks, for what, and what is answered."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote

from websockets.datastructures import MultipleValuesError
from websockets.http11 import Request

from harness.csms.door._admission import at_the_right_path, proof_of
from harness.csms.line._hub import Hub, Refusal
from harness.csms.line._secure_duct import SecureDuct
from harness.csms.line._telling import tell_refused
from harness.csms.line._websocket import WebSocket

CLOSE_WAIT_S = 3.0
_OFFERS, _OFFER_LENGTH = 20, 60  # subprotocols that are looked at, and what is kept of each
_PATH_LENGTH = 1000  # kept of a path


class Upgrading(SecureDuct):
    """From the first plaintext octet to an open WebSocket. `identity` and `version` are None until they are known."""

    def __init__(self, hub: Hub[Any], number: int) -> None:
        super().__init__(hub, number)
        self.identity: str | None = None
        self.version: str | None = None
        self.path: str | None = None
        self.offered: list[str] = []
        self.proof: list[str] = []
        self.cause: str | None = None  # why we end it, where judges have to know
        config = hub.config
        self.ws = WebSocket(
            config.max_message_bytes,
            compression=config.compression,
            max_request_octets=config.budgets.request_octets,
        )
        self._opened = False

    @property
    def pending(self) -> bool:
        """Whether it is there and has neither logged in nor been turned away."""
        return not self._opened and not self._turned_away and not self.going

    def give_way(self, reason: str) -> None:
        """Make room for another: it has not logged in."""
        if self.tls is not None:
            self.tls.give_up(reason)
        self._note_handshake(ending=True)
        self.turn_away(reason, cause="full")

    def _asked(self, request: Request) -> None:
        """Answer the request (OCPP-J Part 4, 3.1 and 3.3)."""
        self.path = request.path[:_PATH_LENGTH]
        identity = unquote(request.path.split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1])
        self.offered = _offered(request)
        try:
            authorization = request.headers.get("Authorization")
        except MultipleValuesError:
            authorization = ""
        refusal = at_the_right_path(self._hub.config, request.path) or self._hub.admit(self, identity, authorization)
        self.proof = proof_of(self._hub.config, identity) if refusal is None else []
        self.identity = identity[:_PATH_LENGTH]
        chosen = self._hub.choose(self.offered)
        if refusal is None and chosen is None:
            spoken = ", ".join(self._hub.versions)
            offered = f"offers only {', '.join(self.offered)}" if self.offered else "names no OCPP version"
            refusal = Refusal(101, f"{offered}; this CSMS speaks {spoken}")
        if refusal is not None and refusal.status != 101:
            self.refused = True
            self._tell_refused(refusal.reason, refusal.status)
            self.ws.reject(refusal.status, refusal.reason, refusal.headers)
        elif not self.ws.accept(request, chosen if refusal is None else None):
            self.refused = True
            self._tell_refused(f"no proper WebSocket request: {self.ws.handshake_fault[:300]}", 400)
        elif refusal is not None:  # Part 4, 3.3: finish the handshake without a subprotocol, then close at once
            self.refused = True
            self._tell_refused(refusal.reason, 101)
            self.ws.close(1002, "no common OCPP version")
            self._later(CLOSE_WAIT_S, lambda: self.abort("harness", "no common OCPP version"))
        else:
            self._open(chosen)

    def _open(self, version: str | None) -> None:
        """The request is granted."""
        raise NotImplementedError

    def _tell_refused(self, reason: str, status: int | None = None, cause: str | None = None) -> None:
        if not self.quiet:
            tell_refused(self._hub.recorder, self, reason, status, cause)

    def _too_slow(self) -> None:
        if self._opened or self.refused or self._closed:
            return
        if self._frozen:  # a dead network closes nothing
            self._later(self._hub.config.handshake_timeout_s, self._too_slow)
            return
        bound = self._hub.config.handshake_timeout_s
        if self.tls is not None:
            self.tls.give_up(f"no TLS handshake within {bound:g} s")
        self._note_handshake(ending=True)
        self.turn_away(f"no WebSocket request within {bound:g} s")


def _offered(request: Request) -> list[str]:
    names = [
        name.strip()[:_OFFER_LENGTH]
        for value in request.headers.get_all("Sec-WebSocket-Protocol")
        for name in value.split(",")
        if name.strip()
    ]
    return names[:_OFFERS]
