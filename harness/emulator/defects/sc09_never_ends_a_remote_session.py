"""Never tells the end of a session that the backend started, at a bench that has no control pilot."""

from __future__ import annotations

import dataclasses

from harness.emulator.defects.sc09_never_ends_a_session import DEFECT as WITH_A_PILOT

DEFECT = dataclasses.replace(
    WITH_A_PILOT,
    name="never-ends-a-remote-session",
    title="Never tells that a session the backend started is over",
    must_fail=("OCPP-E01.P003",),
    may_fail=(),
    run=("SC-09.3",),
    bench_without=("pilot",),
)
