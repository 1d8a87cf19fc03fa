"""The campaign's codec: made ready in the background, and what went wrong is said to whoever needs it."""

from __future__ import annotations

import asyncio
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from ev_emulator import ExiError, load_vehicle
from harness.hands import _v2g
from harness.hands._v2g import CarCodec, V2g
from harness.trace import Recorder

CAR = "bidirectional_dc_400v"


class Codec:
    """A codec that takes as long to start as a test wants."""

    let_start = threading.Event()
    fails: Exception | None = None

    def __init__(self) -> None:
        assert self.let_start.wait(5)
        if self.fails is not None:
            raise self.fails
        self.warmed: list[str] = []
        self.closed = False

    def warm_up(self, namespaces: list[str]) -> None:
        self.warmed += namespaces

    def close(self) -> None:
        self.closed = True


def opened(recorder: Recorder, monkeypatch: pytest.MonkeyPatch, codec: type[Codec]) -> tuple[V2g, CarCodec]:
    monkeypatch.setattr(_v2g, "JavaExiCodec", codec)
    pco = SimpleNamespace(ev=SimpleNamespace(vehicle_ac="bidirectional_ac_11kw", vehicle_dc=CAR))
    ports: Any = SimpleNamespace(recorder=recorder, profile=SimpleNamespace(pco=pco))
    started = CarCodec()
    return V2g(ports, "lo", lambda: None, started, None), started


def test_opening_does_not_wait_and_a_car_does(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign opens while Java still starts; a car waits for a codec that has seen every schema it needs."""

    class Slow(Codec):
        let_start = threading.Event()

    v2g, started = opened(recorder, monkeypatch, Slow)

    async def run() -> Any:
        waiting = asyncio.create_task(v2g.car(load_vehicle(CAR)))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        Slow.let_start.set()
        return await waiting

    codec = asyncio.run(run())._codec
    assert codec.warmed == list(_v2g.ISO_15118_20)
    started.close()
    assert codec.closed
    waits = [e.data for e in recorder.events if e.kind == "wait.started"]
    assert [(w["on"], w["what"]) for w in waits] == [("harness", "the car's EXI codec is ready")]


def test_a_codec_that_does_not_start(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening and closing go well without Java; asking for a car says why there is none, each time."""

    class Broken(Codec):
        fails = RuntimeError("Java did not start")

    Broken.let_start.set()
    v2g, started = opened(recorder, monkeypatch, Broken)
    for _ in range(2):
        with pytest.raises(RuntimeError, match="Java did not start"):
            asyncio.run(v2g.car(load_vehicle(CAR)))
    started.close()


def test_a_codec_that_breaks_while_warming_up(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failed warm-up is no reason to have no car: the session meets the codec as it is."""

    class Cold(Codec):
        def warm_up(self, namespaces: list[str]) -> None:
            raise ExiError("cold")

    Cold.let_start.set()
    v2g, started = opened(recorder, monkeypatch, Cold)
    assert isinstance(asyncio.run(v2g.car(load_vehicle(CAR)))._codec, Cold)
    started.close()
