"""What a variant is: a charger that is correct by the specification and does something otherwise than the plain one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from harness.emulator.altered import car_link_of, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

__all__ = ["Variant", "car_link_of", "nothing", "ocpp_of", "put", "swap"]


def nothing(station: Station) -> None:
    """For a variant that differs by its nameplate or its papers alone."""


@dataclass(frozen=True)
class Variant:
    """One way to be unusual and right.

    `what_is_unusual` is plain English; `why_legal` says in our own words what permits it, `clauses` where that stands.
    `touches` selects the requirements or criteria of its own campaign, or purposes; `depth` is that campaign's, where
    only a deeper one holds what the variant could trip over. No criterion may come out worse than with the
    plain charger, except those of `may_change`, with the verdict that honestly differs. `ratings` are the nameplate's
    other values, `declares` what the supplier's profile says otherwise; `apply` alters a station that does not run yet.
    """

    name: str
    title: str
    what_is_unusual: str
    why_legal: str
    clauses: tuple[str, ...]
    touches: tuple[str, ...]
    apply: Callable[[Station], None] = nothing
    ratings: Mapping[str, Any] = field(default_factory=dict)
    declares: Mapping[str, Any] = field(default_factory=dict)
    may_change: Mapping[str, str] = field(default_factory=dict)
    smoke: bool = True
    depth: str = "short"


def put(station: Station, **values: str) -> None:
    """Other factory values of the device model: `put(station, TxCtrlr__TxStartPoint="Authorized")`."""
    model = ocpp_of(station).model
    for path, value in values.items():
        component, name, *instance = path.split("__")
        model.put(component, name, value, instance[0] if instance else "")
