"""A charger that answers every step well but one: that one is a spoilt frame, and the car must come to no harm.

`python -m tests.ev.mutated_answers COUNT [--seed N]` lives through so many sessions.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ev_emulator import Codec, Evcc, ExiError, V2gError, load_vehicle, v2gtp
from harness.trace import Recorder
from tests.ev.peer import Side, serve
from tests.exi.mutations import KNOWN, spoilt

COMMON = "urn:iso:std:iso:15118:-20:CommonMessages"
DC = "urn:iso:std:iso:15118:-20:DC"
PAYLOADS = {COMMON: 0x8002, DC: 0x8004}
CODEC = Codec()
Step = Callable[[Evcc], Awaitable[object]]
STEPS: tuple[Step, ...] = (
    lambda car: car.session_setup(),
    lambda car: car.authorization_setup(),
    lambda car: car.authorize(ongoing_s=0),
    lambda car: car.service_discovery(),
    lambda car: car.service_detail("DC_BPT"),
    lambda car: car.service_selection("DC_BPT", "Dynamic"),
    lambda car: car.charge_parameter_discovery(),
    lambda car: car.schedule_exchange(ongoing_s=0),
    lambda car: car.cable_check(ongoing_s=0),
    lambda car: car.pre_charge(ongoing_s=0),
    lambda car: car.power_delivery("Start"),
    lambda car: car.charge_loop(),
    lambda car: car.power_delivery("Stop"),
    lambda car: car.welding_detection(ongoing_s=0),
    lambda car: car.session_stop(),
)


def good_answers() -> dict[str, list[bytes]]:
    """Recorded answers of ISO 15118-20 DC sessions, as frames, by the request that they answer."""
    found: dict[str, list[bytes]] = {}
    for line in KNOWN.read_bytes().splitlines():
        each = msgspec.json.decode(line)
        name = next(iter(each["message"]))
        if each["namespace"] in PAYLOADS and name.endswith("Res"):
            frame = v2gtp(bytes.fromhex(each["exi"]), PAYLOADS[each["namespace"]])
            found.setdefault(f"{name.removesuffix('Res')}Req", []).append(frame)
    return found


def beside_the_schema(exi: bytes, dice: random.Random) -> bytes:
    """The answer with an element left out, another value in its place, or one that nobody knows: EXI all the same."""
    namespace = next(each for each in PAYLOADS if not CODEC.read(exi, each).deviations)
    message = CODEC.decode(exi, namespace)
    places = list(_places(message))[1:]
    holder, key = dice.choice(places)
    way = dice.randrange(3)
    if way == 0:
        del holder[key]
    elif way == 1:
        holder[key] = dice.choice((-1, 1 << 40, "", "FAILED", {}, [], True))
    else:
        holder["Unknown"] = {"Nested": "text"}
    try:
        return CODEC.encode_as_written(message, namespace)
    except ExiError:
        return spoilt(exi, dice)


def _places(content: Any) -> Iterator[tuple[dict[str, Any], str]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield content, key
            yield from _places(value)
    elif isinstance(content, list):
        for each in content:
            yield from _places(each)


async def session(seed: str, recorder: Recorder, answers: dict[str, list[bytes]]) -> tuple[Counter[str], list[str]]:
    """One session: how its steps ended, and what went wrong with the car."""
    dice = random.Random(seed)
    spoils = dice.randrange(len(STEPS) + 3)
    asked = 0

    async def script(side: Side) -> None:
        nonlocal asked
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                header = await side.reader.readexactly(8)
                request = await side.reader.readexactly(int.from_bytes(header[4:]))
                namespace = COMMON if header[2:4] == b"\x80\x02" else DC
                name = next(iter(CODEC.read(request, namespace).message or {"?": 0}))
                frame = dice.choice(answers[name])
                if asked == spoils:
                    spoil = dice.choice((spoilt, beside_the_schema))
                    frame = v2gtp(spoil(frame[8:], dice), int.from_bytes(frame[2:4]))
                asked += 1
                await side.send(frame)

    server, port = await serve(script)
    car = Evcc(load_vehicle("bidirectional_dc_400v"), CODEC, recorder, "lo", patience_s=2)
    ends: Counter[str] = Counter()
    wrong: list[str] = []
    try:
        await car.connect("::1", port)
        for number, step in enumerate(STEPS):
            try:
                await step(car)
                ends["went well"] += 1
            except V2gError as error:
                ends[type(error).__name__] += 1
                if not car.connected:
                    break
            except Exception as error:
                wrong.append(f"{seed}: step {number}: {type(error).__name__}: {error}")
    finally:
        await car.close()
        server.close()
    wrong += [f"{seed}: {event.data}" for event in recorder.events if event.kind == "harness.error"]
    return ends, wrong


def run(count: int, seed: int = 1) -> tuple[Counter[str], list[str]]:
    """So many sessions; how their steps ended, and what went wrong."""
    answers, ends, wrong = good_answers(), Counter[str](), list[str]()
    for number in range(count):
        with tempfile.TemporaryDirectory() as folder:
            recorder = Recorder(Path(folder) / "trace.jsonl")
            more, bad = asyncio.run(session(f"{seed} {number}", recorder, answers))
            recorder.close()
        ends, wrong = ends + more, wrong + bad
    return ends, wrong


if __name__ == "__main__":
    told, found = run(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    print("\n".join(found))
    print(dict(told))
    sys.exit(1 if found else 0)
