"""`python -m harness.emulator`: the emulated station as a process of its own; one JSON line when it is ready."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence
from typing import Any

from harness.emulator._config import StationOptions, parse

PARENT_CHECK_S = 1.0
log = logging.getLogger("station")


def main(argv: Sequence[str] | None = None) -> int:
    """Run until stdin closes, SIGTERM, or the parent is gone: 0; 2 for bad options; 3 when a part died."""
    options = parse(argv)
    options.state_dir.mkdir(parents=True, exist_ok=True)
    logging.basicConfig(
        filename=options.state_dir / "station.log",
        level=logging.INFO,
        format="%(asctime)s.%(msecs)03d %(levelname)s %(name)s: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    try:
        return asyncio.run(_serve(options))
    except _Refused as error:
        print(f"chargeproof emulator: {error}", file=sys.stderr)
        return 2
    except Exception as error:
        log.exception("the station died")
        print(f"chargeproof emulator: {type(error).__name__}: {error} (see station.log)", file=sys.stderr)
        return 3


class _Refused(Exception):
    """The options cannot be carried out; the text says why."""


async def _serve(options: StationOptions) -> int:
    parent = os.getppid()  # read before anything is announced: a parent killed right after must not go unnoticed
    from harness.emulator import variants
    from harness.emulator._station import Station

    try:
        station = Station(options, variants.ratings(options.variants))
        variants.apply(station, options.variants)
        if options.defects:
            from harness.emulator import defects

            defects.apply(station, options.defects)
    except (KeyError, ValueError) as error:
        raise _Refused(error.args[0] if error.args else str(error)) from error
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    _watch_stdin(loop, stop)
    guard = asyncio.create_task(_watch_parent(stop, parent))
    try:
        await station.run(stop, _announce)
    finally:
        guard.cancel()
    return 0


def _announce(facts: dict[str, Any]) -> None:
    log.info("ready: %s", facts)
    print(json.dumps(facts), flush=True)


def _watch_stdin(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def readable() -> None:
        if not os.read(0, 4096):
            loop.remove_reader(0)
            stop.set()

    with contextlib.suppress(OSError, ValueError):  # /dev/null and closed descriptors cannot be watched
        loop.add_reader(0, readable)


async def _watch_parent(stop: asyncio.Event, parent: int) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(PARENT_CHECK_S)
    stop.set()


if __name__ == "__main__":
    sys.exit(main())
