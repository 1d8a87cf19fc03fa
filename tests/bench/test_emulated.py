"""Bench and emulated station together, in two processes, over real ptys: the whole way round."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from harness.bench import Bench, RoleConfig, open_bench
from harness.trace import Event, Recorder
from tests.bench._fake import of_kind, recorder

DRIVERS = {
    "meter": "serial_meter",
    "pilot": "pilot_box",
    "light": "colour_sensor",
    "grid_source": "grid_source",
    "ems": "ems_port",
    "network_switch": "relay_switch",
    "supply": "supply_relay",
}


def with_station(folder: Path, body: Callable[[Bench], Awaitable[None]], *, evses: int = 1) -> Recorder:
    """Run `body` with a full bench around a stand-alone emulated station."""
    rec = recorder(folder)

    async def run() -> None:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "harness.emulator",
            "--state-dir",
            str(folder / "state"),
            "--evses",
            str(evses),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        assert process.stdin is not None and process.stdout is not None
        try:
            ports = json.loads(await asyncio.wait_for(process.stdout.readline(), 15))["ports"]
            drivers = {name: DRIVERS[name.partition("@")[0]] for name in ports}
            config = {name: RoleConfig(drivers[name], ports[name], interlock_armed=True) for name in ports}
            bench = await open_bench(config, rec, None, home=1 if evses > 1 else 0)
            async with asyncio.timeout(25):
                await body(bench)
            await bench.close()
        finally:
            process.stdin.close()
            assert await asyncio.wait_for(process.wait(), 5) == 0

    asyncio.run(run())
    return rec


def test_a_car_charges_is_limited_fails_and_recovers(tmp_path: Path) -> None:
    """Plug, charge, local limit, pilot fault, recovery: seen by meter, pilot box and light."""

    async def body(bench: Bench) -> None:
        await bench.pilot.current_limit(16)
        await bench.pilot.plug_in(1)
        seen = await bench.pilot.until(lambda v: v["duty_pct"] < 60, what="an offer on the pilot", within_s=2)
        assert (seen["state"], seen["mains_on"]) == ("B", False)
        await bench.pilot.ready()
        await bench.meter.until(lambda v: v["i_l1_a"] > 15.5, what="the car draws 16 A", within_s=4)
        await bench.light.until(lambda v: v["colour"] == "blue", what="the charging light", within_s=1)
        await bench.ems.limit(6900)
        await bench.meter.until(lambda v: v["i_l1_a"] < 10.1, what="10 A", within_s=3)
        await bench.pilot.fault("diode")
        await bench.pilot.until(lambda v: not v["mains_on"], what="no voltage", within_s=1)
        await bench.light.until(lambda v: v["colour"] == "red", what="the fault light", within_s=1)
        await bench.pilot.clear_fault()
        await bench.ems.clear()
        await bench.pilot.ready()
        await bench.meter.until(lambda v: v["i_l1_a"] > 15.5, what="16 A again", within_s=4)

    rec = with_station(tmp_path, body)
    assert of_kind(rec, "bench.bad_telegram") == []
    assert of_kind(rec, "harness.error") == []


def test_the_grid_source_disturbs_and_restores(tmp_path: Path) -> None:
    """The meter sees the source's voltage while armed, and 230 V afterwards."""

    async def body(bench: Bench) -> None:
        async with bench.armed_grid() as source:
            await source.set(u_v=215, freq_hz=49.8)
            seen = await bench.meter.until(lambda v: v["u_l1_v"] < 217, what="215 V", within_s=2)
            assert abs(seen["freq_hz"] - 49.8) < 0.05
        await bench.meter.until(lambda v: v["u_l1_v"] > 228, what="230 V again", within_s=2)
        state = await bench.grid_source.until(lambda v: not v["armed"], what="an open interlock", within_s=2)
        assert state["set_u_v"] == 230

    with_station(tmp_path, body)


def test_the_contactor_opens_within_a_tenth_of_a_second(tmp_path: Path) -> None:
    """As the bench sees it: from the sample with state B to the one without voltage (IEC 61851-1 Annex A)."""

    async def body(bench: Bench) -> None:
        await bench.pilot.plug_in(1)
        await bench.pilot.ready()
        await bench.meter.until(lambda v: v["p_w"] > 5000, what="5 kW", within_s=4)
        await bench.pilot.not_ready()
        await bench.pilot.until(lambda v: not v["mains_on"], what="no voltage", within_s=1)

    rec = with_station(tmp_path, body)
    samples = [e for e in of_kind(rec, "bench.sample") if e.who == "bench.pilot"]
    charging = max(n for n, e in enumerate(samples) if e.data["values"]["state"] == "C")
    off = next(e for e in samples[charging:] if not e.data["values"]["mains_on"])
    left = next(e for e in samples[charging:] if e.data["values"]["state"] == "B")
    assert (off.t_ns - left.t_ns) / 1e6 < 100


def test_a_car_at_the_second_evse_is_seen_by_its_instruments_alone(tmp_path: Path) -> None:
    """Plugged in at EVSE 2: its meter, pilot and light show it, EVSE 1's do not, and each sample says where it is."""

    async def body(bench: Bench) -> None:
        second = bench.at(2)
        assert second.at(1).meter is bench.meter is not second.meter and second.ems is bench.ems
        await second.pilot.current_limit(16)
        await second.pilot.plug_in(1)
        await second.pilot.ready()
        await second.meter.until(lambda v: v["i_l1_a"] > 15.5, what="the car draws 16 A", within_s=6)
        await second.light.until(lambda v: v["colour"] == "blue", what="the charging light", within_s=1)
        assert bench.meter.latest()["i_l1_a"] < 0.1 and bench.pilot.latest()["state"] == "A"
        assert bench.light.latest()["colour"] == "green"
        assert (bench.evse, second.evse, bench.at(3).has("meter"), bench.at(3).has("ems")) == (1, 2, False, True)

    rec = with_station(tmp_path, body, evses=2)
    asked = [e for e in of_kind(rec, "bench.action") if e.data["command"].startswith("PLUG")]
    assert [e.evse for e in asked] == [2]
    currents = {evse: [e.data["values"]["i_l1_a"] for e in _meters(rec) if e.evse == evse] for evse in (1, 2)}
    assert max(currents[1]) < 0.1 and max(currents[2]) > 15.5 and {e.evse for e in _meters(rec)} == {1, 2}


def _meters(rec: Recorder) -> list[Event]:
    return [e for e in of_kind(rec, "bench.sample") if e.who == "bench.meter"]


def test_instruments_of_a_lone_evse_stand_there_whatever_its_number() -> None:
    """Where the only EVSE is number 2, its meter is called meter; where there are two, it is not EVSE 2's."""
    lone, one_of_two = Bench({"meter": object()}, None, home=0), Bench({"meter": object()}, None, home=1)  # type: ignore[arg-type]
    assert lone.at(2).has("meter")
    assert one_of_two.at(1).has("meter") and not one_of_two.at(2).has("meter")
