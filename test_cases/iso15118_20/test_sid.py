"""I20-SID: the SessionID holds a session together, and lets nobody else into it."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.v2g import refusals
from test_cases.iso15118_20._wrong import OF_NO_SESSION, asks, goes_well

NOT_OURS, NOBODY = "C0FFEE00C0FFEE01", "0000000000000000"


@serves("I20-SID.P001")
async def test_another_session_id(stand: Stand) -> None:
    """It is the SessionID of no session."""
    with stand.as_far_as_it_goes():
        bad = await asks(stand, "authorize", lambda car: car.service_discovery(session_id=NOT_OURS))
        stand.claim(refusals.refused, "I20-SID.P001", since=bad, codes=[OF_NO_SESSION])
        good = await goes_well(stand, "service_discovery")
        stand.claim.control(refusals.accepted, "I20-SID.P001", since=good, answer="ServiceDiscoveryRes")


@serves("I20-SID.P002")
async def test_no_session_id(stand: Stand) -> None:
    """It is the zero of a car that has no session yet."""
    with stand.as_far_as_it_goes():
        bad = await asks(stand, "authorize", lambda car: car.service_discovery(session_id=NOBODY))
        stand.claim(refusals.refused, "I20-SID.P002", since=bad, codes=[OF_NO_SESSION])
        good = await goes_well(stand, "service_discovery")
        stand.claim.control(refusals.accepted, "I20-SID.P002", since=good, answer="ServiceDiscoveryRes")


@serves("I20-SID.P003")
async def test_a_stale_session_id(stand: Stand) -> None:
    """It is that of the session before, which was stopped."""
    with stand.as_far_as_it_goes():
        async with stand.step("a session that ends"), stand.car.visit("authorize") as car:
            stale = car.session_id
            await car.session_stop()
        await stand.car.leave()
        bad = await asks(stand, "authorize", lambda car: car.service_discovery(session_id=stale))
        stand.claim(refusals.refused, "I20-SID.P003", since=bad, codes=[OF_NO_SESSION])
        good = await goes_well(stand, "service_discovery")
        stand.claim.control(refusals.accepted, "I20-SID.P003", since=good, answer="ServiceDiscoveryRes")


@serves("I20-SID.P005")
async def test_a_session_that_never_was(stand: Stand) -> None:
    """A car asks to go on with a session that the charger never had."""
    begin = stand.mark()
    with stand.as_far_as_it_goes():
        async with stand.car.visit("negotiate") as car:
            await car.session_setup(session_id=NOT_OURS)
        stand.claim(refusals.setup_is_new, "I20-SID.P005", since=begin)
