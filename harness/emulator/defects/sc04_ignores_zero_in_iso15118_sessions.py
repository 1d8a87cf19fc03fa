"""Treats a limit of zero as the least current at which a car charges, in a session by ISO 15118-20."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc04_ignores_zero import DEFECT as AT_THE_PILOT

DEFECT = dataclasses.replace(
    AT_THE_PILOT,
    name="ignores-zero-in-iso15118-sessions",
    title="Keeps 6 A when told to stop, in a session by ISO 15118-20",
    must_fail=("OCPP-K01.P101", "OCPP-K01.P205"),
    may_fail=("OCPP-K01.P003",),
    run=("SC-04.3",),
    depth="acceptance",
    smoke=False,
)
