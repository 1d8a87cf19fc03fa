"""Sets up a session in the middle of one."""

from __future__ import annotations

from harness.emulator.defects._model import Defect, at_any_time, in_the_secc


def _break() -> None:
    at_any_time("SessionSetupReq", "SessionSetup")


DEFECT = Defect(
    name="sets-up-a-session-within-one",
    title="Sets up a session in the middle of one",
    what_is_broken="SessionSetup is answered wherever the session stands.",
    must_fail=("I20-SEQ.P004",),
    run=("I20-SEQ.P004",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
