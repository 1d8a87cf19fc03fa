"""Rejects every limit, at a bench that has no control pilot."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc04_refuses_limits import DEFECT as WITH_A_PILOT

DEFECT = dataclasses.replace(
    WITH_A_PILOT,
    name="refuses-limits-without-a-car",
    title="Rejects every limit while nobody charges",
    must_fail=("OCPP-K01.P007",),
    may_fail=(),
    run=("SC-04.1",),
    bench_without=("pilot",),
)
