"""Whose fault it is that the car can make nothing of an answer: the charger's when the answer left its schema."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

from ev_emulator._errors import UnexpectedMessage
from ev_emulator.line._message import Message

_STUMBLES = (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError)


@contextlib.contextmanager
def misread(answer: Callable[[], Message | None]) -> Iterator[None]:
    """Turn a stumble over an answer that deviates from its schema into UnexpectedMessage, which tells the deviations.

    Over an answer that is as its schema has it the car stumbles by a fault of its own, which is raised as what it is.
    """
    try:
        yield
    except _STUMBLES as error:
        found = answer()
        if found is None or not found.deviations:
            raise
        text = f"the car can make nothing of {found.name}: {'; '.join(found.deviations[:3])}"
        raise UnexpectedMessage(text, found.body) from error


def under_reading(step: Any) -> Any:
    """A step of the car, an async method, that reads its answer under `self.reading()`."""

    @functools.wraps(step)
    async def stepping(self: Any, *values: Any, **named: Any) -> Any:
        with self.reading():
            return await step(self, *values, **named)

    return stepping
