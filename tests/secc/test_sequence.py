"""The order of ISO 15118-20 requests, apart from any socket."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from harness.emulator.secc.line._sequence import Sequence


class Message(SimpleNamespace):
    """As the package's messages: known by its name as text."""

    def __str__(self) -> str:
        return str(self.name)


def message(name: str, **fields: str) -> Any:
    return Message(name=name, **{key: SimpleNamespace(value=value) for key, value in fields.items()})


def power_delivery(progress: str) -> Any:
    return message("PowerDeliveryReq", charge_progress=progress)


def after(*requests: Any, ac: bool = False, processing: str = "Finished") -> Sequence:
    made = Sequence()
    for request in requests:
        made.answered(request, message("any", evse_processing=processing), ac=ac)
    return made


PARAMETERS = message("DC_ChargeParameterDiscoveryReq")
SCHEDULE, CABLE, PRECHARGE = (message(n) for n in ("ScheduleExchangeReq", "DC_CableCheckReq", "DC_PreChargeReq"))
LOOP, WELDING, STOP = (message(n) for n in ("DC_ChargeLoopReq", "DC_WeldingDetectionReq", "SessionStopReq"))
START, END, STANDBY, ANEW = (power_delivery(p) for p in ("Start", "Stop", "Standby", "ScheduleRenegotiation"))


@pytest.mark.parametrize(
    ("came", "next_"),
    [
        (PARAMETERS, SCHEDULE),
        (SCHEDULE, CABLE),
        (SCHEDULE, STANDBY),
        (PRECHARGE, PRECHARGE),
        (PRECHARGE, START),
        (PRECHARGE, END),
        (START, LOOP),
        (LOOP, ANEW),
        (END, WELDING),
        *((came, STOP) for came in (PARAMETERS, SCHEDULE, PRECHARGE, END)),
    ],
)
def test_what_belongs_there_may_come(came: Any, next_: Any) -> None:
    """The way of a DC session, and leaving it."""
    assert after(came).allows(next_)


@pytest.mark.parametrize(
    ("came", "next_"),
    [
        (PARAMETERS, CABLE),
        (PARAMETERS, START),
        (SCHEDULE, SCHEDULE),
        (SCHEDULE, START),
        (SCHEDULE, ANEW),
        (PRECHARGE, WELDING),
        (PRECHARGE, ANEW),
        (END, START),
        (END, LOOP),
    ],
)
def test_no_dc_power_before_cable_check_and_pre_charge(came: Any, next_: Any) -> None:
    """After the schedule comes the cable check [V2G20-1594]; nothing starts before it, or once it has been ended."""
    assert not after(came).allows(next_)


def test_ac_goes_from_the_schedule_to_power_delivery() -> None:
    """[V2G20-1596]; when it has ended, the session stops."""
    assert after(SCHEDULE, ac=True).allows(START) and not after(SCHEDULE, ac=True).allows(CABLE)
    assert not after(END, ac=True).allows(START) and not after(END, ac=True).allows(WELDING)


def test_while_the_schedule_is_ongoing_it_is_asked_for_again() -> None:
    """Nothing else but the end may come before it is finished."""
    waiting = after(SCHEDULE, processing="Ongoing")
    assert waiting.allows(SCHEDULE) and waiting.allows(STOP)
    assert not waiting.allows(CABLE) and not waiting.allows(STANDBY)


def test_of_other_steps_the_packages_states_decide() -> None:
    """What this table does not know passes."""
    assert after().allows(message("SessionSetupReq")) and after(CABLE).allows(CABLE)
