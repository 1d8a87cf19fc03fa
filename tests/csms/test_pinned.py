"""`websockets` is pinned, because a part of it that is not its public API is replaced."""

from __future__ import annotations

import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

from websockets.server import ServerProtocol

from harness.csms.line._bounded import BEFORE, BoundedReader
from harness.csms.line._websocket import WebSocket


def test_no_version_is_let_in_that_was_not_tried() -> None:
    """Lifting the pin needs a look at what is replaced, and its number here."""
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    (pin,) = [each for each in project["dependencies"] if re.match(r"websockets\b", each)]
    assert re.search(r"<(\d+)$", pin)[1] == str(BEFORE)  # type: ignore[index]
    assert int(version("websockets").partition(".")[0]) < BEFORE


def test_what_is_replaced_is_still_what_reads() -> None:
    """The library makes a reader and a parser of those names, and ours stands in their place."""
    ours = vars(WebSocket(1000, compression=False))["_protocol"]
    theirs = vars(ServerProtocol())
    assert {"reader", "parser"} <= set(theirs) and inspect.isgenerator(theirs["parser"])
    assert isinstance(ours.reader, BoundedReader) and inspect.isgenerator(ours.parser)
    assert issubclass(BoundedReader, type(theirs["reader"])) and "self.reader" in inspect.getsource(
        ServerProtocol.parse
    )
