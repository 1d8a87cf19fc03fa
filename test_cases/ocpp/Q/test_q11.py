"""Q11: going offline while power is set by the backend."""

from functools import partial

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers
from harness.judge.power import later, setpoints


@serves("OCPP-Q11.P101")
async def test_a_setpoint_for_a_while_offline_gives_way(stand: Stand) -> None:
    """3 kW to the grid for a few seconds offline, and 1.5 kW below it, which hold once they are over."""
    while_s = 4
    await stand.settings.quick_reconnect()
    async with stand.car.session("BPT", "Dynamic"):
        below = await stand.station.set_charging_profile(setpoint="-1500 W", purpose="TxDefaultProfile")
        above = await stand.car.central_setpoint("-3000 W", more={"maxOfflineDuration": while_s})
        stand.claim.control(answers.says, call=above.call, accept=["Accepted"])
        await stand.car.settles(near="-3000 W")
        stand.claim.control(setpoints.setpoint_followed, limit=above.call)
        async with stand.step("the backend is out of reach"):
            cut = await stand.marked(stand.csms.network.cut("reset"))
            await stand.until_after(cut, while_s, "the time is over for which it may go on offline")
            gives_way = partial(stand.claim.during, later.holds, field="setpoint", after_s=while_s)
            with gives_way(limit=below.call, since=cut):
                await stand.car.settles(near="-1500 W")
            await stand.csms.network.restore()
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.pixit.reconnect_s))
