"""I20-SEQ: a message that comes where the standard has no place for it is refused, and nothing comes of it."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.v2g import refusals
from test_cases.iso15118_20._wrong import OF_NO_SESSION, OUT_OF_TURN, asks, goes_well


@serves("I20-SEQ.P003")
async def test_no_session_set_up(stand: Stand) -> None:
    """The first message of ISO 15118-20 is AuthorizationSetup."""
    with stand.as_far_as_it_goes():
        bad = await asks(stand, "negotiate", lambda car: car.authorization_setup())
        stand.claim(refusals.refused, "I20-SEQ.P003", since=bad, codes=[OUT_OF_TURN, OF_NO_SESSION])
        good = await goes_well(stand, "authorization_setup")
        stand.claim.control(refusals.accepted, "I20-SEQ.P003", since=good, answer="AuthorizationSetupRes")


@serves("I20-SEQ.P004")
async def test_a_second_setup(stand: Stand) -> None:
    """In a session that has its services already, the car sets one up anew."""
    with stand.as_far_as_it_goes():
        bad = await asks(stand, "service_discovery", lambda car: car.session_setup())
        stand.claim(refusals.refused, "I20-SEQ.P004", since=bad, codes=[OUT_OF_TURN])
        good = await goes_well(stand, "session_setup")
        stand.claim.control(refusals.accepted, "I20-SEQ.P004", since=good, answer="SessionSetupRes")


@serves("I20-SEQ.P005")
async def test_schedules_before_parameters(stand: Stand) -> None:
    """The car has said nothing of its limits, and exchanges schedules."""
    with stand.as_far_as_it_goes():
        bad = await asks(stand, "service_selection", lambda car: car.schedule_exchange())
        stand.claim(refusals.refused, "I20-SEQ.P005", since=bad, codes=[OUT_OF_TURN])
        good = await goes_well(stand, "schedule_exchange")
        stand.claim.control(refusals.accepted, "I20-SEQ.P005", since=good, answer="ScheduleExchangeRes")
