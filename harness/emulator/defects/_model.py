"""What a defect is: one small behaviour of the assembled station replaced, and what must notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from harness.emulator.altered import at_any_time, car_link_of, in_the_secc, ocpp_of, says, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

__all__ = ["Defect", "at_any_time", "car_link_of", "in_the_secc", "ocpp_of", "says", "swap"]


@dataclass(frozen=True)
class Defect:
    """One way to be broken.

    `what_is_broken` is plain English, for whoever reads a HOLD. Every purpose and rule of `must_fail` has to get the
    verdict fail (one that runs for several services in at least one of them; "I20-V2G.P001/DC_BPT/Dynamic" names a
    service); those of `may_fail` may get any (a consequence that depends on timing or on what ran before). Any other
    purpose or rule that is worse than with the conformant charger is a bystander. `run` selects requirements or
    criteria for the defect's own campaign, or purposes (then without the smoke set), at a bench without the
    instruments of `bench_without`; `smoke` False leaves the smoke set out, where the charger is gone in the end and
    every further case would only wait for it. It may need a charger with so many `evses`: its campaign is then one of
    depth thorough, and one EVSE's fail is enough. Where only a number that nobody has confirmed yet would notice it,
    `confirms` names the criteria whose numbers the tender of its campaign confirms. Where a defect cannot be judged
    because it also takes away the evidence, `must_be_inconclusive` names the purposes and `why_inconclusive` says why.
    `apply` changes an assembled station that does not run yet.
    """

    name: str
    title: str
    what_is_broken: str
    must_fail: tuple[str, ...]
    run: tuple[str, ...]
    apply: Callable[[Station], None]
    may_fail: tuple[str, ...] = ()
    smoke: bool = True
    bench_without: tuple[str, ...] = ()
    evses: int = 1
    depth: str = "short"  # of its campaign: where only a deeper one holds the purposes that must notice
    confirms: tuple[str, ...] = ()
    must_be_inconclusive: tuple[str, ...] = ()
    why_inconclusive: str = ""

    @property
    def named(self) -> tuple[str, ...]:
        """Every purpose and rule that the defect may change."""
        return tuple(dict.fromkeys((*self.must_fail, *self.must_be_inconclusive, *self.may_fail)))
