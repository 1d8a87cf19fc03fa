"""Answers that come in parts: a CALL is accepted, then the station reports until it says that nothing is to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from harness.csms.station._exchange import Answer
from harness.trace import OcppMessage


@dataclass(frozen=True)
class Collected:
    """`answer` to the request, and the `parts` that came after it. `complete` when the last part came in time.

    `missing` says in plain words what did not come.
    """

    answer: Answer
    parts: list[OcppMessage] = field(default_factory=list)
    complete: bool = True
    missing: str = ""

    @property
    def items(self) -> list[dict[str, Any]]:
        """The payloads of the parts, in order of arrival."""
        return [part.payload for part in self.parts]

    def entries(self, name: str) -> list[dict[str, Any]]:
        """All list entries called `name` ("reportData") of all parts."""
        return [entry for part in self.parts for entry in part.payload.get(name, [])]
