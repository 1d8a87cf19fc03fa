"""What sort of thing was tested: where its connections came from, as the trace tells. Pure."""

from __future__ import annotations

import ipaddress
from typing import Any

from harness.trace import Trace


def kind_of_dut(trace: Trace, emulated: bool) -> str:
    """ "emulated", "program" on the bench's own computer, "elsewhere", or "nothing" that a charger ever did.

    One connection from this computer is enough to call it a program: a charger has no other way to get there.
    """
    if emulated:
        return "emulated"
    came = [e.data for e in trace.of("ocpp.connection") if e.who == "dut" and e.data.get("state") == "open"]
    if any(_from_here(data) for data in came):
        return "program"
    return "elsewhere" if any(e.who == "dut" for e in trace) else "nothing"


def _from_here(data: dict[str, Any]) -> bool:
    if data.get("process") is not None:
        return True
    host = str(data.get("remote") or "").rpartition(":")[0].strip("[]")
    try:
        address = ipaddress.ip_address(host.split("%")[0])
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback
