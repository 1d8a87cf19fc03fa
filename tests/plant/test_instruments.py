"""The emulated instruments over real ptys: what they send, what they obey, and that they never block the station."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import serial

from harness.bench.line._line import BadLine, seal, unseal
from harness.emulator._ports import PowerLimits
from harness.emulator.instruments import Instruments
from harness.emulator.panel import Panel
from harness.emulator.plant import Plant
from tests.plant._drive import charging_car


class Port:
    """A serial port opened the way a driver does."""

    def __init__(self, name: str) -> None:
        self._serial = serial.Serial(name, 115200, timeout=1)

    async def line(self) -> str:
        """The next line, checked."""
        return unseal(await asyncio.to_thread(self._serial.readline))

    async def ask(self, text: str, raw: bytes | None = None) -> str:
        """Send a command; its answer."""
        self._serial.write(seal(text) if raw is None else raw)
        for _ in range(200):
            line = await self.line()
            if line.startswith(("OK", "ERR")):
                return line
        raise AssertionError("no answer")

    def close(self) -> None:
        """Let go."""
        self._serial.close()


@asynccontextmanager
async def bench(plant: Plant) -> AsyncIterator[Instruments]:
    """All instruments around a plant that does not move by itself."""
    instruments = Instruments(plant, Panel(plant))
    task = asyncio.create_task(instruments.run())
    await asyncio.sleep(0)
    try:
        yield instruments
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def with_bench(plant: Plant, body: Callable[[Instruments], Awaitable[None]]) -> None:
    """Run `body` beside the instruments, at most ten seconds."""

    async def run() -> None:
        async with asyncio.timeout(10), bench(plant) as instruments:
            await body(instruments)

    asyncio.run(run())


def test_the_meter_streams_what_flows() -> None:
    """Twenty lines a second with OBIS codes, close to the plant's own readings."""
    plant = Plant()
    charging_car(plant, max_a=16)

    async def body(instruments: Instruments) -> None:
        port = Port(instruments.meter.port.name)
        await port.line()
        began = asyncio.get_running_loop().time()
        lines = [await port.line() for _ in range(10)]
        took_s = asyncio.get_running_loop().time() - began
        assert 0.3 < took_s < 1.5
        assert all("1-0:31.7.0(1" in line and "*A)" in line for line in lines)
        amps = float(lines[-1].split("1-0:31.7.0(")[1].split("*")[0])
        assert amps == pytest.approx(plant.readings().i_a[0], abs=0.05)
        port.close()

    with_bench(plant, body)


def test_an_unread_port_never_blocks_and_a_late_reader_gets_whole_lines() -> None:
    """With nobody listening lines are dropped whole; who comes later finds intact ones."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        meter = instruments.meter
        for _ in range(500):
            meter.stream_once()
        port = Port(meter.port.name)
        good = 0
        for _ in range(30):
            try:
                await port.line()
                good += 1
            except BadLine:
                assert good == 0, "a broken line in the middle of the stream"
        assert good >= 25
        port.close()

    with_bench(plant, body)


def test_a_command_with_a_wrong_crc_is_not_obeyed() -> None:
    """A damaged command changes nothing and is answered by ERR."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        port = Port(instruments.pilot.port.name)
        answer = await port.ask("", raw=b"PLUG 1!0000\r\n")
        assert answer == "ERR crc"
        assert plant.plugged_connector is None
        port.close()

    with_bench(plant, body)


def test_the_pilot_box_plays_the_car() -> None:
    """Plugging, states, diode, currents and cable reach the plant; nonsense is refused with a reason."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        port = Port(instruments.pilot.port.name)
        assert (await port.ask("STATE C")).startswith("ERR STATE nothing is plugged in")
        assert await port.ask("PLUG 1") == "OK PLUG 1"
        assert await port.ask("STATE C") == "OK STATE C"
        assert await port.ask("IMAX 16.0") == "OK IMAX 16.0"
        assert await port.ask("POWER -3500") == "OK POWER -3500"
        assert await port.ask("SOC 42") == "OK SOC 42"
        assert await port.ask("CABLE 20") == "OK CABLE 20"
        car = plant.car
        assert (car.connector, car.state, car.max_a, car.power_w) == (1, "C", 16.0, -3500.0)
        assert (car.battery.soc_pct, car.cable_a) == (42.0, 20.0)
        assert (await port.ask("CABLE 17")).startswith("ERR CABLE a cable is rated")
        assert (await port.ask("IMAX much")).startswith("ERR IMAX wants a number")
        assert (await port.ask("DANCE")).startswith("ERR DANCE not understood")
        assert (await port.ask("READ")).startswith("OK READ CPB ")
        port.close()

    with_bench(plant, body)


def test_losing_the_mains_is_told_at_once() -> None:
    """The box sends an extra line when voltage at the car's contacts changes, before it answers the command."""
    plant = Plant()
    charging_car(plant)

    async def body(instruments: Instruments) -> None:
        instruments.pilot.period_s = None
        port = Port(instruments.pilot.port.name)
        port._serial.reset_input_buffer()
        port._serial.write(seal("STATE B"))
        lines = [await port.line()]
        while not lines[-1].startswith("OK"):
            lines.append(await port.line())
        assert any("mains=0" in line for line in lines[:-1])
        port.close()

    with_bench(plant, body)


def test_the_grid_source_moves_only_when_armed_and_within_bounds() -> None:
    """No SET without ARM, none outside the envelope, and DISARM restores."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        port = Port(instruments.grid_source.port.name)
        assert "not armed" in await port.ask("SET V 240")
        await port.ask("ARM")
        assert "outside" in await port.ask("SET V 400")
        assert await port.ask("SET F 49.5") == "OK SET F 49.5"
        assert plant.grid.set_hz == 49.5
        await port.ask("DISARM")
        assert (plant.grid.set_v, plant.grid.set_hz) == (230.0, 50.0)
        port.close()

    with_bench(plant, body)


def test_the_grid_source_restores_when_nobody_speaks_to_it() -> None:
    """Armed and silent for ten seconds: back to normal, interlock open."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        source, now = instruments.grid_source, [0]
        source._clock_ns = lambda: now[0]
        source.command(["ARM"])
        source.command(["SET", "V", "250"])
        now[0] = 9_000_000_000
        source.telegram()
        assert plant.grid.set_v == 250
        now[0] = 11_000_000_000
        source.telegram()
        assert (plant.grid.set_v, source.armed) == (230.0, False)

    with_bench(plant, body)


def test_the_grid_source_restores_when_the_process_ends() -> None:
    """Cancelling the instruments restores voltage and frequency."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        instruments.grid_source.command(["ARM"])
        instruments.grid_source.command(["SET", "F", "51"])

    with_bench(plant, body)
    assert plant.grid.set_hz == 50.0


def test_the_energy_management_port_sets_and_clears_the_external_limit() -> None:
    """LIMIT and CLEAR reach the station's energy port with both directions."""
    calls: list[tuple[float | None, float | None]] = []

    class Energy:
        limits = PowerLimits(0, 0, 0)
        transaction_id = None

        def set_external_limit(self, charge_w: float | None, discharge_w: float | None = None) -> None:
            calls.append((charge_w, discharge_w))

        def car_session(self, event: str, data: dict[str, object]) -> None:
            raise AssertionError

    async def body(instruments: Instruments) -> None:
        port = Port(instruments.ems.port.name)
        assert "not up yet" in await port.ask("LIMIT 5000")
        instruments.ems.energy = Energy()
        assert await port.ask("LIMIT 5000") == "OK LIMIT 5000"
        assert await port.ask("LIMIT 5000 3000") == "OK LIMIT 5000 3000"
        assert await port.ask("READ") == "OK READ charge=5000 discharge=3000"
        assert await port.ask("CLEAR") == "OK CLEAR"
        assert (await port.ask("LIMIT -1")).startswith("ERR LIMIT -1 is outside")
        port.close()

    with_bench(Plant(), body)
    assert calls == [(5000, None), (5000, 3000), (None, None)]


def test_the_network_switch_cuts_and_mends_once() -> None:
    """OFF and ON reach the line; asking for the position it has does nothing."""
    moves: list[bool] = []

    async def body(instruments: Instruments) -> None:
        instruments.network_switch.switch = moves.append
        port = Port(instruments.network_switch.port.name)
        for command in ("NET ON", "NET OFF", "NET OFF", "NET ON"):
            assert (await port.ask(command)).startswith("OK")
        port.close()

    with_bench(Plant(), body)
    assert moves == [False, True]


def test_a_flood_without_line_ends_is_thrown_away() -> None:
    """A reader that babbles neither fills memory nor stops the instrument."""
    plant = Plant()

    async def body(instruments: Instruments) -> None:
        name = instruments.pilot.port.name
        descriptor = os.open(name, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        for _ in range(20):
            os.write(descriptor, b"x" * 1000)
            await asyncio.sleep(0.005)
        os.close(descriptor)
        port = Port(name)
        await port.ask("", raw=b"\n")
        assert await port.ask("PLUG 1") == "OK PLUG 1"
        assert len(instruments.pilot.port._inbox) < 1000
        port.close()

    with_bench(plant, body)
