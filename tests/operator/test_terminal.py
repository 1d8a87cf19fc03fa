"""The person at the terminal: asked again until the answer fits, and never a reason to hang."""

from __future__ import annotations

import asyncio
import io
import os
from pathlib import Path

import pytest
from rich.console import Console

from harness.operator import NoAnswer, Prompt, TerminalOperator
from tests.operator._ask import PNG, data_of, png, recorder


def terminal(folder: Path, typed: str, bound_s: float = 5.0) -> tuple[TerminalOperator, io.StringIO]:
    """A terminal with something typed in advance, and what it shows."""
    shown = io.StringIO()
    return (
        TerminalOperator(
            recorder(folder),
            folder / "attachments",
            console=Console(file=shown, width=100),
            source=io.StringIO(typed),
            bound_s=bound_s,
        ),
        shown,
    )


def test_it_asks_for_a_name_once_and_again_for_a_better_answer(tmp_path: Path) -> None:
    """A misunderstood answer is explained; the name is asked for with the first question only."""
    operator, shown = terminal(tmp_path, "Kim\nperhaps\nyes\n12,5\n")

    async def run() -> list[object]:
        first = await operator.ask(Prompt("a", "Is the [light] on?", why="BI-18.1"))
        second = await operator.ask(Prompt("b", "Power?", kind="number", unit="kW"))
        return [first.value, first.observer, second.value, second.observer]

    assert asyncio.run(run()) == [True, "Kim", 12.5, "Kim"]
    text = shown.getvalue()
    assert "Is the [light] on?" in text
    assert "BI-18.1" in text
    assert "'perhaps' is neither yes nor no" in text
    assert text.count("Your name") == 1


def test_choices_go_by_number_or_name_and_photos_by_path(tmp_path: Path) -> None:
    """A wrong path is asked again; the photo is copied."""
    photo, dot = tmp_path / "light.jpg", tmp_path / "dot.png"
    photo.write_bytes(PNG)
    dot.write_bytes(png(1, 1))
    operator, shown = terminal(tmp_path, f"Kim\n2\n/nowhere.jpg\n{dot}\n{photo}\n")
    prompt = Prompt("light", "Colour?", kind="choice", choices=("green", "purple"), with_photo=True, least_px=480)
    answer = asyncio.run(operator.ask(prompt))
    assert answer.value == "purple"
    assert answer.photo is not None and answer.photo.read_bytes() == PNG
    assert "/nowhere.jpg" in shown.getvalue() and "1 x 1 px, too small" in shown.getvalue()


def test_the_end_of_input_is_no_answer(tmp_path: Path) -> None:
    """Nobody there: the prompt stays open, the reason is given."""
    operator, _ = terminal(tmp_path, "")
    with pytest.raises(NoAnswer, match="the input has ended"):
        asyncio.run(operator.ask(Prompt("a", "Anybody?")))


def test_a_silent_person_ends_in_no_answer_within_the_bound(tmp_path: Path) -> None:
    """The wait is bounded and recorded as timed out; the reading thread keeps nothing alive."""
    reader, writer = os.pipe()
    rec = recorder(tmp_path)
    with os.fdopen(reader) as source:
        operator = TerminalOperator(
            rec, tmp_path, observer="Kim", console=Console(file=io.StringIO()), source=source, bound_s=0.2
        )
        with pytest.raises(NoAnswer, match=r"nobody answered within 0\.2 s"):
            asyncio.run(operator.ask(Prompt("a", "Anybody?")))
        os.close(writer)
    assert data_of(rec, "wait.ended")[0]["outcome"] == "timed out"


def test_a_hostile_question_steers_no_terminal(tmp_path: Path) -> None:
    """Escapes and marks that turn the way of reading are written out: in text, reason, choices, unit and complaint."""
    evil = "Is it on?\x1b[2J\x1b]0;owned\x07\u202egnp\x9b2K"
    operator, shown = terminal(tmp_path, "Kim\nnonsense\x1b[31m\n1\n2\n")

    async def run() -> None:
        prompt = Prompt(f"id{evil}", evil, "choice", choices=(evil, "b"), why=evil)
        await operator.ask(prompt)
        await operator.ask(Prompt("n", evil, "number", unit=evil))

    asyncio.run(run())
    text = shown.getvalue()
    assert not {"\x1b", "\x07", "\u202e", "\x9b"} & set(text)
    assert "\\x1b[2J" in text and "\\u202e" in text
