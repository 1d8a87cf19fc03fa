"""The person as an instrument: asks through the operator PCO, records samples and actions like any other driver."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from harness.bench import Bench, BenchError, NotSeen, RoleConfig, open_bench
from harness.bench.drivers import _person as person_module
from harness.operator import NoAnswer, ScriptedOperator
from harness.trace import Recorder
from tests.bench._fake import of_kind, recorder
from tests.operator._ask import png

ROLES = ("meter", "pilot", "light", "grid_source", "ems", "network_switch", "supply")
PHOTO = png()


def with_person(folder: Path, answers: str, body: Callable[[Bench], Awaitable[None]], armed: bool = False) -> Recorder:
    """A bench of people who answer from a script."""
    (folder / "photo.png").write_bytes(PHOTO)
    (folder / "answers.yaml").write_text("observer: Kim\nanswers:\n" + answers)
    rec = recorder(folder)

    async def run() -> None:
        operator = ScriptedOperator(rec, folder / "attachments", folder / "answers.yaml")
        config = {role: RoleConfig("person", interlock_armed=armed) for role in ROLES}
        bench = await open_bench(config, rec, operator)
        async with asyncio.timeout(10):
            await body(bench)

    asyncio.run(run())
    return rec


def test_somebody_reads_the_meter(tmp_path: Path) -> None:
    """kW become W, three currents become phases, and the sample looks like an instrument's."""

    async def body(bench: Bench) -> None:
        (seen,) = await bench.meter.observe(0.05)
        assert seen.values == {"p_w": -3500.0, "i_l1_a": 5.1, "i_l2_a": 5.0, "i_l3_a": 5.2}
        assert bench.meter.latest() == seen

    rec = with_person(
        tmp_path,
        "  - {prompt: bench.meter.power, value: -3.5}\n"
        "  - {prompt: bench.meter.currents, values: [what, '5,1 5.0 5,2']}\n",
        body,
    )
    (sample,) = of_kind(rec, "bench.sample")
    assert (sample.who, sample.data["values"]["p_w"]) == ("bench.meter", -3500.0)


def test_somebody_looks_at_the_light_until_it_is_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every look is a photographed sample; a light that stays wrong is NotSeen."""
    monkeypatch.setattr(person_module, "LOOK_AGAIN_S", 0.0)

    async def body(bench: Bench) -> None:
        seen = await bench.light.until(lambda v: v["colour"] == "purple", what="discharging light", within_s=5)
        assert seen.values == {"colour": "purple", "pattern": "steady"}
        with pytest.raises(NotSeen, match="did not see red"):
            await bench.light.until(lambda v: v["colour"] == "red", what="red", within_s=0.0)

    rec = with_person(
        tmp_path,
        "  - {prompt: bench.light.colour, values: [dark, purple], photo: photo.png}\n"
        "  - {prompt: bench.light.pattern, value: steady}\n",
        body,
    )
    assert [e.data["values"]["colour"] for e in of_kind(rec, "bench.sample")] == ["dark", "purple", "purple"]
    assert all(e.data["photo"] for e in of_kind(rec, "operator.answer") if e.data["prompt"] == "bench.light.colour")


def test_somebody_handles_the_car(tmp_path: Path) -> None:
    """Plugging and starting are actions with a reply; what nobody may do live is refused."""

    async def body(bench: Bench) -> None:
        await bench.pilot.plug_in(connector=2)
        await bench.pilot.ready()
        assert (await bench.pilot.read()).values == {"state": "C", "mains_on": True, "connector": 2}
        with pytest.raises(BenchError, match="must not do it live"):
            await bench.pilot.fault("E")
        with pytest.raises(BenchError, match="'UNPLUG' was not done, says Kim"):
            await bench.pilot.unplug()

    rec = with_person(
        tmp_path,
        "  - {prompt: bench.pilot.unplug, value: no}\n  - {prompt: 'bench.pilot.*', value: yes}\n",
        body,
    )
    assert [e.data["command"] for e in of_kind(rec, "bench.action")] == ["PLUG 2", "STATE C", "UNPLUG"]


def test_limits_and_network_are_put_back_only_if_they_were_touched(tmp_path: Path) -> None:
    """Restoring asks a person for nothing that was never done."""

    async def body(bench: Bench) -> None:
        assert await bench.restore() == []
        await bench.ems.limit(5000, 3000)
        await bench.network_switch.off()
        assert await bench.restore() == []
        assert await bench.restore() == []

    rec = with_person(tmp_path, "  - {prompt: 'bench.*', value: yes}\n", body)
    assert [e.data["command"] for e in of_kind(rec, "bench.action")] == ["LIMIT 5000", "NET OFF", "CLEAR", "NET ON"]


@pytest.mark.parametrize("armed", [True, False])
def test_the_interlock_binds_people_too(tmp_path: Path, armed: bool) -> None:
    """Without the profile's word nothing is asked; with it, the source is restored even when the case fails."""

    async def body(bench: Bench) -> None:
        async def disturb() -> None:
            async with bench.armed_grid() as source:
                await source.set(u_v=240)
                raise RuntimeError("the case failed")

        if armed:
            with pytest.raises(RuntimeError, match="the case failed"):
                await disturb()
        else:
            with pytest.raises(BenchError, match="interlock_armed: yes"):
                await disturb()

    rec = with_person(tmp_path, "  - {prompt: 'bench.*', value: yes}\n", body, armed)
    done = [e.data["command"] for e in of_kind(rec, "bench.action")]
    assert done == (["ARM", "SET V 240", "RESTORE"] if armed else [])


def test_nobody_there_leaves_the_question_open(tmp_path: Path) -> None:
    """NoAnswer passes through: the verdict is pending, not a failure of the charger."""

    async def body(bench: Bench) -> None:
        with pytest.raises(NoAnswer):
            await bench.pilot.plug_in()

    with_person(tmp_path, "  []\n", body)
