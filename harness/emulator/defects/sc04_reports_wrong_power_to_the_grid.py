"""Reports a fifth more power than flows, also towards the grid."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc04_reports_wrong_power import DEFECT as AT_THE_PILOT

DEFECT = dataclasses.replace(
    AT_THE_PILOT,
    name="reports-wrong-power-to-the-grid",
    title="Reports wrong meter values while a car discharges",
    must_fail=("OCPP-J02.P101",),
    may_fail=("OCPP-J02.P001", "OCPP-J02.P002", "OCPP-J02.P110"),  # the same values in other messages
    run=("SC-04.7",),
    depth="acceptance",
    smoke=False,
)
