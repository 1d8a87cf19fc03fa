"""Does not come back after a loss, at a bench that has no control pilot."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc05_never_reconnects import DEFECT as WITH_A_PILOT

DEFECT = dataclasses.replace(
    WITH_A_PILOT,
    name="never-reconnects-without-a-car",
    title="Does not come back after a loss while nobody charges",
    must_fail=("OCPP-P4.P002",),
    may_fail=(),
    run=("SC-05.1",),
    bench_without=("pilot",),
)
