"""B04: back from offline: the states of the connectors."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import core_ocpp


@serves("OCPP-B04.P001", "OCPP-B04.P002")
async def test_states_are_told_after_an_outage(stand: Stand) -> None:
    """One longer than OfflineThreshold, in which nothing happens; one that is shorter, in which a car comes."""
    evse, network = stand.pixit.evse_id, stand.csms.network
    await stand.settings.quick_reconnect()
    less = str(max(1, round(stand.limit_s("offline_gap") / 2)))
    for threshold, state, purpose in ((less, "Available", "OCPP-B04.P001"), ("600", "Occupied", "OCPP-B04.P002")):
        put = await stand.settings.change("OCPPCommCtrlr", "OfflineThreshold", threshold)
        stand.claim.control(core_ocpp.fitting_value_taken, purpose, set=put.call)
        async with stand.step(f"an outage, with a threshold of {threshold} s"):
            await network.cut("reset")
            if state == "Occupied":
                await stand.dwell("notice", "it notices")
                await stand.car.plug_in()
            await stand.dwell("offline_gap", "it is offline")
            back = await stand.marked(network.restore())
            await stand.if_it_comes(stand.station.until_connected(within_s=stand.limit_s("reconnect") + 1))
            await stand.until_status(state, since=back)
        stand.claim(core_ocpp.reports_status, purpose, states=[state], evse_id=evse, since=back)
