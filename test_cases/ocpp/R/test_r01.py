"""R01: grid-code settings that stay."""

from typing import Any

from harness.case import serves
from harness.hands import Stand
from harness.judge.ocpp import answers, der
from test_cases.test_bi20_ocpp21 import SETTINGS

_ONCE = ("Gradients", "EnterService")  # for always only (R04.FR.13)


@serves("OCPP-R01.P001")
async def test_grid_code_settings_outlive_a_reset(stand: Stand) -> None:
    """Two kinds for always, and one of them for an hour from tomorrow on; a reset; all are there."""
    station, known = stand.station, await stand.settings.der_modes()
    kinds = [kind for kind in SETTINGS if kind in known][:2] or ["FreqDroop"]
    later = {"startTime": stand.time_in(86400), "duration": 3600}
    async with stand.step(f"{' and '.join(kinds)}, and a reset"):
        kept = [await station.set_der_control(kind, {"priority": 5, **SETTINGS[kind]}) for kind in kinds]
        if kinds[0] not in _ONCE:
            settings = {"priority": 4, **SETTINGS[kinds[0]], **later}
            kept.append(await station.set_der_control(kinds[0], settings, is_default=False))
        reset = await stand.restarted()
    stand.claim.control(answers.says, call=reset.call, accept=["Accepted"])
    for each in kept:
        identity, default = each.sent["controlId"], each.sent["isDefault"]
        async with stand.step(f"{each.sent['controlType']}, {'for always' if default else 'for later'}"):
            get = await station.get_der_control(control_id=identity)
            clear = await station.clear_der_control(control_id=identity, is_default=default)
            gone = await station.get_der_control(control_id=identity)
        calls: dict[str, Any] = {"get": get.answer.call, "clear": clear.call, "gone": gone.answer.call}
        stand.claim(der.set_reported_cleared, set=each.call, group=identity, **calls)
