"""The serial drivers over real ptys: samples in the trace, named waits, and instruments that misbehave."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from harness.bench import Bench, BenchError, NotSeen, RoleConfig, open_bench
from harness.bench.line import _instrument as instrument_module
from harness.bench.line._feed import Feed
from harness.trace import Recorder, read_trace
from tests.bench._fake import FakeInstrument, meter_line, of_kind, recorder, stream

PILOT = "CPB #1 state=B high=9.0 low=-12.0 duty=26.6 freq=1000 mains=0 plug=1 soc=60"


def metered(
    folder: Path, body: Callable[[Bench, FakeInstrument, Recorder], Awaitable[None]], *lines: str, **settings: Any
) -> Recorder:
    """Run `body` with a bench whose meter streams `lines`; the closed recorder."""
    rec = recorder(folder)

    async def run() -> None:
        fake = FakeInstrument()
        streaming = asyncio.create_task(stream(fake, *(lines or (meter_line(3000, 4.35),))))
        bench = await open_bench({"meter": RoleConfig("serial_meter", fake.port, **settings)}, rec, None)
        try:
            async with asyncio.timeout(10):
                await body(bench, fake, rec)
        finally:
            streaming.cancel()
            await bench.close()
            rec.close()
            fake.hang_up()

    asyncio.run(run())
    return rec


def test_every_telegram_is_a_sample_with_its_uncertainty(tmp_path: Path) -> None:
    """Values under the trace's names; the profile's uncertainty for each of them; the journal reads back."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        await bench.meter.observe(0.2)

    rec = metered(tmp_path, body, uncertainty={"i_a": 0.05, "p_w": 15.0})
    samples = of_kind(rec, "bench.sample")
    assert len(samples) > 5
    data = samples[0].data
    assert samples[0].who == "bench.meter"
    assert (data["values"]["p_w"], data["values"]["i_l2_a"], data["values"]["freq_hz"]) == (3000, 4.35, 50)
    assert (data["uncertainty"]["i_l1_a"], data["uncertainty"]["i_a"], data["uncertainty"]["p_w"]) == (0.05, 0.05, 15)
    assert len(read_trace(tmp_path / "trace.jsonl")) == len(rec.events)


def test_observing_is_a_named_wait_on_the_contract(tmp_path: Path) -> None:
    """The trace says what was waited for, on whom, and that it ended."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        seen = await bench.meter.observe(for_s=0.1)
        assert seen

    rec = metered(tmp_path, body)
    (started,) = of_kind(rec, "wait.started")
    assert started.data == {"what": "observe meter for 0.1 s", "on": "contract", "bound_s": 0.1}
    assert of_kind(rec, "wait.ended")[0].data["outcome"] == "ended"


def test_until_gives_the_first_sample_after_the_call(tmp_path: Path) -> None:
    """What was true before the stimulus does not count; every later sample is looked at."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        await bench.meter.observe(0.2)
        before = len(rec.events)
        seen = await bench.meter.until(lambda values: values["p_w"] == 3000, what="3 kW", within_s=1)
        assert seen.seq > before
        blip = asyncio.get_running_loop().call_later(0.1, fake.say, meter_line(-77))
        seen = await bench.meter.until(lambda values: values["p_w"] == -77, what="a blip", within_s=1)
        assert seen["p_w"] == -77
        blip.cancel()

    metered(tmp_path, body)


def test_not_seen_names_role_wish_and_last_values(tmp_path: Path) -> None:
    """A missed wait is a TimeoutError that can be read aloud, and the trace says that it timed out."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        with pytest.raises(NotSeen, match=r"bench\.meter did not see export within 0\.2 s; last seen: p_w=3000"):
            await bench.meter.until(lambda values: values["p_w"] < 0, what="export", within_s=0.2)

    rec = metered(tmp_path, body)
    assert of_kind(rec, "wait.ended")[0].data["outcome"] == "timed out"
    assert issubclass(NotSeen, TimeoutError)


def test_damaged_lines_are_counted_and_kept_but_never_values(tmp_path: Path) -> None:
    """A wrong CRC, a foreign line and a missing value each end in bench.bad_telegram; good lines go on."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        await bench.meter.observe(0.1)
        fake.say_raw(b"/CPM3 1-0:16.7.0(9*W)!0000\r\n")
        fake.say("HELLO")
        fake.say("/CPM3 1-0:16.7.0(5*W)")
        fake.say(meter_line().replace("0.0*W", "0.0*kW"))
        await bench.meter.observe(0.2)
        assert bench.meter.latest()["p_w"] == 3000

    rec = metered(tmp_path, body)
    problems = [event.data["problem"] for event in of_kind(rec, "bench.bad_telegram")]
    assert len(problems) == 4
    for problem, words in zip(problems, ("CRC is 0000", "start with '/'", "lacks i_l1_a", "expected W"), strict=True):
        assert words in problem
    assert {event.data["values"]["p_w"] for event in of_kind(rec, "bench.sample")} == {3000}


def test_an_instrument_that_falls_silent_is_a_bench_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is the surroundings' fault, named with port; it is not mistaken for the DUT not reacting."""

    async def run() -> None:
        fake = FakeInstrument()
        rec = recorder(tmp_path)
        fake.say(meter_line())
        bench_opening = asyncio.create_task(open_bench({"meter": RoleConfig("serial_meter", fake.port)}, rec, None))
        await asyncio.sleep(0.1)
        fake.say(meter_line())
        bench = await bench_opening
        with pytest.raises(BenchError, match=rf"bench\.meter on {fake.port}: silent for 2 s while waiting for power"):
            await bench.meter.until(lambda values: values["p_w"] > 1, what="power", within_s=5)
        with pytest.raises(BenchError, match="silent for 2"):
            bench.meter.latest()
        await bench.close()
        rec.close()

    asyncio.run(run())


def test_a_pulled_cable_ends_a_wait_at_once(tmp_path: Path) -> None:
    """When the port disappears, whoever waits hears it immediately."""

    async def body(bench: Bench, fake: FakeInstrument, rec: Recorder) -> None:
        asyncio.get_running_loop().call_later(0.1, fake.hang_up)
        with pytest.raises(BenchError, match=r"bench\.meter on .*: the line was lost"):
            await bench.meter.observe(5)

    metered(tmp_path, body)


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"meter": RoleConfig("serial_meter", "/dev/nowhere")}, "bench.meter on /dev/nowhere: cannot be opened"),
        ({"meter": RoleConfig("serial_meter")}, "needs a port, such as /dev/ttyUSB0"),
        ({"meter": RoleConfig("oracle", "/dev/null")}, "driver 'oracle' is unknown; there are serial_meter, person"),
        ({"toaster": RoleConfig("person")}, "there is no such role; there are ems, grid_source"),
        ({"light": RoleConfig("person")}, "the profile names no operator"),
    ],
)
def test_what_cannot_be_opened_is_named(tmp_path: Path, config: dict[str, RoleConfig], says: str) -> None:
    """Role, port and what would be right stand in the error."""
    rec = recorder(tmp_path)
    with pytest.raises(BenchError) as raised:
        asyncio.run(open_bench(config, rec, None))
    assert says in str(raised.value)
    rec.close()


def test_a_silent_port_is_named_with_what_was_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A port that opens but says nothing: the error tells which instrument should be there."""
    monkeypatch.setattr(instrument_module, "FIRST_S", 0.3)
    rec = recorder(tmp_path)
    fake = FakeInstrument()
    with pytest.raises(BenchError, match=r"nothing heard within 0\.3 s; expected a control-pilot box that streams"):
        asyncio.run(open_bench({"pilot": RoleConfig("pilot_box", fake.port)}, rec, None))
    rec.close()
    fake.hang_up()


def piloted(folder: Path, body: Callable[[Bench], Awaitable[None]], fake: FakeInstrument) -> Recorder:
    """Run `body` with a bench whose pilot box is `fake`."""
    rec = recorder(folder)

    async def run() -> None:
        streaming = asyncio.create_task(stream(fake, PILOT))
        bench = await open_bench({"pilot": RoleConfig("pilot_box", fake.port)}, rec, None)
        try:
            async with asyncio.timeout(10):
                await body(bench)
        finally:
            await bench.close()
            streaming.cancel()
            rec.close()
            fake.hang_up()

    asyncio.run(run())
    return rec


def test_a_command_is_recorded_before_it_acts_and_its_reply_after(tmp_path: Path) -> None:
    """Stimulus, then effect, then reply: that is the order in the trace."""
    fake = FakeInstrument()

    def answer(command: str) -> str:
        if command == "STATE C":
            fake.say(PILOT.replace("state=B", "state=C"))
        return f"OK {command}"

    fake._answer = answer

    async def body(bench: Bench) -> None:
        await bench.pilot.ready()

    rec = piloted(tmp_path, body, fake)
    action = next(e for e in of_kind(rec, "bench.action") if e.data["command"] == "STATE C")
    effect = next(e for e in of_kind(rec, "bench.sample") if e.data["values"]["state"] == "C")
    reply = next(e for e in of_kind(rec, "bench.reply") if e.data["action"] == action.seq)
    assert action.seq < effect.seq < reply.seq
    assert action.data == {"role": "pilot", "command": "STATE C", "reply": None}
    assert reply.data["reply"] == "OK STATE C"


def test_a_refused_command_and_an_unanswered_one_are_bench_errors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The instrument's own words are passed on; silence is told as silence; a late answer fits no later command."""
    answers = {"SOC 42.0": "ERR SOC out of range", "POWER 5": None, "IMAX 7.00": "OK POWER 5"}
    fake = FakeInstrument(lambda command: answers.get(command, f"OK {command}"))

    async def body(bench: Bench) -> None:
        with pytest.raises(BenchError, match=r"'SOC 42\.0' was refused: SOC out of range"):
            await bench.pilot.soc(42)
        with pytest.raises(BenchError, match="'POWER 5' was not answered"):
            await bench.pilot.power(5)
        with pytest.raises(BenchError, match=r"'IMAX 7\.00' was not answered"):
            await bench.pilot.current_limit(7)

    from harness.bench.line import _serial

    monkeypatch.setattr(_serial.SerialLine.command, "__kwdefaults__", {"quietly": False, "within_s": 0.3})
    piloted(tmp_path, body, fake)


def test_restore_undoes_everything_and_tells_what_it_could_not(tmp_path: Path) -> None:
    """Restoring never raises; a device that refuses is named, recorded, and the rest is still done."""
    fake = FakeInstrument(lambda command: "ERR UNPLUG the lock is stuck" if command == "UNPLUG" else f"OK {command}")

    async def body(bench: Bench) -> None:
        problems = await bench.restore()
        assert len(problems) == 1
        assert "the lock is stuck" in problems[0]

    rec = piloted(tmp_path, body, fake)
    assert "POWER 0" in fake.heard
    assert of_kind(rec, "harness.error")[0].data["where"] == "restore bench.pilot"


def test_a_missing_role_says_what_there_is(tmp_path: Path) -> None:
    """A case that asks for what the bench has not got is told so, in words for its verdict."""

    async def body(bench: Bench) -> None:
        assert bench.has("pilot")
        assert not bench.has("light")
        with pytest.raises(BenchError, match="this bench has none; the profile lists pilot"):
            _ = bench.light

    piloted(tmp_path, body, FakeInstrument())


def test_without_a_car_there_is_nothing_to_make_not_ready(tmp_path: Path) -> None:
    """After a restore, taking the car out of C again is no error: no car is there."""
    fake = FakeInstrument()

    async def body(bench: Bench) -> None:
        await bench.restore()
        heard = len(fake.heard)
        await bench.pilot.not_ready()
        assert len(fake.heard) == heard

    piloted(tmp_path, body, fake)


def test_what_was_observed_reaches_to_its_end(tmp_path: Path) -> None:
    """A machine that reads late shortens no watch: the wait goes on until a reading stands behind its time."""

    async def run() -> None:
        rec = recorder(tmp_path)
        feed = Feed("meter", None, rec, {})
        start_ns = rec.clock.mono_ns()
        for after_s in (0.05, 0.4):
            asyncio.get_running_loop().call_later(after_s, lambda: feed.put({"p_w": 1.0}, rec.clock.mono_ns()))
        seen = await feed.observe(0.2)
        assert len(seen) == 2
        assert seen[-1].t_ns - start_ns >= 0.2e9
        rec.close()

    asyncio.run(run())
