"""Repeats a sequence number in a session that the backend started, at a bench that has no control pilot."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc09_repeats_a_number import DEFECT as WITH_A_PILOT

DEFECT = dataclasses.replace(
    WITH_A_PILOT,
    name="repeats-a-number-without-a-car",
    title="Repeats a sequence number in a session that the backend started",
    must_fail=("OCPP-E01.P003", "OCPP-E01.R002"),
    may_fail=(),
    run=("SC-09.3",),
    bench_without=("pilot",),
)
