"""L01: firmware updates, and the cars that charge before and meanwhile."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.line import told
from harness.judge.ocpp import answers
from harness.judge.power import setpoints


@serves("OCPP-L01.P104")
async def test_it_charges_after_firmware_that_it_refused(stand: Stand) -> None:
    """A car charges, and goes; altered firmware is offered and refused; a car charges again."""
    async with stand.step("the control: before it, a car charges"):
        await stand.car.charge(at_least="6 A")
        stand.claim.control(setpoints.draws_at_least, value=5, unit="A")
        await stand.car.leave()
    async with stand.step("altered firmware, then a car"):
        update = await stand.firmware.offer(tampered=True)
        await stand.firmware.wait_for("InvalidSignature", update)
        await stand.quiet(within_s=5)
        await stand.if_it_comes(stand.car.charge(at_least="6 A"))
        stand.claim(setpoints.draws_at_least, value=5, unit="A")


@serves("OCPP-L01.P105")
async def test_an_update_waits_for_the_session(stand: Stand) -> None:
    """The right firmware is offered while a car charges; before the car goes, another offer takes its place."""
    firmware = stand.firmware
    await stand.car.charge(at_least="6 A")
    await stand.car.until_the_session_is_told()
    running = stand.session.id
    async with stand.step("firmware is offered while a car charges"):
        update = await firmware.offer()
        await firmware.wait_for("InstallScheduled", update)
        await stand.bench.meter.observe(for_s=8.0)
        stand.claim.control(answers.says, call=update.call, accept=["Accepted"])
        stand.claim(told.goes_on, since=update.call, transaction=running)
        stand.claim(setpoints.draws_at_least, value=5, unit="A")
    async with stand.step("one that breaks off takes its place, and the car goes"):
        other = await firmware.offer(interrupt=True)
        await firmware.wait_for("DownloadFailed", other)
        await stand.car.leave()
