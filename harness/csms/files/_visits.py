"""The connections of the file server: so many from an address, so many in all; who knows no word gives way first."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from harness.csms._budgets import Budgets
from harness.csms.door._purse import Purse
from harness.csms.door._strangers import Strangers
from harness.csms.files._offers import Offer
from harness.trace import Recorder

_TARGET_LENGTH = 120  # kept of what was asked for


@dataclass(eq=False)
class Visit:
    """One connection. `offer` is what its request named by its word, once it did."""

    writer: asyncio.StreamWriter
    host: str
    port: int
    offer: Offer | None = None
    method: str = "?"
    target: str = ""
    name: str = ""


class Visits:
    """Who is there, and what the trace tells of them. `is_charger` knows whether the charger is at an address."""

    def __init__(self, recorder: Recorder, budgets: Budgets, is_charger: Callable[[str], bool]) -> None:
        self._recorder, self._budgets, self._is_charger = recorder, budgets, is_charger
        self._open: dict[Visit, None] = {}
        self._strangers = Strangers(recorder, "requests to the file server", budgets.file_requests, budgets.addresses)
        self._fetches = Purse(budgets.fetches)

    def arrive(self, writer: asyncio.StreamWriter) -> Visit | None:
        """A connection was accepted; None when there is no room for it."""
        peer = writer.get_extra_info("peername") or ("?", 0)
        visit = Visit(writer, str(peer[0]), int(peer[1]))
        here = [each for each in self._open if each.host == visit.host]
        crowd = here if len(here) >= self._budgets.file_connections else list(self._open)
        if crowd is here or len(crowd) >= self._budgets.all_file_connections:
            held = Counter(each.host for each in crowd)
            unknown = [each for each in crowd if each.offer is None]
            victim = max(unknown, key=lambda each: held[each.host], default=None)
            if victim is None:
                writer.transport.abort()
                return None
            victim.writer.transport.abort()
            self._open.pop(victim, None)
        self._open[visit] = None
        return visit

    def leave(self, visit: Visit) -> None:
        """A connection is over."""
        self._open.pop(visit, None)
        visit.writer.close()

    def abort(self) -> None:
        """Drop all that are open, and say what was left out of the trace."""
        for visit in list(self._open):
            visit.writer.transport.abort()
        self._open.clear()
        self._strangers.close()

    def tell(self, visit: Visit, status: int, count: int, complete: bool, **more: object) -> None:
        """Record what came of it. It is the charger's where it named what we offered, from where the charger is."""
        if not (self._fetches.draw(1) if visit.offer is not None else self._strangers.may_tell(visit.host)):
            return
        theirs = visit.offer is not None and self._is_charger(visit.host)
        self._recorder.record(
            "file.request",
            "dut" if theirs else "caller",
            {
                "method": visit.method[:20],
                "name": visit.name if visit.offer is not None else "",
                "target": None if visit.offer is not None else visit.target[:_TARGET_LENGTH],
                "status": status,
                "bytes": count,
                "complete": complete,
                "range": None,
                "remote": f"{visit.host}:{visit.port}",
                **more,
            },
        )
