"""What all of the project's own tests share."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests._spread import spread

settings.register_profile("chargeproof", deadline=None)  # a busy machine is slow, which is no fault of what is tested
settings.load_profile("chargeproof")

_OF_THE_EXTRA = {"secc", "emulated", "java"}  # fixtures that start Java or the iso15118 package
MOST_LEFT_OPEN = 40  # what fixtures of a whole run (a backend, a codec) may hold; a leak in every test is more


def _open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


@pytest.fixture(scope="module", autouse=True)
def files_are_given_back() -> Iterator[None]:
    """A file of tests that leaves sockets, ptys or journals open starves those after it, on a limit of 1,024."""
    before = _open_files()
    yield
    if _open_files() - before > MOST_LEFT_OPEN:
        gc.collect()
    left = _open_files() - before
    assert left <= MOST_LEFT_OPEN, f"{left} files were left open by this module"


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Campaigns first, each a group of its own; the rest by file or folder."""
    for item in items:
        if item.path.parent.name == "secc" or _OF_THE_EXTRA & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.emulator)
    spread(items)


@pytest.fixture(scope="session")
def shared_by_all(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A folder of this run of the tests; the same for each of its workers."""
    base = tmp_path_factory.getbasetemp()
    return base if worker_id == "master" else base.parent
