"""Captures that others made: packets, TCP put together, the V2GTP messages in it; what they say is read elsewhere."""

from harness.trace.captures._blocks import PCAP, PCAPNG, Blocks, CaptureError, Packet
from harness.trace.captures._capture import Capture, Datagram, is_capture
from harness.trace.captures._frames import Frame, Lost
from harness.trace.captures._streams import Closed, Octets, Opened

__all__ = [
    "PCAP",
    "PCAPNG",
    "Blocks",
    "Capture",
    "CaptureError",
    "Closed",
    "Datagram",
    "Frame",
    "Lost",
    "Octets",
    "Opened",
    "Packet",
    "is_capture",
]
