"""D01 and D02: the local authorization list, and its version."""

from harness.case import serves
from harness.csms import Answer
from harness.hands import Stand
from harness.judge.ocpp import answers

_FIRST, _NEWER = 7, 8


async def _version(stand: Stand, group: str, number: int) -> None:
    """The version that it tells is this one."""
    told = await stand.station.call("GetLocalListVersion", {})
    stand.claim(answers.says, "OCPP-D02.P401", call=told.call, holds={"versionNumber": number}, group=group)


@serves("OCPP-D01.P401", "OCPP-D02.P401")
async def test_an_older_list_is_refused(stand: Stand) -> None:
    """A list; an update of the same version, an older one, and a newer one; after each the version is asked for."""

    def taken(update: Answer, group: str) -> None:
        for purpose in ("OCPP-D01.P401", "OCPP-D02.P401"):
            stand.claim.control(answers.says, purpose, call=update.call, accept=["Accepted"], group=group)

    if await stand.settings.read("LocalAuthListCtrlr", "Available") == "false":
        return  # it keeps no list
    await stand.settings.change("LocalAuthListCtrlr", "Enabled", "true")
    async with stand.step("a list, where there was none"):
        taken(await stand.settings.local_list(_FIRST, "FIRST"), "first")
        await _version(stand, "first", _FIRST)
    for version in (_FIRST, _FIRST - 2):
        async with stand.step(f"an update to version {version}"):
            older = await stand.settings.local_list(version, "SECOND", kind="Differential")
            stand.claim(answers.says, "OCPP-D01.P401", call=older.call, accept=["VersionMismatch"])
            refused, group = ["VersionMismatch", "Failed"], f"refused {version}"
            stand.claim.control(answers.says, "OCPP-D02.P401", call=older.call, accept=refused, group=group)
            await _version(stand, group, _FIRST)
    async with stand.step(f"an update to version {_NEWER}"):
        newer = await stand.settings.local_list(_NEWER, "SECOND", kind="Differential")
        taken(newer, "")
        taken(newer, "newer")
        await _version(stand, "newer", _NEWER)
