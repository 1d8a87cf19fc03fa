"""A capture as what car and charger said in it: SDP datagrams, connections, V2GTP frames, and what is lost of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from harness.trace.captures._blocks import Blocks
from harness.trace.captures._frames import Frame, Framer, Lost
from harness.trace.captures._packets import TCP, UDP, End, Segment, Unread, segment_of
from harness.trace.captures._streams import Closed, Octets, Opened, Streams
from harness.trace.captures._tls import TlsSession, key_log
from plain_files import opened

SDP_PORT = 15118
_MOST_ANNOUNCED, _MOST_SECRETS = 4096, 10_000
_MAGIC = (b"\xd4\xc3\xb2\xa1", b"\xa1\xb2\xc3\xd4", b"\x4d\x3c\xb2\xa1", b"\xa1\xb2\x3c\x4d", b"\x0a\x0d\x0d\x0a")


def is_capture(path: Path) -> bool:
    """Whether a file begins as a capture does. Raises OSError."""
    with opened(path) as file:
        return file.read(4) in _MAGIC


@dataclass(frozen=True, slots=True)
class Datagram:
    """A UDP datagram from or to the port of SDP."""

    packet: int
    utc_ns: int | None
    source: End
    target: End
    octets: bytes


Item = Opened | Frame | Lost | Closed | Datagram


@dataclass
class _Talk:
    """One TCP connection: what it carries is found out from its first octets."""

    opened: Opened
    framers: tuple[Framer, Framer]
    kind: str = ""  # "v2gtp", "tls", "other"
    told: bool = False
    tls: TlsSession | None = None


@dataclass
class Capture:
    """One file, read once. `keys`: the text of a TLS key log (NSS). After it was read it tells what was in it.

    Raises CaptureError, OSError.
    """

    path: Path
    keys: str = ""
    packets: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    others: int = 0  # TCP connections that carry something else
    encrypted: list[tuple[Opened, str]] = field(default_factory=list)  # and why they could not be read
    decrypted: int = 0
    torn: str = ""
    form: str = ""

    def __iter__(self) -> Iterator[Item]:
        """What was said, in the order of the packets by which it was whole."""
        with opened(self.path) as file:
            blocks = Blocks(file)
            self.form, self._secrets = blocks.form, key_log(self.keys)
            self._looked = False
            self._streams, self._talks, self._announced = Streams(), dict[int, _Talk](), set[End]()
            for packet in blocks:
                for text in blocks.secrets:
                    self._secrets.update(key_log(text))
                blocks.secrets.clear()
                try:
                    segment = segment_of(packet)
                except Unread as error:
                    self.unread[str(error)] += 1
                    continue
                if segment is not None:
                    yield from self._segment(segment)
            for octets in self._streams.end():
                yield from self._heard(octets)
            for talk in list(self._talks.values()):
                yield from self._over(talk)
            self.packets, self.torn = blocks.packets, blocks.torn

    def _segment(self, segment: Segment) -> Iterator[Item]:
        if segment.protocol == UDP and SDP_PORT in (segment.source[1], segment.target[1]):
            self._announce(segment)
            yield Datagram(segment.packet, segment.utc_ns, segment.source, segment.target, segment.payload)
        elif segment.protocol == TCP:
            for item in self._streams.take(segment):
                if isinstance(item, Opened):
                    self._talks[item.session] = _Talk(item, (Framer(item.session, True), Framer(item.session, False)))
                elif isinstance(item, Octets):
                    yield from self._heard(item)
                elif (talk := self._talks.get(item.session)) is not None:
                    if talk.told:
                        yield item
                    if item.how == "RST":
                        yield from self._over(talk)

    def _announce(self, segment: Segment) -> None:
        """Where a charger says by SDP that it listens."""
        said = segment.payload
        if said[2:4] == b"\x90\x01" and len(said) >= 28 and len(self._announced) < _MOST_ANNOUNCED:
            self._announced.add((segment.source[0], int.from_bytes(said[24:26], "big")))

    def _look_for_secrets(self) -> None:
        """Test benches tell a session's secrets by UDP, after its handshake: the whole capture is looked through."""
        if self._looked:
            return
        self._looked = True
        with opened(self.path) as file:
            for packet in Blocks(file):
                if b"CLIENT_" in packet.octets or b"SERVER_" in packet.octets:
                    try:
                        segment = segment_of(packet)
                    except Unread:
                        continue
                    if segment is not None and segment.protocol == UDP and len(self._secrets) < _MOST_SECRETS:
                        self._secrets.update(key_log(segment.payload.decode("ascii", "replace")))

    def _heard(self, item: Octets) -> Iterator[Item]:
        talk = self._talks.get(item.session)
        if talk is None or talk.kind == "other":
            return
        if not talk.kind:
            talk.kind = self._kind(talk, item)
            if talk.kind == "tls":
                self._look_for_secrets()
                talk.tls = TlsSession(self._secrets)
            self.others += talk.kind == "other"
        if not talk.kind:
            return
        if talk.tls is not None:
            for part in talk.tls.take(item):
                yield from self._framed(talk, part)
        elif talk.kind == "v2gtp":
            yield from self._framed(talk, item)

    def _framed(self, talk: _Talk, item: Octets) -> Iterator[Item]:
        if not talk.told:
            talk.told = True
            yield talk.opened
        yield from talk.framers[0 if item.from_client else 1].feed(item)

    def _kind(self, talk: _Talk, item: Octets) -> str:
        ends = (talk.opened.client, talk.opened.server)
        announced = any(end in self._announced for end in ends)
        if item.octets[:2] == b"\x01\xfe"[: len(item.octets)] and (announced or item.octets[2:3] in (b"\x80", b"")):
            return "v2gtp"
        if item.octets[:2] == b"\x16\x03" and (announced or all(end[0].startswith("fe80:") for end in ends)):
            return "tls"
        if announced and talk.opened.whole:
            return "v2gtp"  # and no V2GTP at all, which is told
        return "" if announced else "other"

    def _over(self, talk: _Talk) -> Iterator[Item]:
        """Nothing more comes: half messages, and what stayed encrypted."""
        self._talks.pop(talk.opened.session, None)
        for framer in talk.framers:
            yield from framer.end()
        if talk.tls is not None:
            why = talk.tls.why_unread
            self.decrypted += not why
            if why:
                self.encrypted.append((talk.opened, why))
