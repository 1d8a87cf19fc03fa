"""Frames spoilt in every way that a hostile or broken charger could think of, and what reading them must hold to.

`python -m tests.exi.mutations COUNT [--out FILE] [--seed N]` tries so many; with the same FILE it goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import msgspec

from ev_emulator.exi import Codec, ExiError
from ev_emulator.exi.careful._read import Reader
from tests.exi.content import kinds, least

CODEC = Codec()
KNOWN = Path(__file__).parent / "messages.jsonl"
BATCH = 1_000
# Of one frame of at most a few hundred octets, in process time; 2 s are far beyond what was seen (0.1 s).
LONGEST_S = 2.0
MOST_GROWTH_MIB = 48.0


def seeds() -> list[tuple[str, bytes]]:
    """Good frames: recorded ones, and the least message of every type."""
    found = []
    for line in KNOWN.read_bytes().splitlines():
        each = msgspec.json.decode(line)
        found.append((each["namespace"], bytes.fromhex(each["exi"])))
    for kind in kinds():
        body = {kind.name: least(kind.type)}
        message = {"V2G_Message": {"Header": least(kind.header), "Body": body}} if kind.header else body
        found.append((kind.namespace, CODEC.encode(message, kind.namespace)))
    return found


def spoilt(good: bytes, dice: random.Random) -> bytes:
    """One frame, changed at one to four places: bits, octets, lengths, cuts, insertions, repeats."""
    found = bytearray(good)
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        where = dice.randrange(len(found) + 1)
        way = dice.randrange(7)
        if way == 0:
            del found[where:]
        elif way == 1:
            found[where:where] = dice.randbytes(dice.randrange(1, 5))
        elif way == 2:
            del found[where : where + dice.randrange(1, 4)]
        elif way == 3:
            found[where:where] = found[where : where + dice.randrange(1, 40)]
        elif where < len(found):
            found[where] = (found[where] ^ 1 << dice.randrange(8), dice.randrange(256), 0xFF)[way - 4]
    return bytes(found)


def wrong_with(namespace: str, frame: bytes) -> Iterator[str]:
    """What reading this frame did that it must not: nothing, one hopes."""
    began = time.process_time()
    try:
        found = CODEC.read(frame, namespace)
        careful = Reader(CODEC.grammars(namespace), frame).run()
        took_s = time.process_time() - began
        if found != careful:
            yield "the quick way and the careful way read it differently"
        if found.message is None and not found.deviations:
            yield "nothing was read, and nothing told"
        if any(not 0 <= each.octet <= len(frame) for each in found.deviations):
            yield "a deviation is told outside the frame"
        json.dumps(found.message)
        msgspec.json.encode(found.message)
        if not found.deviations and CODEC.read(CODEC.encode(found.message or {}, namespace), namespace) != found:
            yield "what was read without deviation is not what is written of it"
    except ExiError as error:
        yield f"what was read cannot be written again: {error}"
        return
    except Exception as error:
        yield f"raised {type(error).__name__}: {error}"
        return
    if took_s > LONGEST_S:
        yield f"took {took_s:.1f} s"


def batch(number: int, seed: int, frames: list[tuple[str, bytes]], told: Counter[str]) -> Iterator[str]:
    """One thousand frames, the same for the same number and seed; each is counted by how it reads."""
    dice = random.Random(f"{seed} {number}")
    for _ in range(BATCH):
        namespace, good = dice.choice(frames)
        frame = spoilt(good, dice)
        if len(frame) < 2:
            continue
        for wrong in wrong_with(namespace, frame):
            yield f"{namespace} {frame.hex()}: {wrong}"
        found = CODEC.read(frame, namespace)
        told["as it should be" if not found.deviations else "unreadable" if found.unreadable else "deviating"] += 1


def run(count: int, out: Path | None, seed: int = 1) -> list[str]:
    """So many frames in batches; `out` keeps what was done, so that it goes on there."""
    kept = json.loads(out.read_text()) if out is not None and out.is_file() else {"done": 0, "wrong": [], "told": {}}
    frames, wrong, told = seeds(), list(kept["wrong"]), Counter(kept["told"])
    began_mib = memory_mib()
    for number in range(kept["done"], count // BATCH):
        wrong += batch(number, seed, frames, told)
        if number == kept["done"]:
            began_mib = memory_mib()
        if out is not None:
            out.write_text(json.dumps({"done": number + 1, "wrong": wrong, "told": dict(told)}))
    if (grown := memory_mib() - began_mib) > MOST_GROWTH_MIB:
        wrong.append(f"memory grew by {grown:.0f} MiB")
    return wrong


def memory_mib() -> float:
    """The most memory that this process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """0 when nothing went wrong, else 1 and what."""
    parser = argparse.ArgumentParser(prog="python -m tests.exi.mutations", description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    wrong = run(given.count, given.out, given.seed)
    print("\n".join(wrong) or f"{given.count} frames, nothing wrong; at most {memory_mib():.0f} MiB")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
