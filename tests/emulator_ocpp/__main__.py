"""`make exercised`: run these tests, and keep which actions went over a socket in those that passed."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

import harness.emulator.ocpp
from harness.emulator.ocpp._exercised import FILE, Exercised
from tests.emulator_ocpp._exercised import GATHERS


class Gathers:
    """Keeps for each action, version and way the first test, by name, that passed."""

    def __init__(self) -> None:
        self.__name__ = GATHERS  # what pytest knows a plugin by
        self.found: dict[tuple[str, str, str], str] = {}
        self._passed: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A test's call passed; what it saw is told when its fixtures are torn down."""
        if report.when == "call" and report.passed:
            self._passed.add(report.nodeid)
        if report.when != "teardown" or report.nodeid not in self._passed:
            return
        for each in dict(report.user_properties).get("exercised", ()):
            key = tuple(each)
            self.found[key] = min(self.found.get(key, report.nodeid), report.nodeid)


def main() -> int:
    """pytest's exit code; a test that failed shows nothing, the others are kept."""
    gathers = Gathers()
    plugins: list[object] = [gathers]
    here = Path(__file__).parent.relative_to(Path.cwd())
    code = pytest.main([str(here), f"--ignore={here / 'test_exercised.py'}", "-q"], plugins=plugins)
    with (Path(harness.emulator.ocpp.__file__).parent / FILE).open("w", newline="") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(Exercised._fields)
        lines.writerows((*key, test) for key, test in sorted(gathers.found.items()))
    return int(code)


if __name__ == "__main__":
    raise SystemExit(main())
