"""V2GTP framing (ISO 15118-20, 7.8.3): eight octets of header, then the payload."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from ev_emulator._errors import V2gError

VERSION = 0x01
HEADER_LENGTH = 8
# The longest real payload (a certificate chain installation) is below 10 kB; a header that claims more is hostile.
PAYLOAD_BOUND = 1 << 20

SAP_OR_EXI_2 = 0x8001
MAINSTREAM = 0x8002
AC_MAINSTREAM = 0x8003
DC_MAINSTREAM = 0x8004
ACDP_MAINSTREAM = 0x8005
WPT_MAINSTREAM = 0x8006
SDP_REQUEST = 0x9000
SDP_RESPONSE = 0x9001


class FramingError(V2gError):
    """What came is not V2GTP; `received` are the octets from the header on that could not be read."""

    def __init__(self, text: str, received: bytes) -> None:
        super().__init__(text)
        self.received = received


@dataclass(frozen=True)
class Frame:
    """One V2GTP message without its header."""

    payload_type: int
    payload: bytes


def v2gtp(payload: bytes, payload_type: int) -> bytes:
    """One V2GTP message: header and payload."""
    return struct.pack("!BBHI", VERSION, VERSION ^ 0xFF, payload_type, len(payload)) + payload


class FrameReader:
    """Cuts a byte stream into frames, however TCP split or joined them. Keeps at most one frame in memory."""

    def __init__(self, payload_bound: int = PAYLOAD_BOUND) -> None:
        self._buffer = bytearray()
        self._bound = payload_bound

    @property
    def pending(self) -> bytes:
        """Octets of a frame that is not complete yet."""
        return bytes(self._buffer)

    def feed(self, data: bytes) -> list[Frame]:
        """Frames completed by `data`, in order. Raises FramingError when a header is wrong; nothing can follow it."""
        self._buffer += data
        frames: list[Frame] = []
        while len(self._buffer) >= HEADER_LENGTH:
            version, inverse, payload_type, length = struct.unpack_from("!BBHI", self._buffer)
            wrong = None
            if version != VERSION or inverse != VERSION ^ 0xFF:
                wrong = f"V2GTP header starts {version:02x}{inverse:02x}, expected 01fe"
            elif length > self._bound:
                wrong = f"V2GTP header announces {length} octets; more than {self._bound} are not read"
            if wrong:
                if frames:  # hand over what was good; the next call meets the bad header again
                    return frames
                raise FramingError(wrong, bytes(self._buffer[:64]))
            if len(self._buffer) < HEADER_LENGTH + length:
                break
            frames.append(Frame(payload_type, bytes(self._buffer[HEADER_LENGTH : HEADER_LENGTH + length])))
            del self._buffer[: HEADER_LENGTH + length]
        return frames
