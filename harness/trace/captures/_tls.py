"""A TLS connection of a capture, opened with the secrets of a key log; without them it is counted and named."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from harness.trace.captures._streams import Octets
from harness.trace.captures._tls_keys import SUITES, Of12, Of13, Opener, Sealed, of_12

Secrets = dict[tuple[str, bytes], bytes]
_CCS, _ALERT, _HANDSHAKE, _DATA = 20, 21, 22, 23
_CLIENT_HELLO, _SERVER_HELLO, _KEY_UPDATE = 1, 2, 24
_VERSIONS, _ENCRYPT_THEN_MAC = 0x002B, 0x0016
_MOST_SECRETS, _MOST_RECORD = 100_000, (1 << 14) + 2048


def key_log(text: str) -> Secrets:
    """The secrets of an NSS key log by label and client random; what is no such line is passed over."""
    found: Secrets = {}
    for line in text.splitlines():
        match line.split():
            case [label, client, secret] if label.isupper() or "_" in label:
                try:
                    found[label, bytes.fromhex(client)] = bytes.fromhex(secret)
                except ValueError:
                    continue
        if len(found) >= _MOST_SECRETS:
            break
    return found


@dataclass
class _Way:
    """One direction."""

    buffer: bytearray = field(default_factory=bytearray)
    opener: Opener | None = None  # what its records open with from here on
    sealed: bool = False


class TlsSession:
    """Octets of a TLS connection in, those of its application out."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._ways = (_Way(), _Way())  # from client, from server
        self._client = self._server = b""
        self._ready: tuple[Of12, Of12] | None = None
        self._is_13 = False
        self._why, self._read = "", 0

    @property
    def why_unread(self) -> str:
        """Why what was sent could not be read; empty where it was."""
        return self._why or ("" if self._read else "nothing but a handshake is in the capture")

    def take(self, item: Octets) -> Iterator[Octets]:
        """The next octets. Raises nothing: what does not open ends the reading."""
        if self._why:
            return
        if item.lost:
            self._why = "octets of it are not in the capture"
            return
        way = self._ways[0 if item.from_client else 1]
        way.buffer += item.octets
        while len(way.buffer) >= 5 and not self._why:
            length = int.from_bytes(way.buffer[3:5], "big")
            if length > _MOST_RECORD:
                self._why = "what came is no record of TLS"
            if len(way.buffer) < 5 + length:
                return
            kind, version, fragment = way.buffer[0], bytes(way.buffer[1:3]), bytes(way.buffer[5 : 5 + length])
            del way.buffer[: 5 + length]
            try:
                content = self._record(way, item.from_client, kind, version, fragment)
            except Sealed as error:
                self._why = str(error)
            except (IndexError, ValueError):
                self._why = "its handshake could not be read"
            else:
                if content:
                    self._read += 1
                    yield replace(item, octets=content, lost=0)

    def _record(self, way: _Way, from_client: bool, kind: int, version: bytes, fragment: bytes) -> bytes:
        """What a record carries for the application."""
        if kind == _CCS:
            if not self._is_13:
                way.sealed = True
                way.opener = self._ready[0 if from_client else 1] if self._ready else None
            return b""
        if self._is_13 and kind == _DATA:
            if way.opener is None:
                raise Sealed("no key log gives its secrets")
            content = way.opener.unseal(kind, version, fragment)
            if content[-1] == _HANDSHAKE and content[0] == _KEY_UPDATE and isinstance(way.opener, Of13):
                way.opener.updated()
            return content[:-1] if content[-1] == _DATA else b""
        if way.sealed:
            if way.opener is None:
                raise Sealed("no key log gives its secrets")
            content = way.opener.unseal(kind, version, fragment)
            return content if kind == _DATA else b""
        if kind == _HANDSHAKE and fragment[0] == _CLIENT_HELLO:
            self._client = fragment[6:38]
        elif kind == _HANDSHAKE and fragment[0] == _SERVER_HELLO:
            self._hello(fragment)
        return b""

    def _hello(self, fragment: bytes) -> None:
        """What the server chose, and the keys that follow from it."""
        self._server = fragment[6:38]
        at = 39 + fragment[38]
        number, at = int.from_bytes(fragment[at : at + 2], "big"), at + 5
        extensions: dict[int, bytes] = {}
        end = 4 + int.from_bytes(fragment[1:4], "big")
        while at + 4 <= min(end, len(fragment)):
            size = int.from_bytes(fragment[at + 2 : at + 4], "big")
            extensions[int.from_bytes(fragment[at : at + 2], "big")] = fragment[at + 4 : at + 4 + size]
            at += 4 + size
        self._is_13 = extensions.get(_VERSIONS) == b"\x03\x04"
        suite = SUITES.get(number)
        if suite is None:
            raise Sealed(f"its cipher suite {number:04x} is none that is opened here")
        if self._is_13:
            for way, name in zip(self._ways, ("CLIENT", "SERVER"), strict=True):
                labels = (f"{name}_HANDSHAKE_TRAFFIC_SECRET", f"{name}_TRAFFIC_SECRET_0")
                mine = [s for label in labels if (s := self._secrets.get((label, self._client)))]
                way.opener = Of13(suite, mine) if mine else None
            return
        master = self._secrets.get(("CLIENT_RANDOM", self._client))
        if master is not None:
            etm = _ENCRYPT_THEN_MAC in extensions
            self._ready = of_12(suite, master, self._client, self._server, etm=etm)
