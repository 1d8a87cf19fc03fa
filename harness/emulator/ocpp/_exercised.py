"""Which actions a live test has exercised: `exercised.csv`, which those tests wrote and hold themselves to.

A line each: action, version of OCPP ("2.0.1", "2.1"), way ("sent" by the station and accepted by the backend,
"answered" by it with a CALLRESULT that fits the schema), and one test in which that went over a socket.
"""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import NamedTuple

FILE = "exercised.csv"


class Exercised(NamedTuple):
    """One action in one version, one way, and the test that saw it."""

    action: str
    version: str
    way: str
    test: str


def exercised() -> list[Exercised]:
    """What the file holds. Raises TypeError for a line that has not four fields."""
    lines = (files(__package__) / FILE).read_text("utf-8").splitlines()
    return [Exercised(*row) for row in csv.reader(lines[1:])]
