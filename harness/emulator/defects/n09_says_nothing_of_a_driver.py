"""Accepts to tell what it keeps about a driver, and tells nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from harness.emulator.defects._model import Defect, ocpp_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station


def _break(station: Station) -> None:
    swap(ocpp_of(station).customers, "customer_information", lambda _: lambda request: {"status": "Accepted"})


DEFECT = Defect(
    name="says-nothing-of-a-driver",
    title="Promises to tell what it keeps about a driver, and does not",
    what_is_broken="CustomerInformation is accepted, whoever it is about, and no NotifyCustomerInformation follows.",
    must_fail=("OCPP-N09.P001", "OCPP-N09.P002", "OCPP-N10.P001", "OCPP-N10.P002"),
    run=("OCPP-N09.P001", "OCPP-N09.P002", "OCPP-N10.P001", "OCPP-N10.P002"),
    depth="acceptance",
    smoke=False,
    apply=_break,
)
