"""The emulated charger as a child: ready in two lines, so that a campaign need not wait for what it needs later."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.campaign import EmulatorError
from harness.campaign._emulated import EmulatedStation
from harness.emulator._config import StationOptions
from harness.emulator._station import Station


@pytest.fixture
def charger(tmp_path: Path) -> Iterator[EmulatedStation]:
    """A stand-alone station without an SECC, so that its second line is ours to write."""
    station = EmulatedStation([], tmp_path / "state")
    station.wait_ready()
    yield station
    station.stop()


def test_what_comes_later_is_added_to_what_was_told_first(charger: EmulatedStation) -> None:
    """Whoever holds the facts sees the SECC's once they are there; asking again does not wait again."""
    facts = charger.ready
    assert facts["secc"] is None
    charger._lines.put(b'{"secc": {"port": 50000}}\n')
    charger.wait_car(5)
    assert facts["secc"] == {"port": 50000}
    charger.wait_car(0)


@pytest.mark.parametrize("line", [None, b""], ids=["silent", "ended"])
def test_a_car_side_that_never_comes_up_is_an_error_with_its_last_words(
    charger: EmulatedStation, line: bytes | None
) -> None:
    """Silence and an end of the process both end the wait, within its bound."""
    if line is not None:
        charger._lines.put(line)
    with pytest.raises(EmulatorError, match="its side of the car is up"):
        charger.wait_car(0.2)


def test_one_that_ended_by_itself_is_told(charger: EmulatedStation) -> None:
    """With its exit code: what cases saw of it then is no charger's doing."""
    assert charger.ended_by_itself is None
    charger._process.kill()
    charger._process.wait(5)
    assert "(-9)" in str(charger.ended_by_itself)


def _station(folder: Path, come_up: Any) -> Station:
    station = Station(StationOptions(state_dir=folder, interface="lo", car_later=True))
    assert station.car_link is not None

    async def serve() -> None:
        await asyncio.Event().wait()

    station.car_link.start = come_up  # type: ignore[method-assign]
    station.car_link.run = serve  # type: ignore[method-assign]
    station.car_link.facts = lambda: {"port": 50000}  # type: ignore[method-assign]
    return station


def test_the_station_is_ready_before_its_secc_and_tells_when_that_is_up(tmp_path: Path) -> None:
    """Two lines; the first has everything else that a bench needs."""
    told: list[dict[str, Any]] = []

    async def run() -> None:
        java, stop = asyncio.Event(), asyncio.Event()

        async def slowly(*_: Any) -> None:
            await java.wait()

        running = asyncio.create_task(_station(tmp_path, slowly).run(stop, told.append))
        async with asyncio.timeout(5):
            while not told:
                await asyncio.sleep(0.01)
            assert told[0]["secc"] is None and told[0]["ports"]["meter"]
            java.set()
            while len(told) < 2:
                await asyncio.sleep(0.01)
            stop.set()
            await running

    asyncio.run(run())
    assert told[1:] == [{"secc": {"port": 50000}}]


def test_an_secc_that_does_not_come_up_ends_the_station(tmp_path: Path) -> None:
    """Its error is the station's: a charger without its car side must not look like one that is slow."""

    async def broken(*_: Any) -> None:
        raise RuntimeError("no Java")

    async def run() -> None:
        async with asyncio.timeout(5):
            await _station(tmp_path, broken).run(asyncio.Event(), lambda facts: None)

    with pytest.raises(RuntimeError, match="no Java"):
        asyncio.run(run())


def test_its_password_is_told_where_nobody_else_reads_it(tmp_path: Path) -> None:
    """No command line of it or of its children holds the password, and its folder is its owner's alone."""
    password = "s3cret-s3cret-s3cret"
    arguments = ["--csms", "ws://127.0.0.1:9/ocpp", "--security-profile", "1"]
    station = EmulatedStation(arguments, tmp_path / "state", password)
    try:
        station.wait_ready()  # without a password it would refuse security profile 1
        lines = [each.read_bytes() for each in Path("/proc").glob("[0-9]*/cmdline") if each.exists()]
        assert any(b"harness.emulator" in line for line in lines)
        assert not any(password.encode() in line for line in lines)
        assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    finally:
        station.stop()
