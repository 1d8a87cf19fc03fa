"""Exchanges schedules with a car that has told no charge parameters."""

from __future__ import annotations

from harness.emulator.defects._model import Defect, at_any_time, in_the_secc


def _break() -> None:
    at_any_time("ScheduleExchangeReq", "ScheduleExchange")


DEFECT = Defect(
    name="plans-without-parameters",
    title="Plans without charge parameters",
    what_is_broken="ScheduleExchange is answered wherever the session stands.",
    must_fail=("I20-SEQ.P005",),
    run=("I20-SEQ.P005",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
