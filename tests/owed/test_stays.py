"""What nobody can take back is told: other firmware, and a certificate that was renewed; also after a broken run."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from harness.campaign.charger._owing import settle_own
from harness.hands import Stand
from harness.owed import Debts, earlier, merged
from tests.campaign.test_leftovers import bench
from tests.csms.rig import timed
from tests.owed.test_debts import Memory, a_certificate

UPDATE: dict[str, Any] = {"requestId": 1, "firmware": {"location": "https://bench/new.bin"}}


def debts_of(folder: Path) -> Debts:
    """Of a charger that runs 1.4.2."""
    made = Debts(folder / "owed", "CS001", "20261130-first")
    made.arm({"serial": "S1"})
    made.runs = "1.4.2"
    return made


def stays(debts: Debts, runs: str = "") -> list[str]:
    """As whoever comes next is told."""
    assert debts.place is not None
    owed = merged(each for _, each in earlier(debts.place, "CS001"))
    return [each.words(runs) for each in owed.stays] if owed else []


@timed
async def test_firmware_is_written_down_before_it_is_offered_and_once(tmp_path: Path) -> None:
    """With the version that ran before, also where the answer never comes; nothing is owed by it."""
    charger = Memory(debts := debts_of(tmp_path))
    charger.silent = {"UpdateFirmware"}
    await charger.call("UpdateFirmware", UPDATE)
    await charger.call("UpdateFirmware", UPDATE)
    (words,) = stays(debts, "1.5.0")
    assert words.startswith("its firmware is 1.5.0 and was 1.4.2")
    assert "runs 1.4.2 still" in stays(debts, "1.4.2")[0] and "ask it for its version" in stays(debts)[0]
    assert debts.owed.words() == []


@timed
async def test_firmware_that_is_refused_changes_nothing(tmp_path: Path) -> None:
    """Unless other firmware was taken before."""
    charger = Memory(debts := debts_of(tmp_path))
    charger.answers["UpdateFirmware"] = {"status": "InvalidCertificate"}
    await charger.call("UpdateFirmware", UPDATE)
    await debts.keep()
    assert stays(debts) == []
    for status in ("Accepted", "Rejected"):
        charger.answers["UpdateFirmware"] = {"status": status}
        await charger.call("UpdateFirmware", UPDATE)
    await debts.keep()
    assert len(stays(debts)) == 1


@timed
async def test_the_certificate_that_it_took_last_is_told(tmp_path: Path) -> None:
    """One that it refused is not in it, and so changes nothing."""
    charger = Memory(debts := debts_of(tmp_path))
    for serial, status in ((0xA1, "Accepted"), (0xB2, "Rejected"), (0xC3, "Accepted"), (0xD4, "Rejected")):
        charger.answers["CertificateSigned"] = {"status": status}
        await charger.call("CertificateSigned", {"certificateChain": a_certificate(serial)})
    await debts.keep()
    (words,) = stays(debts)
    assert "serial number c3" in words and "its own backend renew it" in words


@timed
async def test_the_end_of_a_run_tells_it_and_forgets_it(tmp_path: Path) -> None:
    """Also where nothing else is owed; the trace holds it, and the undo file goes."""
    async with bench(tmp_path, {}) as (_, aside, said, csms):
        aside.stand.ports.owed.runs = "1.4.2"
        await (await csms.station("CS001", within_s=2)).call("UpdateFirmware", UPDATE, 2)
        assert list((tmp_path / "owed").iterdir())
        await aside.put_back()
        (told,) = [e.data["stays"] for e in csms.recorder.events if e.kind == "owed.put_back"]
        assert "ran 1.4.2 before" in told[0] and any(told[0] in line for line in said)
        assert list((tmp_path / "owed").iterdir()) == []
        said.clear()
        await aside.put_back()
    assert said == []


@timed
async def test_nothing_is_waited_for_of_a_charger_that_is_lost(tmp_path: Path) -> None:
    """What is owed stays owed, and is said with why."""

    async def for_ever() -> None:
        await asyncio.sleep(600)

    async with bench(tmp_path, {}) as (_, aside, said, csms):
        for name in ("OfflineThreshold", "HeartbeatInterval"):
            await aside.stand.ports.owed.owe("OCPPCommCtrlr", name, "77")
        stand = SimpleNamespace(**{**vars(aside.stand), "running": SimpleNamespace(undo=for_ever)})
        await asyncio.wait_for(settle_own(cast(Stand, stand), said.append, "it was lost"), 2)
        (left,) = [e.data["left"] for e in csms.recorder.events if e.kind == "owed.put_back"]
    threshold, heartbeat = "setting OCPPCommCtrlr.OfflineThreshold", "setting OCPPCommCtrlr.HeartbeatInterval"
    assert said[0] == f"  NOT put back: {threshold}; {heartbeat}: it was lost"
    assert left == [f"{threshold}: it was lost", f"{heartbeat}: it was lost"]
