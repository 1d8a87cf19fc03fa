"""A backend that takes its time: what a charger does meanwhile stands in the trace."""

from __future__ import annotations

from pathlib import Path

from tests.csms.rig import BOOT, backend, frames, station, timed


@timed
async def test_an_answer_can_be_held_back(tmp_path: Path) -> None:
    """What a hasty charger says before its BootNotification is answered is recorded before that answer."""
    async with backend(tmp_path) as csms, station(csms) as raw:
        async with csms.answering_late("BootNotification", by_s=0.2):
            await raw.say(2, "boot", "BootNotification", BOOT)
            await raw.say(2, "hasty", "Heartbeat", {})
            assert [(await raw.hear())[1], (await raw.hear())[1]] == ["hasty", "boot"]
            assert csms.stations["CS001"].accepted
        assert [e.data["id"] for e in frames(csms, "out")] == ["hasty", "boot"]
        await raw.say(2, "again", "BootNotification", BOOT)
        await raw.say(2, "after", "Heartbeat", {})
        assert (await raw.hear())[1] == "again"


@timed
async def test_a_charger_may_be_told_to_wait_before_it_is_accepted(tmp_path: Path) -> None:
    """The first BootNotification is answered Pending and leaves the station unready; the second is accepted."""
    async with backend(tmp_path) as csms, station(csms) as raw:
        async with csms.accepting_later(pending_s=5, by_s=0.05):
            await raw.say(2, "first", "BootNotification", BOOT)
            answer = (await raw.hear())[2]
            assert (answer["status"], answer["interval"]) == ("Pending", 5)
            assert not csms.stations["CS001"].ready
            await raw.say(2, "second", "BootNotification", BOOT)
            assert (await raw.hear())[2]["status"] == "Accepted"
            assert csms.stations["CS001"].ready
        await raw.say(2, "third", "BootNotification", BOOT)
        assert (await raw.hear())[2]["status"] == "Accepted"
