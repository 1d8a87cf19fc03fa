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
    allowance: Allowance
    purse: Purse
    untold: int = 0
    told: bool = field(default=False)  # that there are attempts that are not told of


class Strangers:
    """A purse for each address, for a bounded number of addresses; one more for all that come after them.

    What is left out is counted: `peer.budget` says so once when it begins for an address, and how many in `close`.
    """

    def __init__(
        self, recorder: Recorder, what: str, allowance: Allowance, addresses: int, of_all: Allowance | None = None
    ) -> None:
        self._recorder, self._what, self._allowance, self._most = recorder, what, allowance, addresses
        self._known: dict[str, _Address] = {}
        self._favoured: set[str] = set()
        self._all = Purse(of_all) if of_all is not None else None

    def favour(self, host: str, allowance: Allowance) -> None:
        """Give an address an allowance of its own, which nobody else can use up."""
        name = _network_of(host)
        if name not in self._favoured:
            self._favoured.add(name)
            before = self._known.get(name)
            self._known[name] = _Address(allowance, Purse(allowance), before.untold if before else 0)

    def may_tell(self, host: str) -> bool:
        """Draw for one attempt from there; False when the trace shall not tell of it."""
        name = _network_of(host)
        found = self._known.get(name) or self._new(name)
        if found.purse.draw(1) and (name in self._favoured or self._all is None or self._all.draw(1)):
            return True
        found.untold += 1
        if not found.told:
            found.told = True
            where = name if name in self._known else EVERYBODY_ELSE
            self._tell(where, found, "left out of the trace from here on", None)
        return False

    def close(self) -> None:
        """Say how many were left out, of each address."""
        for name, found in self._known.items():
            if found.untold:
                self._tell(name, found, "left out of the trace", found.untold)
        self._known.clear()

    def _new(self, name: str) -> _Address:
        if len(self._known) >= self._most:
            full = [
                each
                for each, known in self._known.items()
                if known.purse.share >= 1 and not known.told and each not in self._favoured
            ]
            for each in full:
                del self._known[each]
        if len(self._known) >= self._most:
            name = EVERYBODY_ELSE
        return self._known.setdefault(name, _Address(self._allowance, Purse(self._allowance)))

    def _tell(self, name: str, found: _Address, done: str, count: int | None) -> None:
        self._recorder.record(
            "peer.budget",
            "caller",
            {
                "budget": self._what,
                "allowed": found.allowance.burst,
                "per_s": found.allowance.per_s,
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
