"""I20-SEQ: a message that comes where the standard has no place for it is refused, and nothing comes of it."""

from harness.case import serves
from harness.hands import Stand
from test_cases.iso15118_20._wrong import OF_NO_SESSION, OUT_OF_TURN, goes_well, is_out_of_turn, is_refused

DISCOVERY = ("service_discovery", "ServiceDiscoveryRes")
POWER = ("power_delivery", "PowerDeliveryRes")


@serves("I20-SEQ.P003")
async def test_no_session_set_up(stand: Stand) -> None:
    """The first message of ISO 15118-20 is AuthorizationSetup."""
    with stand.as_far_as_it_goes():
        codes = (OUT_OF_TURN, OF_NO_SESSION)
        await is_refused(stand, "I20-SEQ.P003", "negotiate", lambda car: car.authorization_setup(), *codes)
        await goes_well(stand, "I20-SEQ.P003", "authorization_setup", "AuthorizationSetupRes")


@serves("I20-SEQ.P004")
async def test_a_second_setup(stand: Stand) -> None:
    """In a session that has its services already, the car sets one up anew."""
    right = ("session_setup", "SessionSetupRes")
    await is_out_of_turn(stand, "I20-SEQ.P004", "service_discovery", lambda car: car.session_setup(), right)


@serves("I20-SEQ.P005")
async def test_schedules_before_parameters(stand: Stand) -> None:
    """The car has said nothing of its limits, and exchanges schedules."""
    right = ("schedule_exchange", "ScheduleExchangeRes")
    await is_out_of_turn(stand, "I20-SEQ.P005", "service_selection", lambda car: car.schedule_exchange(), right)
