"""Its parameter sets begin with dynamic control, and its EVSE id has no separators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from harness.emulator.variants._model import Variant, car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _alter(station: Station) -> None:
    link = car_link_of(station)

    def config(inner: Any) -> Any:
        return lambda interface: msgspec.structs.replace(
            inner(interface), control_modes=("dynamic", "scheduled"), evse_id="NLCHPE00001"
        )

    swap(link, "config", config)


VARIANT = Variant(
    name="dynamic-control-first",
    title="Offers dynamic control first",
    what_is_unusual="Its parameter sets begin with dynamic control, and its EVSE id has no separators.",
    why_legal="The order of parameter sets is the SECC's; the separators of an EVSEID may be left out.",
    clauses=("ISO 15118-20 8.3.5", "ISO 15118-2 Annex H"),
    touches=("BI-19", "BI-16", "SC-09.7"),
    apply=_alter,
)
