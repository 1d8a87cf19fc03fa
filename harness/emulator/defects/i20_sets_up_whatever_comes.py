"""Goes on without a session that was set up."""

from __future__ import annotations

from harness.emulator.defects._model import Defect, at_any_time, in_the_secc


def _break() -> None:
    at_any_time("AuthorizationSetupReq", "AuthorizationSetup", within="SessionSetup")


DEFECT = Defect(
    name="sets-up-whatever-comes",
    title="Needs no session setup",
    what_is_broken="In the place of SessionSetup it takes AuthorizationSetup, with the SessionID 0 of none.",
    must_fail=("I20-SEQ.P003",),
    run=("I20-SEQ.P003",),
    depth="acceptance",
    apply=in_the_secc(_break),
)
