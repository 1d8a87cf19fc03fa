"""Which actions the emulated charger has exercised: the list is what its live tests saw, and says when it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.emulator.ocpp.__main__ import main
from harness.emulator.ocpp._dispatch import answers, routes_of
from harness.emulator.ocpp._exercised import Exercised, exercised
from tests.emulator_ocpp._exercised import faults

ROW = Exercised("Reset", "2.1", "answered", "a::test")


def test_every_listed_test_stands_there() -> None:
    """A row whose test was renamed or taken out proves nothing."""
    for each in exercised():
        file, _, test = each.test.partition("::")
        assert f"def {test.partition('[')[0]}(" in Path(file).read_text("utf-8"), each


def test_the_list_is_held_against_what_a_test_saw() -> None:
    """Both ways: what it does not see any more, and what nobody has listed yet."""
    assert faults({ROW[:3]}, "a::test", [ROW]) == []
    assert "did not see it" in faults(set(), "a::test", [ROW])[0]
    assert faults(set(), "another::test", [ROW]) == []
    assert "listed nowhere" in faults({("Reset", "2.0.1", "answered")}, "another::test", [ROW])[0]


def test_actions_are_listed_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    """Those of a version alone, or of any; none that has not been seen."""
    assert main(["--actions"]) == 0
    listed = capsys.readouterr().out.split()
    assert listed == sorted({each.action for each in exercised()}) and "BootNotification" in listed
    assert main(["--actions", "--version", "2.0.1"]) == 0
    assert "SetDERControl" not in capsys.readouterr().out.split()


def test_a_handler_registers_itself() -> None:
    """One decorator is all; two for one action are refused."""

    class Shelf:
        @answers("Reset")
        def restart(self) -> str:
            return "restarted"

    shelf = Shelf()
    assert routes_of({"shelf": shelf}) == {"Reset": (shelf, "restart")}
    with pytest.raises(ValueError, match="Reset is answered by"):
        routes_of({"shelf": shelf, "another": Shelf()})
