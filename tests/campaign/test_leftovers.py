"""Charging profiles of somebody else: set aside for the run, put back afterwards, and told where that is impossible."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from harness.campaign.charger import _leftovers
from harness.campaign.charger._leftovers import leftovers, set_aside
from harness.campaign.charger._owing import settle_own
from harness.csms import Csms
from harness.hands import Stand
from harness.owed import Debts, NotTouched, earlier
from tests.csms.rig import BOOT, RawStation, backend, station, timed


def profile(number: int, purpose: str = "TxDefaultProfile", **more: Any) -> dict[str, Any]:
    """A profile of 6 A."""
    schedule = {
        "id": number,
        "startSchedule": "2024-01-01T00:00:00Z",
        "chargingRateUnit": "A",
        "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 6.0}],
    }
    own = {"id": number, "stackLevel": 1, "chargingProfilePurpose": purpose, "chargingProfileKind": "Absolute"}
    return {**own, "chargingSchedule": [schedule], **more}


class Charger:
    """Holds profiles by EVSE, and does with requests what a charger does; `stubborn` ids are not cleared."""

    def __init__(self, raw: RawStation, held: dict[int, list[dict[str, Any]]], stubborn: tuple[int, ...] = ()) -> None:
        self.raw, self.held, self.stubborn = raw, held, stubborn
        self.source = "CSO"
        self.implements = True
        self.clears_in_silence = asyncio.Event()
        self.answers_clearing = True
        self.reports = True
        self.forgets = 0  # to report, so often
        self.heard: list[str] = []

    async def serve(self) -> None:
        while True:
            kind, number, *rest = await self.raw.hear()
            if kind != 2:
                continue
            action, payload = rest
            self.heard.append(action)
            if not self.implements:
                await self.raw.say(4, number, "NotImplemented", "", {})
                continue
            answer = {"status": "Accepted"}
            if action == "GetChargingProfiles" and not any(self._asked_for(payload).values()):
                answer = {"status": "NoProfiles"}
            elif action == "ClearChargingProfile":
                cleared = payload.get("chargingProfileId")
                answer = {"status": "Unknown" if cleared is None else self._clear(cleared)}
                if not self.answers_clearing:
                    self.clears_in_silence.set()
                    continue
            elif action == "SetChargingProfile":
                self.held.setdefault(payload["evseId"], []).append(payload["chargingProfile"])
            await self.raw.say(3, number, answer)
            if action == "GetChargingProfiles" and answer["status"] == "Accepted":
                self.forgets -= 1
                if not self.reports or self.forgets >= 0:
                    continue
                await self._report(payload["requestId"], self._asked_for(payload))

    def _clear(self, number: int) -> str:
        if number in self.stubborn:
            return "Unknown"
        self.held = {evse: [p for p in held if p["id"] != number] for evse, held in self.held.items()}
        return "Accepted"

    def _asked_for(self, payload: dict[str, Any]) -> dict[int, list[dict[str, Any]]]:
        """What matches; a request without any criterion is none that a backend sends (K09.FR.03)."""
        purpose = payload["chargingProfile"]["chargingProfilePurpose"]
        found = {evse: [p for p in held if p["chargingProfilePurpose"] == purpose] for evse, held in self.held.items()}
        return {evse: held for evse, held in found.items() if held}

    async def _report(self, request: int, asked_for: dict[int, list[dict[str, Any]]]) -> None:
        for evse, held in asked_for.items():
            told = {"requestId": request, "evseId": evse, "chargingLimitSource": self.source, "chargingProfile": held}
            tbc = {"tbc": True} if evse != list(asked_for)[-1] else {}
            await self.raw.say(2, f"r-{request}-{evse}", "ReportChargingProfiles", {**told, **tbc})


class Aside:
    """What a campaign does around its cases."""

    def __init__(self, stand: Stand, said: list[str]) -> None:
        self.stand, self.said = stand, said

    async def set_aside(self) -> None:
        await set_aside(self.stand, self.said.append)

    async def put_back(self) -> None:
        await settle_own(self.stand, self.said.append)


@asynccontextmanager
async def bench(
    folder: Path, held: dict[int, list[dict[str, Any]]], stubborn: tuple[int, ...] = (), declared: str = "yes"
) -> AsyncIterator[tuple[Charger, Aside, list[str], Csms]]:
    """A backend with one charger, what is owed to it in `folder`/owed, and what the person is told."""
    async with backend(folder, boot_grace_s=0.01) as csms, station(csms) as raw:
        await raw.call("BootNotification", BOOT)
        charger = Charger(raw, held, stubborn)
        serving = asyncio.create_task(charger.serve())
        said: list[str] = []

        async def connected() -> Any:
            return await csms.station("CS001", within_s=2)

        async def nothing() -> None:
            return None

        owed = csms.guard = Debts(folder / "owed", "CS001", "first")
        owed.arm({"vendor": "Tests"})
        stand = SimpleNamespace(
            ports=SimpleNamespace(
                profile=SimpleNamespace(declared=lambda feature: declared),
                recorder=csms.recorder,
                owed=owed,
                station="CS001",
            ),
            reach=SimpleNamespace(connected=connected, until_connected=connected),
            running=SimpleNamespace(undo=nothing),
        )
        try:
            yield charger, Aside(cast(Stand, stand), said), said, csms
        finally:
            serving.cancel()


@timed
async def test_what_lay_in_the_charger_lies_there_again_afterwards(tmp_path: Path) -> None:
    """Reported in two parts, cleared one by one, installed again as reported and for the same EVSE."""
    held = {0: [profile(72, "ChargingStationMaxProfile")], 1: [profile(71)]}
    async with bench(tmp_path, dict(held)) as (charger, aside, said, csms):
        await aside.set_aside()
        assert charger.held == {0: [], 1: []}
        assert "TxDefaultProfile 71 of EVSE 1" in said[0] and "ChargingStationMaxProfile 72" in said[0]
        await aside.put_back()
        assert charger.held == held
        kinds = [e.kind for e in csms.recorder.events if e.kind.startswith(("profiles.", "owed."))]
    assert kinds == ["profiles.set_aside", "owed.put_back"]
    assert not any("NOT" in each for each in said)


@timed
async def test_a_charger_without_leftovers_is_left_alone(tmp_path: Path) -> None:
    """Asked once for each purpose; nothing is cleared, installed or said."""
    async with bench(tmp_path, {}) as (charger, aside, said, _):
        await aside.set_aside()
        await aside.put_back()
        assert set(charger.heard) == {"GetChargingProfiles"} and said == []


@timed
async def test_a_run_broken_off_while_it_clears_puts_back_what_is_gone(tmp_path: Path) -> None:
    """Ctrl-C comes after the charger has cleared a profile and before it has said so."""
    held = {1: [profile(71)]}
    async with bench(tmp_path, dict(held)) as (charger, aside, said, _):
        charger.answers_clearing = False
        begun = asyncio.create_task(aside.set_aside())
        await charger.clears_in_silence.wait()
        begun.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await begun
        assert charger.held == {1: []}
        await aside.put_back()
    assert charger.held == held and any("71" in each for each in said)


@timed
async def test_however_long_it_takes_setting_aside_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bound is one for all of them; what was not reached is told, and what may be gone comes back."""
    monkeypatch.setattr("harness.campaign.charger._leftovers.ALL_WITHIN_S", 0.5)
    monkeypatch.setattr("harness.campaign.charger._leftovers.ASKED_WITHIN_S", 0.1)
    held = {1: [profile(71), profile(72)]}
    async with bench(tmp_path, dict(held)) as (charger, aside, said, _):
        charger.answers_clearing = False
        await aside.set_aside()
        assert any("not done within 0.5 s" in each for each in said)
        await aside.put_back()
    assert sorted(p["id"] for p in charger.held[1]) == [71, 72]


@timed
async def test_a_charger_that_does_not_know_the_question_is_asked_once(tmp_path: Path) -> None:
    """One that answers with an error, or with nothing within the bound, would do so for each purpose."""
    async with bench(tmp_path, {}) as (charger, aside, said, _):
        charger.implements = False
        await aside.set_aside()
    assert charger.heard == ["GetChargingProfiles"]
    assert len(said) == 1 and "could not be set aside" in said[0]


@timed
async def test_a_product_without_smart_charging_is_not_asked(tmp_path: Path) -> None:
    """It has no profiles, and need not know the question."""
    async with bench(tmp_path, {}, declared="no") as (charger, aside, _, _csms):
        await aside.set_aside()
        assert charger.heard == []


@timed
async def test_one_that_forgets_to_report_is_asked_once_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Right after a boot it may have had no turn; what it then tells is set aside as ever."""
    monkeypatch.setattr(_leftovers, "ASKED_WITHIN_S", 0.3)
    async with bench(tmp_path, {1: [profile(71)]}) as (charger, aside, said, _):
        charger.forgets = 1
        await aside.set_aside()
        assert charger.held == {1: []}
    assert said == ["charging profiles of the charger's operator, set aside for the run: TxDefaultProfile 71 of EVSE 1"]


@timed
async def test_what_cannot_be_set_aside_or_put_back_is_told(tmp_path: Path) -> None:
    """A profile that is not cleared stays and is named; one whose validity ended, or of a session, is not installed."""
    over = profile(73, validTo="2024-06-01T00:00:00Z")
    session = profile(74, "TxProfile", transactionId="T1")
    async with bench(tmp_path, {1: [profile(71), over, session]}, stubborn=(71,)) as (charger, aside, said, _):
        await aside.set_aside()
        assert any("could not be set aside" in each and "71" in each for each in said)
        await aside.put_back()
        assert charger.held == {1: [profile(71)]}
        lost = [each for each in said if "cannot be put back by anybody" in each]
        assert len(lost) == 2 and "73" in lost[0] and "74" in lost[1]


@pytest.mark.parametrize(
    "report",
    [
        {"evseId": 0, "chargingLimitSource": "EMS", "chargingProfile": [profile(1)]},
        {
            "evseId": 0,
            "chargingLimitSource": "CSO",
            "chargingProfile": [profile(1, "ChargingStationExternalConstraints")],
        },
        {"evseId": 0, "chargingLimitSource": "CSO", "chargingProfile": [profile(1, "LocalGeneration")]},
        {"chargingLimitSource": "CSO", "chargingProfile": ["rubbish", {"stackLevel": 1}]},
    ],
)
def test_limits_that_were_set_on_site_are_not_ours_to_clear(report: dict[str, Any]) -> None:
    """K10 reaches what a backend installed; an energy management system's limit stays, and so does rubbish."""
    assert leftovers([report]) == []


@timed
async def test_what_is_set_aside_is_on_the_disk_before_it_is_cleared(tmp_path: Path) -> None:
    """Killed after the charger has cleared a profile and before anything else: the undo file holds it whole."""
    async with bench(tmp_path, {1: [profile(71)]}) as (charger, aside, _, _csms):
        charger.answers_clearing = False
        begun = asyncio.create_task(aside.set_aside())
        await charger.clears_in_silence.wait()
        ((_, owed),) = earlier(tmp_path / "owed", "CS001")
        begun.cancel()
    assert [(each.evse_id, each.body) for each in owed.profiles] == [(1, profile(71))]


@timed
async def test_what_it_holds_and_does_not_tell_is_not_cleared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts GetChargingProfiles and never reports: told once, and not cleared by what it is like; ours may be."""
    monkeypatch.setattr("harness.campaign.charger._leftovers.ASKED_WITHIN_S", 0.3)
    held = {0: [profile(72, "ChargingStationMaxProfile")], 1: [profile(71)]}
    async with bench(tmp_path, dict(held)) as (charger, aside, said, csms):
        charger.reports = False
        await aside.set_aside()
        (once,) = said
        assert "may limit what is measured" in once and "ChargingStationMaxProfile, TxDefaultProfile" in once
        there = await csms.station("CS001", within_s=2)
        for by in ({"purpose": "ChargingStationMaxProfile"}, {"evse_id": 1}, {}):
            with pytest.raises(NotTouched, match="not cleared by what they are like"):
                await there.clear_charging_profile(**by)
        with pytest.raises(NotTouched, match="72 is not ours"):
            await there.clear_charging_profile(72)
        ours = await there.set_charging_profile(limit="10 A", purpose="TxDefaultProfile", evse_id=2)
        assert (await there.clear_charging_profile(ours.sent["chargingProfile"]["id"])).accepted
        assert "report did not come" in aside.stand.ports.owed.may_hold
    assert {evse: here for evse, here in charger.held.items() if here} == held


@timed
async def test_the_control_what_it_tells_is_cleared_by_what_it_is_like(tmp_path: Path) -> None:
    """The same charger, reporting: the request by purpose goes out to it."""
    async with bench(tmp_path, {0: [profile(72, "ChargingStationMaxProfile")]}) as (_charger, aside, _, csms):
        await aside.set_aside()
        there = await csms.station("CS001", within_s=2)
        assert (await there.clear_charging_profile(purpose="ChargingStationMaxProfile")).status == "Unknown"
        assert aside.stand.ports.owed.may_hold == ""
