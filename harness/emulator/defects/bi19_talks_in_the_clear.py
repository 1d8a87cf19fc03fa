"""Talks with the car without encryption."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec

from harness.emulator.defects._model import Defect, car_link_of, swap
from harness.emulator.secc import SeccConfig
from harness.emulator.secc.line._pki import make_pki

if TYPE_CHECKING:
    from harness.emulator._station import Station

Config = Callable[[str], SeccConfig]
Facts = Callable[[], dict[str, Any]]


def _break(station: Station) -> None:
    link = car_link_of(station)

    def plain(config: Config) -> Config:
        return lambda interface: msgspec.structs.replace(config(interface), tls="off")

    def with_certificates(facts: Facts) -> Facts:
        # the car still gets its own certificates: it has to be able to ask for TLS
        return lambda: facts() | {"pki": make_pki(station.options.state_dir / "v2g_pki")}

    swap(link, "config", plain)
    swap(link, "facts", with_certificates)


DEFECT = Defect(
    name="talks-in-the-clear",
    title="Talks with the car without encryption",
    what_is_broken="The charger offers the car no TLS: what they say to each other can be read and altered.",
    must_fail=("I20-V2G.P002",),
    may_fail=(
        "I20-V2G.P001/DC_BPT/Dynamic",
        "I20-V2G.P001/DC_BPT/Scheduled",
        "I20-V2G.P001/AC_BPT/Dynamic",
        "I20-V2G.P001/AC_BPT/Scheduled",
        "I20-V2G.P003",
        "I20-V2G.P004/DC_BPT/Dynamic",
        "I20-V2G.P004/DC_BPT/Scheduled",
        "I20-V2G.P004/AC_BPT/Dynamic",
        "I20-V2G.P004/AC_BPT/Scheduled",
    ),  # our car does not talk in the clear
    run=("BI-19",),
    apply=_break,
)
