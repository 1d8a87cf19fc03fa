"""A question to the person at the charger, and the answer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

Kind = Literal["yes_no", "choice", "number", "text", "photo"]
KINDS = ("yes_no", "choice", "number", "text", "photo")
YES = ("yes", "y", "true", "1", "on")
NO = ("no", "n", "false", "0", "off")


@dataclass(frozen=True)
class Prompt:
    """One question. `why` tells the person what hangs on it; `unit` belongs to a number.

    With `with_photo` a photograph is asked for as well; kind "photo" asks for nothing else.
    Raises ValueError when it cannot be asked: an unknown kind, or a choice without choices.
    """

    id: str
    text: str
    kind: Kind = "yes_no"
    choices: tuple[str, ...] = ()
    unit: str = ""
    why: str = ""
    with_photo: bool = False
    least_px: float = 0  # of the photo's shorter side: a smaller one is no answer

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"prompt {self.id!r}: kind is {self.kind!r}; there are {', '.join(KINDS)}")
        if self.kind == "choice" and len(self.choices) < 2:
            raise ValueError(f"prompt {self.id!r}: a choice needs at least two choices")

    @property
    def wants_photo(self) -> bool:
        """Whether an answer needs a photograph."""
        return self.with_photo or self.kind == "photo"


Value = bool | float | str | None


@dataclass(frozen=True)
class Answer:
    """What was said: bool (yes_no), float (number), str (choice, text), None (photo alone).

    `photo` is the copy in the campaign's attachments folder; `observer` who answered; `seq` the answer's event.
    """

    value: Value
    photo: Path | None
    observer: str
    seq: int = -1


class BadAnswer(ValueError):
    """An answer that does not fit its prompt; the text says what would."""


class NoAnswer(LookupError):
    """Nobody answered: the verdict that hangs on it stays pending."""

    def __init__(self, prompt: Prompt, why: str) -> None:
        super().__init__(f"no answer to prompt {prompt.id!r} ({prompt.text}): {why}")
        self.prompt = prompt


class Operator(Protocol):
    """The person, however they are reached."""

    async def ask(self, prompt: Prompt) -> Answer:
        """Ask and wait. Prompt and answer are recorded. Raises NoAnswer."""

    async def close(self) -> None:
        """Stop asking."""


def fit(prompt: Prompt, said: object) -> Value:
    """The value an answer means for this prompt. Raises BadAnswer."""
    text = str(said).strip() if said is not None else ""
    match prompt.kind:
        case "photo":
            return None
        case "yes_no":
            if text.lower() in YES:
                return True
            if text.lower() in NO:
                return False
            raise BadAnswer(f"{text!r} is neither yes nor no")
        case "choice":
            for choice in prompt.choices:
                if text.lower() == choice.lower():
                    return choice
            if text.isdigit() and 1 <= int(text) <= len(prompt.choices):
                return prompt.choices[int(text) - 1]
            raise BadAnswer(f"{text!r} is not among {', '.join(prompt.choices)}")
        case "number":
            try:
                value = float(text.replace(",", "."))
            except ValueError:
                value = float("nan")
            if value - value != 0:  # not a number, or infinite
                raise BadAnswer(f"{text!r} is no number; type it without unit (it is in {prompt.unit or 'no unit'})")
            return value
        case "text":
            if not text:
                raise BadAnswer("please write something")
            return text
