"""A charger that goes away, over a real socket: noticed, tried to be cured once, and then nothing waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException
from websockets.typing import Subprotocol

from harness.campaign import Campaign
from harness.campaign.charger import _presence, _search
from harness.csms import Csms, CsmsConfig
from harness.hands import Ports, Stand
from harness.operator import Answer, Prompt
from harness.plan import PlannedCase
from harness.profile import load_profile
from harness.trace import Recorder
from tests.campaign.test_course import nothing, planned
from tests.csms.rig import BOOT

IDENTITY = "EMU-0001"


class Tiny:
    """A station that comes back whenever it is `on`; how it treats what it is asked stands in `manner`."""

    def __init__(self, url: str) -> None:
        self.url, self.manner, self.on = url, "good", True
        self.ws: ClientConnection | None = None
        self.booted = False
        self.set: list[str] = []

    async def live(self) -> None:
        while True:
            with contextlib.suppress(OSError, WebSocketException):
                if self.on:
                    await self._connection()
            await asyncio.sleep(0.05)

    async def _connection(self) -> None:
        async with connect(
            self.url, subprotocols=[Subprotocol("ocpp2.1")], ping_interval=None, close_timeout=0.2
        ) as ws:
            self.ws = ws
            if not self.booted or self.manner in ("mute", "garbage"):
                await self._boot()
            if self.manner == "talks":
                await ws.send(json.dumps([2, f"h{time.monotonic_ns()}", "Heartbeat", {}]))
            async for raw in ws:
                kind, *rest = json.loads(raw)
                if kind == 2:
                    await self._answer(*rest)

    async def _boot(self) -> None:
        assert self.ws is not None
        self.booted = True
        await self.ws.send(json.dumps([2, f"b{time.monotonic_ns()}", "BootNotification", BOOT]))

    async def _answer(self, number: str, action: str, payload: dict[str, Any]) -> None:
        assert self.ws is not None
        if self.manner == "mute":
            return
        if self.manner == "garbage":
            await self.ws.send('{"status": Accep')
            await self.ws.send('[3, "nobody asked", {}]')
            return
        await self.ws.send(json.dumps([3, number, self._said(action, payload)]))
        if action == "TriggerMessage" and self.manner == "good":
            await self._boot()

    def _said(self, action: str, payload: dict[str, Any]) -> dict[str, Any]:
        asked = payload.get("getVariableData") or payload.get("setVariableData") or []
        named = [{"component": each["component"], "variable": each["variable"]} for each in asked]
        if action == "SetVariables":
            self.set += [each["attributeValue"] for each in asked]
            return {"setVariableResult": [{"attributeStatus": "Accepted", **each} for each in named]}
        if action == "GetVariables":
            told = {"attributeStatus": "Accepted", "attributeValue": "before"}
            return {"getVariableResult": [{**told, **each} for each in named]}
        return {"status": "Accepted"}

    async def go(self) -> None:
        """Vanish without a word."""
        self.on = False
        assert self.ws is not None
        self.ws.transport.abort()


class Person:
    """Says yes, once `deed` was done."""

    def __init__(self, tiny: Tiny) -> None:
        self.tiny, self.asked = tiny, 0

    async def ask(self, _: Prompt) -> Answer:
        self.asked += 1
        self.tiny.on, self.tiny.booted, self.tiny.manner = True, False, "good"
        return Answer(True, None, "somebody")

    async def close(self) -> None:
        """Nothing to stop."""


class Field:
    """A campaign whose backend is open, and the station that has come."""

    def __init__(self, folder: Path) -> None:
        profile, path = load_profile("emulated")
        pixit = msgspec.structs.replace(profile.pixit, boot_s=1.0, reconnect_s=1.0)
        profile = msgspec.structs.replace(profile, pixit=pixit, pics={**profile.pics, "smart_charging": "no"})
        self.recorder = Recorder(folder / "trace.jsonl")
        self.said: list[str] = []
        ports = Ports(self.recorder, profile, path.parent, folder)
        plan: Any = SimpleNamespace(limits={}, purposes=())
        self.campaign = Campaign(plan, ports, say=self.said.append)
        quick: dict[str, Any] = {"call_timeout_s": 0.4, "ping_interval_s": 0.3, "ping_timeout_s": 0.3}
        config = CsmsConfig(security_profile=0, identities={IDENTITY: None}, **quick)
        ports.open_csms = self.csms = Csms(self.recorder, config)
        self.campaign.loop.run(self.csms.start())
        self.tiny = Tiny(self.csms.url(IDENTITY))
        asyncio.run_coroutine_threadsafe(self.tiny.live(), self.campaign.loop.loop)
        self.campaign.loop.run(self.campaign.stand.reach.connected(within_s=10))

    def run(self, *bodies: Any) -> float:
        """Run each as a case; how long it took, in s."""
        began_s = time.monotonic()
        for number, body in enumerate(bodies):
            case: PlannedCase = msgspec.structs.replace(planned("2.1", csms=True), id=f"a::case{number}", worst_s=30.0)
            self.campaign.run_case(case, body)
        return time.monotonic() - began_s

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The data of events of this kind."""
        return [e.data for e in self.recorder.events if e.kind == kind]

    @property
    def outcomes(self) -> list[str]:
        """How each case ended."""
        return [e["outcome"] for e in self.of("case.ended")]


@pytest.fixture
def field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Field]:
    """One with a second for a minute."""
    for module, name, value in (
        (_presence, "LEAST_S", 1.5),
        (_presence, "MARGIN_S", 0.5),
        (_presence, "UNANSWERED_FOR_S", 1.0),
        (_search, "ASKED_WITHIN_S", 0.5),
        (_search, "_AT_LEAST_S", 0.5),
    ):
        monkeypatch.setattr(module, name, value)
    made = Field(tmp_path)
    yield made
    made.campaign.loop.run(made.csms.stop())
    made.campaign.loop.close()
    made.recorder.close()


async def long(stand: Stand) -> None:
    """A case of many waits, each of which comes to nothing."""
    for _ in range(200):
        await stand.if_it_comes(stand.station.expect("Heartbeat", within_s=0.2))


def test_one_that_goes_in_the_middle_of_a_case_cuts_it_off_and_is_lost_once(field: Field) -> None:
    """The case ends, the rest is inconclusive at once; last thing seen and cure are named, and it is said once."""

    async def goes(stand: Stand) -> None:
        await field.tiny.go()
        await long(stand)

    took_s = field.run(goes, nothing, nothing, nothing)
    assert field.outcomes == ["not_seen"] * 4 and took_s < 15
    (lost,) = field.of("dut.lost")
    assert "closed" in lost["last_seen"] and lost["after"] == "a::case0" and "--rerun" in lost["detail"]
    assert "has not been connected" in field.of("case.ended")[0]["detail"]
    assert lost["detail"].startswith(field.of("case.ended")[3]["detail"] + "; last seen")
    assert all(each["lost"] for each in field.of("case.ended"))
    assert sum("was lost" in each for each in field.said) == 1


def test_a_named_wait_that_runs_by_then_comes_to_its_end_and_its_claim_is_made(field: Field) -> None:
    """What the charger did wrong before it was lost is still claimed."""
    reached: list[str] = []

    async def waits(stand: Stand) -> None:
        await field.tiny.go()
        await stand.if_it_comes(stand.station.expect("Heartbeat", within_s=4.0))
        reached.append("the claim")
        await long(stand)
        reached.append("the end")

    field.run(waits)
    assert reached == ["the claim"] and field.outcomes == ["not_seen"]


def test_a_network_that_we_cut_ourselves_is_no_loss(field: Field) -> None:
    """However long it stays away: the control of every loss."""

    async def cut(stand: Stand) -> None:
        await stand.csms.network.cut("reset")
        await asyncio.sleep(3.0)
        await stand.csms.network.restore()
        await stand.reach.until_connected(5)

    field.run(cut, nothing)
    assert field.outcomes == ["completed", "completed"] and not field.of("dut.lost")
    assert not any(each["lost"] for each in field.of("case.ended"))


def test_one_that_freezes_with_its_connection_open_is_noticed_by_its_pings(field: Field) -> None:
    """Half-open: no word, no reset, nothing read any more."""

    async def freezes(stand: Stand) -> None:
        assert field.tiny.ws is not None
        field.tiny.on = False
        field.tiny.ws.transport.pause_reading()  # type: ignore[attr-defined]
        await long(stand)

    assert field.run(freezes, nothing) < 15
    assert field.outcomes == ["not_seen", "not_seen"] and len(field.of("dut.lost")) == 1


@pytest.mark.parametrize("manner", ["mute", "garbage"])
def test_one_that_answers_nothing_readable_is_lost_though_it_is_connected(field: Field, manner: str) -> None:
    """It boots, connects again when its connection is closed, and answers nothing all the same."""
    field.tiny.manner = manner

    async def asks(stand: Stand) -> None:
        for _ in range(100):
            await stand.station.get_variables([("OCPPCommCtrlr", "HeartbeatInterval")])

    assert field.run(asks, nothing, nothing) < 15
    assert field.outcomes == ["not_seen"] * 3
    (lost,) = field.of("dut.lost")
    assert "answers nothing" in lost["detail"] and lost["tried"] == ["asked to boot and to connect again"]


def test_one_that_does_not_care_to_be_told_to_wait_is_asked_to_boot_and_the_run_goes_on(field: Field) -> None:
    """It talks on and never announces itself again by itself: no loss, and no wait of a boot for each case."""

    async def told_to_wait(stand: Stand) -> None:
        async with stand.csms.accepting_later(pending_s=5, by_s=0.0):
            field.tiny.booted = False
            await stand.csms.disconnect(IDENTITY)
            await stand.station.expect("BootNotification", within_s=5)
            await stand.if_it_comes(stand.station.until_ready(within_s=1.5))

    assert field.run(told_to_wait, nothing, nothing) < 20
    assert field.outcomes == ["completed"] * 3 and not field.of("dut.lost")
    (cured,) = field.of("dut.cured")
    assert cured["by"] == "asked to boot and to connect again"


def test_one_that_cannot_be_asked_to_boot_counts_as_up_once_it_comes_again_and_talks(field: Field) -> None:
    """It takes itself for accepted: the rules say so, and what follows can be tested."""

    async def told_to_wait(stand: Stand) -> None:
        async with stand.csms.accepting_later(pending_s=5, by_s=0.0):
            field.tiny.booted, field.tiny.manner = False, "talks"
            await stand.csms.disconnect(IDENTITY)
            await stand.station.expect("Heartbeat", within_s=5)

    field.run(told_to_wait, nothing)
    assert field.outcomes == ["completed"] * 2 and not field.of("dut.lost") and len(field.of("dut.cured")) == 1


def test_what_could_not_be_put_back_is_put_back_once_it_is_there_again(field: Field) -> None:
    """It went during the restore, and came back by itself within the time of a boot."""

    async def changes(stand: Stand) -> None:
        await stand.settings.change("OCPPCommCtrlr", "OfflineThreshold", "240")
        await field.tiny.go()

        async def back() -> None:
            await asyncio.sleep(1.2)
            field.tiny.on = True

        field.back = asyncio.create_task(back())  # type: ignore[attr-defined]

    field.run(changes, nothing)
    assert field.outcomes == ["completed", "completed"] and field.tiny.set == ["240", "before"]


def test_a_person_is_asked_once_to_switch_it_off_and_on(field: Field) -> None:
    """The first loss is cured by it, the run goes on; the second is a loss."""
    person = Person(field.tiny)
    field.campaign.ports.open_operator = person

    async def goes(stand: Stand) -> None:
        await field.tiny.go()
        await long(stand)

    field.run(goes, nothing, goes, nothing)
    assert person.asked == 1 and field.outcomes == ["not_seen", "completed", "not_seen", "not_seen"]
    assert [e["by"] for e in field.of("dut.cured")] == ["a person asked to switch it off and on"]
    assert len(field.of("dut.lost")) == 1
