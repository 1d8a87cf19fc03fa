"""Those who have not logged in, by address: how many attempts the trace tells of, and how many it leaves out."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field

from harness.csms._budgets import Allowance
from harness.csms.door._purse import Purse
from harness.trace import Recorder

EVERYBODY_ELSE = "every other address"


@dataclass
class _Address:
    purse: Purse
    untold: int = 0
    told: bool = field(default=False)  # that there are attempts that are not told of


class Strangers:
    """A purse for each address, for a bounded number of addresses; one more for all that come after them.

    What is left out is counted: `peer.budget` says so once when it begins for an address, and how many in `close`.
    """

    def __init__(self, recorder: Recorder, what: str, allowance: Allowance, addresses: int) -> None:
        self._recorder, self._what, self._allowance, self._most = recorder, what, allowance, addresses
        self._known: dict[str, _Address] = {}

    def may_tell(self, host: str) -> bool:
        """Draw for one attempt from there; False when the trace shall not tell of it."""
        name = _network_of(host)
        found = self._known.get(name) or self._new(name)
        if found.purse.draw(1):
            return True
        found.untold += 1
        if not found.told:
            found.told = True
            self._tell(name if name in self._known else EVERYBODY_ELSE, "left out of the trace from here on", None)
        return False

    def close(self) -> None:
        """Say how many were left out, of each address."""
        for name, found in self._known.items():
            if found.untold:
                self._tell(name, "left out of the trace", found.untold)
        self._known.clear()

    def _new(self, name: str) -> _Address:
        if len(self._known) >= self._most:
            full = [each for each, known in self._known.items() if known.purse.share >= 1 and not known.told]
            for each in full:
                del self._known[each]
        if len(self._known) >= self._most:
            name = EVERYBODY_ELSE
        return self._known.setdefault(name, _Address(Purse(self._allowance)))

    def _tell(self, name: str, done: str, count: int | None) -> None:
        self._recorder.record(
            "peer.budget",
            "caller",
            {
                "budget": self._what,
                "allowed": self._allowance.burst,
                "per_s": self._allowance.per_s,
                "remote": name,
                "done": done,
                "count": count,
            },
        )


def _network_of(host: str) -> str:
    """The address; of IPv6 its /64, of which one machine has all addresses."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host[:64]
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped) if mapped else str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)
