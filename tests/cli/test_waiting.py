"""A silent run tells what it waits for, and how much longer at most."""

from __future__ import annotations

import threading
from pathlib import Path

from harness.cli.view._waiting import Waiting
from harness.trace import Recorder


def test_silence_is_broken_by_what_is_waited_for_and_how_long_yet(tmp_path: Path) -> None:
    """The wait that began last, with what is left of its bound; over, nothing more is said of it."""
    said: list[str] = []
    told = threading.Event()

    def say(text: str) -> None:
        said.append(text)
        told.set()

    waiting, recorder = Waiting(say, silent_s=0.1), Recorder(tmp_path / "trace.jsonl")
    recorder.listen(waiting.see)
    stop = waiting.start()
    with recorder.waiting("the new firmware is installed", "dut", 300):
        assert told.wait(5)
        stop()
    assert said[0].startswith("waiting for the new firmware is installed, ") and said[0].endswith(" s more at most")
    assert waiting.now() == ""
    recorder.close()


def test_who_has_just_spoken_is_not_silent(tmp_path: Path) -> None:
    """Nothing is said while other lines come, and nothing where nothing is waited for."""
    said: list[str] = []
    waiting, recorder = Waiting(said.append, silent_s=3600.0), Recorder(tmp_path / "trace.jsonl")
    recorder.listen(waiting.see)
    stop = waiting.start()
    with recorder.waiting("an answer", "dut", 10):
        assert waiting.now().startswith("an answer, ")
    stop()
    assert said == []
    recorder.close()


def test_a_person_who_is_waited_for_comes_first_with_the_question_and_where(tmp_path: Path) -> None:
    """Whatever else began to wait since; once answered, what is left is told again."""
    waiting, recorder = Waiting(lambda _: None), Recorder(tmp_path / "trace.jsonl")
    recorder.listen(waiting.see)
    prompt = {"prompt": "a", "text": "Is it marked?", "where": "on the operator's page"}
    with recorder.waiting("EMU-0001 to connect", "dut", 60):
        recorder.record("operator.prompt", "operator", prompt)
        with recorder.waiting("answer to a", "person", 1800), recorder.waiting("EMU-0002 to connect", "dut", 60):
            assert waiting.now().startswith("a person to answer “Is it marked?” on the operator's page, 1")
        assert waiting.now().startswith("EMU-0001 to connect, ")
    assert waiting.now() == ""
    recorder.close()
