"""Thousands of inputs against one backend over real sockets: it may refuse, it may not raise, grow, hang or forget."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from harness.trace import oddities, read_trace
from tests.attackers._measure import Target, is_served, target
from tests.attackers._wire import upgrade
from tests.fuzz._streams import LOGGED_IN, SECURE, Portions, stream

AT_ONCE = 12
_HANG_S = 30.0  # in which an answer, or the end of a connection, must come
_PEAK_MB = 300.0


def fuzz(folder: Path, kind: str, seed: int, numbers: Sequence[int]) -> list[str]:
    """Send these inputs; what was wrong, in words. The smallest culprit of what raised is written beside the trace."""
    found = list(_wrong(folder, kind, seed, numbers))
    if found and len(numbers) > 1:
        culprits = _culprits(folder, kind, seed, numbers)
        found += [f"{kind} input {number} of seed {seed}: {stream(kind, seed, number)!r:.300}" for number in culprits]
    return found


def _wrong(folder: Path, kind: str, seed: int, numbers: Sequence[int]) -> Iterator[str]:
    with target(folder, 2 if kind in SECURE else 1, fuzzed=True) as at:
        late = asyncio.run(_send(at, kind, [stream(kind, seed, number) for number in numbers]))
        served = is_served(at, 20.0)
    if late:
        yield f"{len(late)} inputs were neither answered nor given back within {_HANG_S:g} s: {late[:5]}"
    if not served:
        yield "the charger was not served afterwards"
    yield from at.cost["raised"]
    if "Traceback" in at.cost["said"]:
        yield at.cost["said"][-500:]
    if at.cost.get("peak_mb", 0) > _PEAK_MB:
        yield f"it took {at.cost['peak_mb']:.0f} MB"
    events = read_trace(folder / "trace.jsonl")
    yield from oddities(events)
    yield from (str(event.data) for event in events if event.kind == "harness.error")


async def _send(at: Target, kind: str, inputs: Sequence[Portions]) -> list[int]:
    """Send all; returns the places of those that were not done in time."""
    late: list[int] = []
    todo = iter(enumerate(inputs))

    async def work() -> None:
        for place, portions in todo:
            try:
                async with asyncio.timeout(_HANG_S):
                    await _one(at.port, portions)
            except TimeoutError:
                late.append(place)
            except OSError:
                pass

    if kind in LOGGED_IN:
        await _on_one_connection(at.port, [each for each in inputs if _is_text(each)])
        todo = iter([(n, [upgrade(), *each]) for n, each in enumerate(inputs) if not _is_text(each)])
    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return late


def _is_text(portions: Portions) -> bool:
    """Whether a message is UTF-8: one that is not ends its connection, and is sent on one of its own."""
    try:
        return len(portions) == 1 and bool(portions[0][6:].lstrip(b"\x00").decode() or True)
    except UnicodeDecodeError:
        return False


async def _one(port: int, portions: Portions) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for portion in portions:
            writer.write(portion)
            await writer.drain()
            if len(portions) > 1:
                await asyncio.sleep(0)
        writer.write_eof()
        while await reader.read(1 << 16):
            pass
    finally:
        writer.close()


async def _on_one_connection(port: int, inputs: Sequence[Portions]) -> None:
    """Messages one after the other; where the connection is closed for one, a new one goes on behind it."""
    place, end = 0, time.monotonic() + 600
    while place < len(inputs) and time.monotonic() < end:
        with suppress(OSError, TimeoutError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 22)
            writer.write(upgrade())
            async with asyncio.timeout(_HANG_S):
                await reader.readuntil(b"\r\n\r\n")
            reading = asyncio.ensure_future(_read_on(reader))
            while place < len(inputs) and not reading.done():
                batch, place = inputs[place : place + 20], place + 20
                writer.write(b"".join(portion for portions in batch for portion in portions))
                async with asyncio.timeout(_HANG_S):
                    await writer.drain()
                await asyncio.sleep(0)
            with suppress(OSError):
                writer.write_eof()
            async with asyncio.timeout(_HANG_S):
                await asyncio.wait([reading])
            writer.close()


async def _read_on(reader: asyncio.StreamReader) -> None:
    with suppress(OSError):
        while await reader.read(1 << 16):
            pass


def _culprits(folder: Path, kind: str, seed: int, numbers: Sequence[int]) -> list[int]:
    """The one input that is enough to make it go wrong, by halves; nothing where it takes several together."""
    while len(numbers) > 1:
        half = len(numbers) // 2
        for part in (numbers[:half], numbers[half:]):
            if any(_wrong(folder / f"{len(numbers)}-{part[0]}", kind, seed, part)):
                numbers = part
                break
        else:
            return []
    return list(numbers)
