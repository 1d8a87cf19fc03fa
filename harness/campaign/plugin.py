"""The pytest plugin: pytest collects the acceptance cases; running them is a campaign's doing."""

from __future__ import annotations

import pytest

from harness.case import MARKERS


def is_case(item: pytest.Item) -> bool:
    """Whether an item is an acceptance case rather than one of the project's own tests."""
    return item.get_closest_marker("serves") is not None


def case_id(item: pytest.Item) -> str:
    """A case's name for life: file without "test_" and the function with its parameters ("sc04_setpoints::…")."""
    return f"{item.path.stem.removeprefix('test_')}::{item.name.removeprefix('test_')}"


def purposes_of(item: pytest.Item) -> tuple[str, ...]:
    """The test purposes that a case serves, its function's before those of its parameters."""
    marks = reversed(list(item.iter_markers("serves")))
    return tuple(dict.fromkeys(purpose for mark in marks for purpose in mark.args))


def pytest_configure(config: pytest.Config) -> None:
    """Make our markers known, so that --strict-markers accepts them."""
    for marker in MARKERS:
        config.addinivalue_line("markers", marker)


@pytest.fixture
def stand() -> None:
    """What a case holds; there is one only inside a campaign, which brings its own."""
    raise pytest.UsageError("acceptance cases run inside a campaign: use `chargeproof run --dut PROFILE`")
