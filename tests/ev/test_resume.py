"""A paused session taken up again, with hand-made chargers that join the old session or start a new one."""

from __future__ import annotations

import asyncio

import pytest

from ev_emulator import ChargingSession, Evcc, NotOffered, V2gError, load_vehicle
from harness.trace import Recorder
from tests.ev.handmade import OLD, Charger, serving
from tests.ev.peer import JsonCodec


def pause_and_return(recorder: Recorder, charger: Charger, *, forgets: bool = False) -> ChargingSession:
    """Two sessions of one car with a pause between them; the second one, ended in order. `forgets`: another car."""

    async def run() -> ChargingSession:
        car = load_vehicle("bidirectional_ac_11kw")
        async with serving(charger) as where:
            evcc = Evcc(car, JsonCodec(), recorder, "lo", **where)
            async with ChargingSession(evcc, "AC_BPT", "Dynamic", period_s=0.02) as first:
                await first.until(lambda s: s.cycles > 1, "two loops", 5)
                await first.stop("Pause")
            if forgets:
                evcc = Evcc(car, JsonCodec(), recorder, "lo", **where)
                evcc.session_id = OLD
            charger.heard.clear()
            async with ChargingSession(evcc, "AC_BPT", "Dynamic", period_s=0.02, resume=True) as second:
                await second.until(lambda s: s.present.power_w == -3000, "discharge", 5)
            return second

    return asyncio.run(run())


def once(names: list[str]) -> list[str]:
    """Repetitions in a row once."""
    return [name for at, name in enumerate(names) if at == 0 or names[at - 1] != name]


LATER = ["AC_ChargeParameterDiscoveryReq", "ScheduleExchangeReq", "PowerDeliveryReq", "AC_ChargeLoopReq"]
END = ["PowerDeliveryReq", "SessionStopReq"]


def test_a_joined_session_goes_on_with_its_charge_parameters(recorder: Recorder) -> None:
    """After OK_OldSessionJoined ChargeParameterDiscovery is the one request allowed [V2G20-1032], [V2G20-1843]."""
    charger = Charger(joins=True)
    session = pause_and_return(recorder, charger)
    assert session.failure is None
    assert once(charger.heard) == ["supportedAppProtocolReq", "SessionSetupReq", *LATER, *END]
    assert charger.connections == 2


def test_a_charger_that_starts_anew_is_followed_through_all_steps(recorder: Recorder) -> None:
    """A charger may answer with a new session [V2G20-2626]: then authorisation and service are agreed on again."""
    charger = Charger(joins=False)
    assert pause_and_return(recorder, charger).failure is None
    begun = ["supportedAppProtocolReq", "SessionSetupReq", "AuthorizationSetupReq", "AuthorizationReq"]
    chosen = ["ServiceDiscoveryReq", "ServiceDetailReq", "ServiceSelectionReq"]
    assert once(charger.heard) == [*begun, *chosen, *LATER, *END]


def test_a_car_that_never_agreed_on_a_service_says_so(recorder: Recorder) -> None:
    """Joined to a session whose service this car does not know, it says what is missing and asks for nothing more."""
    charger = Charger(joins=True)
    with pytest.raises(V2gError, match="no service selected"):
        pause_and_return(recorder, charger, forgets=True)
    assert charger.heard == ["supportedAppProtocolReq", "SessionSetupReq"]


@pytest.mark.parametrize("code", ["WARNING_EIMAuthorizationFailure", "WARNING_AuthorizationSelectionInvalid"])
def test_a_car_that_is_not_authorised_stops(recorder: Recorder, code: str) -> None:
    """A warning in place of the authorisation opens no service [V2G20-2219]: the car stops, and says so."""
    charger = Charger(codes={"Authorization": code})
    with pytest.raises(NotOffered, match=code):
        pause_and_return(recorder, charger)
    begun = ["supportedAppProtocolReq", "SessionSetupReq", "AuthorizationSetupReq", "AuthorizationReq"]
    assert charger.heard == [*begun, "SessionStopReq"]
