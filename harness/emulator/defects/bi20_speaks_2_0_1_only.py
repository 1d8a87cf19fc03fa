"""Says that it knows OCPP 2.1, and offers only 2.0.1."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    network = ocpp_of(station).network_profiles
    slots = {number: dataclasses.replace(slot, subprotocols=("ocpp2.0.1",)) for number, slot in network.slots.items()}
    swap(network, "slots", lambda _: slots)


DEFECT = Defect(
    name="speaks-2-0-1-only",
    title="Does not speak OCPP 2.1",
    what_is_broken="The charger is declared to speak OCPP 2.1, but offers the backend OCPP 2.0.1 only.",
    must_fail=("OCPP-B01.P010",),
    run=("BI-20.1",),
    smoke=False,  # the smoke set is tried by OCPP 2.1, which it does not speak
    apply=_break,
)
