"""Answers written down beforehand, for unattended runs; what is not written down stays unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from string import Template

import msgspec

from harness.operator._model import BadAnswer, NoAnswer, Prompt, fit
from harness.operator._photo import MOST_BYTES
from harness.operator._recording import RecordingOperator, Said
from harness.trace import Recorder
from plain_files import octets_of
from requirement_catalog import read_record

Scalar = str | int | float | bool | None


class Entry(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer: to a prompt's id, or a pattern with *."""

    prompt: str
    value: Scalar = None
    values: tuple[Scalar, ...] | None = None
    photo: str | None = None
    observer: str | None = None


class AnswerFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers as somebody wrote them down."""

    answers: tuple[Entry, ...]
    observer: str = "script"


class ScriptedOperator(RecordingOperator):
    """Reads a YAML file:

        observer: CI
        answers:
          - prompt: bi17.marking      # an id, or a pattern with *
            value: yes                # or values: [yes, no], one an asking, the last one again and again
            photo: photos/front.jpg   # beside this file

    "$name" in a value or photo is replaced from `facts`, which may be filled later.
    Raises CatalogueError naming file and line when it is malformed.
    """

    by = "script"
    where = "in a file of answers"

    def __init__(
        self,
        recorder: Recorder,
        attachments: Path,
        answers: Path,
        facts: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(recorder, attachments)
        self._path = answers
        self.facts: dict[str, object] = dict(facts or {})
        self._file = load_answers(answers)
        self._asked: dict[int, int] = {}

    async def obtain(self, prompt: Prompt) -> Said:
        """The first entry that fits the prompt's id. Raises NoAnswer."""
        for position, entry in enumerate(self._file.answers):
            if fnmatchcase(prompt.id, entry.prompt):
                return self._said(prompt, position, entry)
        raise NoAnswer(prompt, f"{self._path.name} holds none")

    def _said(self, prompt: Prompt, position: int, entry: Entry) -> Said:
        count = self._asked.get(position, 0)
        self._asked[position] = count + 1
        values = entry.values or (entry.value,)
        value = self._filled(values[min(count, len(values) - 1)])
        try:
            fit(prompt, value)
        except BadAnswer as error:
            raise NoAnswer(prompt, f"{self._path.name}, answer {position + 1}: {error}") from None
        photo, name = None, ""
        if entry.photo:
            file = self._path.parent / str(self._filled(entry.photo))
            try:
                photo, name = octets_of(file, most=MOST_BYTES), file.name
            except OSError as error:
                raise NoAnswer(prompt, f"{self._path.name}, answer {position + 1}: photo {file}: {error}") from None
        return Said(value, entry.observer or self._file.observer, photo, name)

    def _filled(self, value: object) -> object:
        return Template(value).safe_substitute(self.facts) if isinstance(value, str) else value


def load_answers(path: Path) -> AnswerFile:
    """The answers in a file. Raises CatalogueError: file, line, what is wrong and what would be right."""
    file, located = read_record(path, AnswerFile)
    for number, entry in enumerate(file.answers):
        if entry.values is not None and not entry.values:
            right = "write at least one answer, or `value:` alone"
            raise located.error(f"answers[{number}].values", "is empty", right)
        if entry.values is not None and entry.value is not None:
            raise located.error(f"answers[{number}].values", "stands beside `value`", "keep one of them")
    return file
