"""What every way of asking shares: the prompt is recorded, the wait is the person's, the answer is recorded."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from harness.operator._model import Answer, BadAnswer, NoAnswer, Prompt, fit
from harness.operator._photo import keep_photo
from harness.trace import Recorder

BOUND_S = 1800.0


@dataclass(frozen=True)
class Said:
    """A raw answer: its value as typed, the photo's bytes and file name, and who said it."""

    value: object
    observer: str
    photo: bytes | None = None
    photo_name: str = ""


class RecordingOperator:
    """Base of the operators. Subclasses fetch an answer that fits its prompt (`fit`) in `obtain`."""

    by = "person"
    where = "at the terminal"  # a person is waited for there

    def __init__(self, recorder: Recorder, attachments: Path, *, bound_s: float = BOUND_S) -> None:
        self._recorder = recorder
        self._attachments = attachments
        self._bound_s = bound_s

    async def obtain(self, prompt: Prompt) -> Said:
        """The person's answer. Raises NoAnswer when there will be none."""
        raise NotImplementedError

    async def ask(self, prompt: Prompt) -> Answer:
        """Ask and wait, at most `bound_s`. Raises NoAnswer."""
        asked = self._recorder.record(
            "operator.prompt",
            "operator",
            {
                "prompt": prompt.id,
                "text": prompt.text,
                "kind": prompt.kind,
                "choices": list(prompt.choices),
                "unit": prompt.unit,
                "why": prompt.why,
                "photo_wanted": prompt.wants_photo,
                "where": self.where,
            },
        )
        try:
            with self._recorder.waiting(f"answer to {prompt.id}", "person", self._bound_s):
                said = await asyncio.wait_for(self.obtain(prompt), self._bound_s)
        except TimeoutError:
            raise NoAnswer(prompt, f"nobody answered within {self._bound_s:g} s") from None
        t_ns = self._recorder.clock.mono_ns()
        photo = photo_data = None
        try:
            value = fit(prompt, said.value)
            if said.photo is not None:
                photo, photo_data = keep_photo(
                    said.photo, said.photo_name, prompt.id, self._attachments, prompt.least_px
                )
        except BadAnswer as error:
            raise NoAnswer(prompt, str(error)) from None
        if photo is None and prompt.wants_photo:
            raise NoAnswer(prompt, "a photo was asked for and none was given")
        event = self._recorder.record(
            "operator.answer",
            "operator",
            {
                "prompt": prompt.id,
                "text": prompt.text,
                "answer": value,
                "unit": prompt.unit,
                "photo": photo_data,
                "observer": said.observer,
                "by": self.by,
                "asked": asked.seq,
            },
            t_ns=t_ns,
        )
        return Answer(value, photo, said.observer, event.seq)

    async def close(self) -> None:
        """Nothing to stop."""
