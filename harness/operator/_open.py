"""Opens the operator the profile names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from harness.operator._model import Operator
from harness.operator._scripted import ScriptedOperator
from harness.operator._terminal import TerminalOperator
from harness.operator._web import WebOperator
from harness.trace import Recorder


async def open_operator(
    driver: str,
    recorder: Recorder,
    *,
    attachments: Path,
    answers: Path | None = None,
    facts: Mapping[str, object] | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> Operator:
    """A person at the "terminal", on the "web" page (its address is `WebOperator.url`), or "scripted" answers.

    Raises ValueError naming what is wrong with driver or answers, OSError when the page's port is taken.
    """
    if driver == "terminal":
        return TerminalOperator(recorder, attachments)
    if driver == "web":
        page = WebOperator(recorder, attachments)
        await page.start(host, port)
        return page
    if driver != "scripted":
        raise ValueError(f"operator driver {driver!r} is unknown; there are terminal, web and scripted")
    if answers is None:
        raise ValueError("the scripted operator needs a file of answers (pco.operator.answers)")
    return ScriptedOperator(recorder, attachments, answers, facts)
