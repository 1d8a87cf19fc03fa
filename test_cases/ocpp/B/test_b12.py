"""B12: reset with a transaction."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, core_ocpp
from harness.judge.power import off, setpoints


@serves("OCPP-B12.P001")
async def test_a_reset_waits_for_the_session(stand: Stand) -> None:
    """A car charges, a reset may wait; the car rests and charges on; when it has gone, the charger starts anew."""
    station, boot_s, running = stand.station, stand.pixit.boot_s, stand.session
    async with stand.step("a car charges, and a reset may wait"):
        asked = await station.reset("OnIdle")
    async with stand.step("the car rests, and charges on") as due:
        await stand.bench.pilot.not_ready()
        await stand.quiet(within_s=8, for_s=3)
        # Where a session ends with its energy, the reset is due from here; one that the reset ended was none.
        ended = running.ended and "ResetCommand" not in running.triggers
        if not ended:
            await stand.bench.pilot.ready()
            await stand.if_it_comes(stand.car.draws(at_least="6 A"))
            await stand.if_it_comes(station.until_ready(within_s=boot_s))
    async with stand.step("the car goes") as gone:
        due = due if ended else gone
        await stand.car.leave()
        await stand.if_it_comes(station.expect("BootNotification", since=due, within_s=boot_s))
        await stand.if_it_comes(station.until_ready(within_s=boot_s))
        await stand.quiet(within_s=5)
    stand.claim(answers.says, call=asked.call, accept=["Scheduled"])
    stand.claim(answers.tells, since=due, action="BootNotification", holds={})


@serves("OCPP-B12.P002")
async def test_a_reset_at_once_ends_the_session_first(stand: Stand) -> None:
    """While a car charges, a reset at once ends the session and tells so, before the charger starts anew."""
    station, boot_s, running = stand.station, stand.pixit.boot_s, stand.session
    async with stand.step("a car charges, and the charger is reset at once") as begin:
        asked = await station.reset("Immediate")
        await stand.if_it_comes(stand.until_it_boots(asked))
        await stand.if_it_comes(station.until_ready(within_s=boot_s))
        await stand.quiet(within_s=5)
    ended = {"eventType": "Ended", "transactionInfo": {"transactionId": running.id}}
    stand.claim.control(answers.says, call=asked.call, accept=["Accepted"])
    stand.claim(answers.tells, since=begin, action="TransactionEvent", holds=ended)


@serves("OCPP-B12.P003", "OCPP-B12.P004", "OCPP-B12.P005")
async def test_a_reset_divides_one_session_from_the_next(stand: Stand) -> None:
    """A car charges, the charger is reset at once, the plug stays in; another start charges the car, and it goes."""
    async with stand.step("a car charges, the charger is reset, and the plug stays in") as begin:
        await stand.car.charge(at_least="6 A")
        await stand.car.until_the_session_is_told()
        mine, reset = stand.session.id, await stand.restarted()
        for group in ("", "charges"):
            stand.claim.control(answers.says, call=reset.call, accept=["Accepted"], group=group)
        await stand.bench.meter.observe(for_s=2 * stand.limit_s("response") + 1)
        stand.claim(off.once_ended, "OCPP-B12.P005", since=begin, transaction=mine)
    async with stand.step("another start"):
        start = await stand.car.start_again(after_its_own=True)
        stand.claim.control(answers.says, "OCPP-B12.P004", call=start.call, accept=["Accepted"], group="charges")
        await stand.if_it_comes(stand.car.draws(at_least="6 A"))
        stand.claim(setpoints.draws_at_least, "OCPP-B12.P004", value=5, unit="A", group="charges")
        gone = stand.mark()
        await stand.car.leave()
        await stand.until_status("Available", since=gone)
        await stand.quiet(within_s=5)
    stand.claim(core_ocpp.transaction_in_sequence, "OCPP-B12.P003", since=begin)


@serves("OCPP-B12.P006")
async def test_a_reset_ends_the_power_of_a_session_by_iso_15118(stand: Stand) -> None:
    """A car charges by ISO 15118-20, and the charger is reset at once: told as ended, the session gives no power."""
    async with stand.car.session():
        await stand.if_it_comes(stand.car.draws(at_least="1500 W"))
        stand.claim.control(setpoints.draws_at_least, value=1500, unit="W")
        await stand.car.until_the_session_is_told()
        begin, mine, reset = stand.mark(), stand.session.id, await stand.restarted()
        stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
        await stand.bench.meter.observe(for_s=2 * stand.limit_s("response") + 1)
        stand.claim(off.once_ended, since=begin, transaction=mine)
