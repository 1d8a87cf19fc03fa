"""Answers written down beforehand, for unattended runs; what is not written down stays unanswered."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from string import Template
from typing import Any

import yaml

from harness.operator._model import BadAnswer, NoAnswer, Prompt, fit
from harness.operator._recording import RecordingOperator, Said
from harness.trace import Recorder

KEYS = {"prompt", "value", "values", "photo", "observer"}


class ScriptedOperator(RecordingOperator):
    """Reads a YAML file:

        observer: CI
        answers:
          - prompt: bi17.marking      # an id, or a pattern with *
            value: yes                # or values: [yes, no], one an asking, the last one again and again
            photo: photos/front.jpg   # beside this file

    "$name" in a value or photo is replaced from `facts`, which may be filled later.
    Raises ValueError naming file and entry when it is malformed.
    """

    by = "script"

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
        self._observer, self._entries = _load(answers)
        self._asked: dict[int, int] = {}

    async def obtain(self, prompt: Prompt) -> Said:
        """The first entry that fits the prompt's id. Raises NoAnswer."""
        for position, entry in enumerate(self._entries):
            if fnmatchcase(prompt.id, entry["prompt"]):
                return self._said(prompt, position, entry)
        raise NoAnswer(prompt, f"{self._path.name} holds none")

    def _said(self, prompt: Prompt, position: int, entry: dict[str, Any]) -> Said:
        count = self._asked.get(position, 0)
        self._asked[position] = count + 1
        values = entry["values"] if "values" in entry else [entry.get("value")]
        value = self._filled(values[min(count, len(values) - 1)])
        try:
            fit(prompt, value)
        except BadAnswer as error:
            raise NoAnswer(prompt, f"{self._path.name}, answer {position + 1}: {error}") from None
        photo, name = None, ""
        if entry.get("photo"):
            file = self._path.parent / str(self._filled(entry["photo"]))
            try:
                photo, name = file.read_bytes(), file.name
            except OSError as error:
                raise NoAnswer(prompt, f"{self._path.name}, answer {position + 1}: photo {file}: {error}") from None
        return Said(value, str(entry.get("observer", self._observer)), photo, name)

    def _filled(self, value: object) -> object:
        return Template(value).safe_substitute(self.facts) if isinstance(value, str) else value


def _load(path: Path) -> tuple[str, list[dict[str, Any]]]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise ValueError(f"{path}: {error}") from error
    entries = content.get("answers") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        raise ValueError(f"{path}: wants a list under 'answers'")
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict) or not isinstance(entry.get("prompt"), str):
            raise ValueError(f"{path}: answer {number} wants a 'prompt' (the prompt's id, or a pattern with *)")
        unknown = sorted(set(map(str, entry)) - KEYS)
        if unknown:
            raise ValueError(f"{path}: answer {number} has {', '.join(unknown)}; known are {', '.join(sorted(KEYS))}")
        if "values" in entry and (not isinstance(entry["values"], list) or not entry["values"]):
            raise ValueError(f"{path}: answer {number}: 'values' wants a list with at least one answer")
    return str(content.get("observer", "script")), entries
