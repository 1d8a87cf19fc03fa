"""Needs several seconds to boot, and is told to wait by the backend's interval."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from harness.emulator.variants._model import Variant, ocpp_of

if TYPE_CHECKING:
    from harness.emulator._station import Station

BOOTS_IN_S = 6.0


def _alter(station: Station) -> None:
    ocpp = ocpp_of(station)
    ocpp.config = dataclasses.replace(ocpp.config, reboot_s=BOOTS_IN_S)


VARIANT = Variant(
    name="takes-its-time-to-boot",
    title="Boots in six seconds",
    what_is_unusual="After a reset and after an update nobody hears of it for six seconds.",
    why_legal="OCPP gives no time for a reboot; the profile's boot_s and the contract allow more.",
    clauses=("OCPP 2.0.1 B11.FR.03", "pixit.boot_s, firmware.install_time"),
    touches=("SC-09.1", "SC-09.2", "GEN-03"),
    apply=_alter,
)
