"""The ISO 15118 side of the emulated station: an SECC in its own process, and the link that drives it.

Speaks ISO 15118-20 AC, DC, AC_BPT and DC_BPT (Scheduled, Dynamic), ISO 15118-2 AC and DC, DIN 70121; in the clear, over
TLS 1.2 (-2) and over mutual TLS 1.3 (-20, -2). External identification only. Not supported, and said so on the wire
where the protocol has a word for it: plug and charge, certificate installation, service renegotiation, value-added
services, multiplexed side streams. A pause is answered and reported, but a resumed session starts anew. Schedule
renegotiation is notified when the station asks for it; a car that follows finds it only in ISO 15118-2.
Kinder than the standard: a car may be silent for `loop_timeout_s` inside the charge loop, where 0.5 s are prescribed,
and P-256 is accepted for the key exchange of TLS 1.3.
"""

from harness.emulator.secc._link import Secc, SeccError, SeccReady
from harness.emulator.secc._messages import SeccConfig, SeccEvent, StationLimits

__all__ = ["Secc", "SeccConfig", "SeccError", "SeccEvent", "SeccReady", "StationLimits"]
