"""Scripted answers: what is written is said, what is not stays unanswered, and photos become evidence."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path
from typing import Any

import pytest

from harness.operator import Answer, NoAnswer, Prompt, ScriptedOperator, open_operator
from tests.operator._ask import PNG, data_of, png, recorder

MARKING = Prompt(
    "bi17.marking", "Is the charger marked as bidirectional?", why="BI-17.1", with_photo=True, least_px=480
)


def ask(folder: Path, script: str, *prompts: Prompt, **facts: Any) -> tuple[list[Answer], Any]:
    """Ask a script; the answers and the recorder."""
    path = folder / "answers.yaml"
    path.write_text(script)
    rec = recorder(folder)

    async def run() -> list[Answer]:
        operator = await open_operator(
            "scripted", rec, attachments=folder / "attachments", answers=path, facts=facts or None
        )
        return [await operator.ask(prompt) for prompt in prompts]

    return asyncio.run(run()), rec


def test_an_answer_with_a_photo_is_recorded_and_the_photo_kept(tmp_path: Path) -> None:
    """Prompt, wait on the person, answer with file name and digest; the copy lies in the attachments folder."""
    (tmp_path / "front.png").write_bytes(PNG)
    (answer,), rec = ask(
        tmp_path, "observer: CI\nanswers: [{prompt: bi17.marking, value: yes, photo: front.png}]", MARKING
    )
    digest = hashlib.sha256(PNG).hexdigest()
    assert (answer.value, answer.observer) == (True, "CI")
    assert answer.photo is not None and answer.photo.read_bytes() == PNG
    assert answer.photo.parent == tmp_path / "attachments"
    (said,) = data_of(rec, "operator.answer")
    assert said["photo"] == {"file": answer.photo.name, "sha256": digest, "width_px": 640, "height_px": 480}
    assert said["by"] == "script"
    assert (said["prompt"], said["answer"], said["observer"]) == ("bi17.marking", True, "CI")
    assert data_of(rec, "wait.started")[0]["on"] == "person"
    assert rec.events[answer.seq].kind == "operator.answer"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("answers: []", "answers.yaml holds none"),
        ("answers: [{prompt: bi17.marking, value: perhaps, photo: front.png}]", "neither yes nor no"),
        ("answers: [{prompt: bi17.marking, value: yes}]", "a photo was asked for and none was given"),
        ("answers: [{prompt: bi17.marking, value: yes, photo: gone.png}]", "gone.png"),
        ("answers: [{prompt: bi17.marking, value: yes, photo: notes.txt}]", "is no photo"),
        ("answers: [{prompt: bi17.marking, value: yes, photo: notes.png}]", "is no picture that can be read"),
        ("answers: [{prompt: bi17.marking, value: yes, photo: dot.png}]", "the photo has 1 x 1 px, too small to show"),
        ("answers: [{prompt: bi17.marking, value: yes, photo: strip.png}]", "at least 480 a side"),
    ],
)
def test_what_cannot_be_answered_stays_unanswered(tmp_path: Path, script: str, says: str) -> None:
    """NoAnswer names prompt and reason; the question is in the trace, and no answer is."""
    (tmp_path / "front.png").write_bytes(PNG)
    (tmp_path / "notes.txt").write_text("not a photo")
    (tmp_path / "notes.png").write_text("not a photo")
    (tmp_path / "dot.png").write_bytes(png(1, 1))
    (tmp_path / "strip.png").write_bytes(png(9000, 479))
    path = tmp_path / "answers.yaml"
    path.write_text(script)
    rec = recorder(tmp_path)
    operator = ScriptedOperator(rec, tmp_path / "attachments", path)
    with pytest.raises(NoAnswer, match=r"no answer to prompt 'bi17\.marking'") as raised:
        asyncio.run(operator.ask(MARKING))
    assert says in str(raised.value)
    assert len(data_of(rec, "operator.prompt")) == 1
    assert data_of(rec, "operator.answer") == []


def test_patterns_sequences_and_facts(tmp_path: Path) -> None:
    """An id may be a pattern, answers may differ from asking to asking, and facts are filled in, also later ones."""
    path = tmp_path / "answers.yaml"
    path.write_text(
        "answers:\n  - {prompt: 'light.*', values: [green, $colour]}\n  - {prompt: power, value: '3,5', observer: Jo}\n"
    )
    rec = recorder(tmp_path)
    operator = ScriptedOperator(rec, tmp_path, path)
    operator.facts["colour"] = "purple"
    light = Prompt("light.now", "Which colour?", kind="choice", choices=("green", "purple"))

    async def run() -> list[Answer]:
        return [
            await operator.ask(each) for each in (light, light, light, Prompt("power", "Power?", "number", unit="kW"))
        ]

    answers = asyncio.run(run())
    assert [answer.value for answer in answers] == ["green", "purple", "purple", 3.5]
    assert answers[-1].observer == "Jo"


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("- a list", r"answers\.yaml:1: .*is a list; write `name: value` lines"),
        ("answers: [{value: yes}]", r"answers\.yaml:1: answers\[0\]: 'prompt' is missing"),
        ("answers: [{prompt: a, valeu: yes}]", r"'valeu' is not a known key here; did you mean 'value'"),
        ("answers: [{prompt: a, values: []}]", "at least one answer"),
        ("answers: [{prompt: a, values: [yes], value: no}]", "stands beside `value`"),
        ("answers: [{prompt: a, value: yes, value: no}]", r"answers\[0\]\.value: is given twice"),
        ("answers: [", r"answers\.yaml:[12]: .*is not YAML"),
        ("\x00\x01", "is not YAML"),
    ],
)
def test_a_malformed_script_is_refused_at_once(tmp_path: Path, script: str, says: str) -> None:
    """File, entry and what would be right are named before the first question."""
    path = tmp_path / "answers.yaml"
    path.write_text(script)
    with pytest.raises(ValueError, match=says):
        ScriptedOperator(recorder(tmp_path), tmp_path, path)


def test_an_unknown_driver_names_the_known_ones(tmp_path: Path) -> None:
    """And scripted answers need a file."""
    rec = recorder(tmp_path)
    with pytest.raises(ValueError, match="there are terminal, web and scripted"):
        asyncio.run(open_operator("telepathy", rec, attachments=tmp_path))
    with pytest.raises(ValueError, match="needs a file of answers"):
        asyncio.run(open_operator("scripted", rec, attachments=tmp_path))


def test_a_prompt_that_cannot_be_asked_is_refused() -> None:
    """An unknown kind, or a choice of one."""
    with pytest.raises(ValueError, match="kind is 'guess'"):
        Prompt("x", "?", kind="guess")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least two choices"):
        Prompt("x", "?", kind="choice", choices=("only",))
