"""How the tests are spread over several workers (`make test`): whole campaigns one by one and first, the rest by file.

What shares something dear stays together; where no network of one's own is permitted, all that speaks ISO 15118 does.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from harness.emulator.netns import network_plan

_AS_A_FOLDER = ("secc", "ev", "exi", "reports")  # sessions, a codec and pages that are made once for the folder
_SPEAK = ("secc", "ev")
_CAMPAIGNS = ("campaign", "defects")  # marks
_RUNS = ("badinput/test_broken_off", "badinput/test_chargers", "campaign/test_backend")  # whole runs, each by itself
_FIRST_PORT, _PORTS = 20_000, 1_000  # of each worker; below those that the system gives away by itself (32768 on)


def spread(items: list[pytest.Item]) -> None:
    """Order the tests and name their groups; each group goes to one worker (`--dist loadgroup`)."""
    apart = network_plan().kind == "veth"
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item, apart)))
    items.sort(key=lambda item: (not _is_campaign(item), _file(item) not in _RUNS))


def _is_campaign(item: pytest.Item) -> bool:
    return any(item.get_closest_marker(mark) for mark in _CAMPAIGNS)


def _file(item: pytest.Item) -> str:
    return f"{item.path.parent.name}/{item.path.stem}"


def _group(item: pytest.Item, apart: bool) -> str:
    folder = item.path.parent.name
    if not apart and (_is_campaign(item) or folder in _SPEAK):
        return "one network"
    if _is_campaign(item) or _file(item) in _RUNS:
        return item.nodeid.replace("@", "_")
    return folder if folder in _AS_A_FOLDER else _file(item)


def ports_of(worker: str) -> range:
    """The TCP ports that tests of one worker ("gw1") listen at by a number that they were told beforehand."""
    first = _FIRST_PORT + _PORTS * int(worker.removeprefix("gw") or 0)
    return range(first, first + _PORTS)


@contextmanager
def one_at_a_time(folder: Path, name: str) -> Iterator[Path]:
    """A folder that all workers share, `name` in it; whoever comes later waits until the first has filled it."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name
