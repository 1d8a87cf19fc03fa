"""R04: grid-code settings that take effect, at once and at their time."""

from functools import partial

from harness.case import serves
from harness.csms import Answer
from harness.hands import Stand
from harness.judge.ocpp import der, der_told
from harness.judge.power import der_power, later, setpoints
from test_cases.test_bi20_ocpp21 import SETTINGS

_KIND = "LimitMaxDischarge"


@serves("OCPP-R04.P102")
async def test_the_discharge_is_kept_to_its_limit(stand: Stand) -> None:
    """Power to the grid; a limit of half as much, cleared again; and once more, for a few seconds from a moment on."""
    station, (in_s, for_s) = stand.station, (4, 6)
    rated_w = max(stand.pixit.rated_discharge_w or 0, stand.car.rated_discharge_w("DC"))
    out_w = round(min(4000, 0.8 * (stand.pixit.rated_discharge_w or 5000)))
    half = {"priority": 5, "pctMaxDischargePower": round(50 * out_w / rated_w, 1)}
    async with stand.car.session("DC_BPT", "Dynamic"):
        out = await stand.car.central_setpoint(f"-{out_w} W")
        await stand.car.settles(near=f"-{out_w} W")
        stand.claim.control(setpoints.setpoint_followed, limit=out.call)
        back = partial(stand.claim.during, later.holds, limit=out.call, field="setpoint")
        async with stand.step("half of it, as the setting for always"):
            now = await station.set_der_control(_KIND, half)
            with stand.claim.during(der_power.capped, call=now.call, rated_w=rated_w):
                await stand.car.settles(near=f"-{out_w // 2} W")
            cleared = await station.clear_der_control(control_id=now.sent["controlId"])
            with back(since=cleared.call, after_s=0):
                await stand.car.settles(near=f"-{out_w} W")
        async with stand.step(f"half of it in {in_s} s, for {for_s} s"):
            when = {"startTime": stand.time_in(in_s), "duration": for_s}
            timed = await station.set_der_control(_KIND, {**half, **when}, is_default=False)
            await stand.until_after(timed.call, in_s, "the setting starts")
            with stand.claim.during(der_power.capped, call=timed.call, rated_w=rated_w):
                await stand.car.settles(near=f"-{out_w // 2} W")
            await stand.until_after(timed.call, in_s + for_s, "the setting is over")
            with back(since=timed.call, after_s=in_s + for_s):
                await stand.car.settles(near=f"-{out_w} W")


@serves("OCPP-R04.P103", "OCPP-R04.P104")
async def test_the_start_and_the_end_of_a_setting_are_told(stand: Stand) -> None:
    """A setting for a while from a moment on; and a more important one that takes its place while it runs."""
    station, known, wait_s = stand.station, await stand.settings.der_modes(), 15.0
    control = next(
        (kind for kind in SETTINGS if kind in known and kind not in ("Gradients", "EnterService")), "FreqDroop"
    )

    async def scheduled(priority: int, for_s: int) -> Answer:
        when = {"startTime": stand.time_in(2), "duration": for_s}
        return await station.set_der_control(
            control, {"priority": priority, **SETTINGS[control], **when}, is_default=False
        )

    async def until_told(setting: Answer, started: bool, within_s: float) -> None:
        fits = {"controlId": setting.sent["controlId"], "started": started}
        told = station.expect("NotifyDERStartStop", lambda m: fits.items() <= m.payload.items(), within_s, setting.call)
        await stand.if_it_comes(told)

    async with stand.step(f"{control} in 2 s, for 3 s"):
        short = await scheduled(5, for_s=3)
        await until_told(short, False, 5 + wait_s)
    async with stand.step("for 600 s, and then one that is more important for 3 s"):
        long = await scheduled(5, for_s=600)
        await until_told(long, True, 2 + wait_s)
        over = await scheduled(2, for_s=3)
        await until_told(over, False, 5 + wait_s)
        for setting in (long, over):
            await station.clear_der_control(control_id=setting.sent["controlId"], is_default=False)
    for setting in (short, over):
        stand.claim.control(der.accepts, call=setting.call)
    stand.claim(der_told.start_and_end, "OCPP-R04.P103", set=short.call)
    stand.claim(der_told.start_and_end, "OCPP-R04.P104", set=over.call, supersedes=long.sent["controlId"])
