"""A charger that will not take a client certificate: its own reason is told."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from harness.onboard import Onboarding
from tests.onboard.charger import BOOT, IDENTITY, charger, listening, say

_INFO = {"reasonCode": "MissingDevModelInfo", "additionalInfo": "Missing country"}


async def _problem(bench: Onboarding, answer: list[Any]) -> str | None:
    """What is told of a charger that answers TriggerMessage like this; `answer` lacks the message's id."""
    async with charger(bench) as ws:
        await say(ws, "BootNotification", BOOT)
        asked = asyncio.create_task(bench.give_certificate(bench.csms.stations[IDENTITY], within_s=3))
        call = json.loads(await asyncio.wait_for(ws.recv(), 3))
        assert call[2:] == ["TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"}]
        await ws.send(json.dumps([answer[0], call[1], *answer[1:]]))
        return await asyncio.wait_for(asked, 5)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ([3, {"status": "Rejected", "statusInfo": _INFO}], "with Rejected (MissingDevModelInfo: Missing country)"),
        ([3, {"status": "NotImplemented"}], "with NotImplemented"),
        ([4, "InternalError", "no key", {}], "with the error InternalError (no key)"),
        ([4, "NotSupported", "", {}], "with the error NotSupported"),
    ],
)
def test_the_charger_s_own_reason_is_told(tmp_path: Path, answer: list[Any], words: str) -> None:
    """The reason in its StatusInfoType or error; a supplier can mend "Missing country", but not "Rejected"."""

    async def attempt() -> None:
        async with asyncio.timeout(15), listening(tmp_path) as bench:
            problem = await _problem(bench, answer)
            assert problem is not None
            assert problem.endswith(words)

    asyncio.run(attempt())
