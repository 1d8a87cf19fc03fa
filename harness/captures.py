"""The capture of what car and charger said: made from a trace, so that whoever holds the trace can make it again."""

from __future__ import annotations

from ev_emulator import frames_from_events, pcap_from_frames
from harness.evidence import MADE_AGAIN
from harness.trace import Trace

CAPTURE = "v2g/sessions.pcapng"  # in the evidence


def capture_of(trace: Trace) -> bytes:
    """The pcapng of a trace's V2G frames; empty where it holds none."""
    frames = frames_from_events(trace.of("v2g.connection", "v2g.message"))
    return pcap_from_frames(frames) if frames else b""


MADE_AGAIN[CAPTURE] = capture_of
