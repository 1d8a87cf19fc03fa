"""Scenes for the report's tests, made once; and a plain word about browser tests that could not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from reports import EvidenceView, load, render_html
from tests.reports import _everything, _scenes
from tests.reports._build import sealed


def pytest_configure(config: pytest.Config) -> None:
    """Make the marker known."""
    config.addinivalue_line("markers", "browser: needs Chromium; skipped, and counted aloud, where there is none")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many browser tests were not run."""
    skipped = [r for r in terminalreporter.getreports("skipped") if "browser" in r.keywords]
    if skipped:
        terminalreporter.write_line(f"{len(skipped)} browser tests were not run: Chromium was not found")


@pytest.fixture(scope="session")
def scenes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The evidence folders by name."""
    root = tmp_path_factory.mktemp("scenes")
    made = {name: getattr(_scenes, name)(root / name) for name in ("go", "hold", "hostile", "partial")}
    return {**made, "everything": _everything.everything(root / "everything")}


@pytest.fixture(scope="session")
def go(scenes: dict[str, Path]) -> EvidenceView:
    """A sealed GO of an emulated charger."""
    return load(sealed(scenes["go"]))


@pytest.fixture(scope="session")
def hold(scenes: dict[str, Path]) -> EvidenceView:
    """A HOLD of a real charger, not sealed."""
    return load(scenes["hold"])


@pytest.fixture(scope="session")
def hostile(scenes: dict[str, Path]) -> EvidenceView:
    """A charger whose every word is an attack."""
    return load(scenes["hostile"])


@pytest.fixture(scope="session")
def everything(scenes: dict[str, Path]) -> EvidenceView:
    """A criterion with purposes of every kind."""
    return load(scenes["everything"])


@pytest.fixture(scope="session")
def everything_html(everything: EvidenceView) -> str:
    """That campaign's report."""
    return render_html(everything)


@pytest.fixture(scope="session")
def go_html(go: EvidenceView) -> str:
    """The GO's report."""
    return render_html(go)


@pytest.fixture(scope="session")
def hold_html(hold: EvidenceView) -> str:
    """The HOLD's report."""
    return render_html(hold)


@pytest.fixture(scope="session")
def hostile_html(hostile: EvidenceView) -> str:
    """The hostile charger's report."""
    return render_html(hostile)
