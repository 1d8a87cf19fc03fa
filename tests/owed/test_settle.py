"""What an answer settles: a request that changed nothing leaves nothing to put back."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.csms import Answer
from harness.owed import Debts

_DOWN = {"operationalStatus": "Inoperative", "evse": {"id": 1}}


@pytest.mark.parametrize(
    ("status", "error", "owed"),
    [
        ("Accepted", None, [1]),
        ("Scheduled", None, [1]),
        ("Rejected", None, []),
        (None, "NotImplemented", []),
        (None, "NotSupported", []),
        (None, "InternalError", [1]),  # nobody knows what it did before that
    ],
)
def test_an_evse_that_was_not_taken_out_of_service_is_not_owed(
    tmp_path: Path, status: str | None, error: str | None, owed: list[int]
) -> None:
    """A charger that does not know the request has done nothing of it; its next run has nothing to try in vain."""
    debts, event = Debts(tmp_path / "owed.json", "CP", "campaign"), SimpleNamespace(seq=1)
    debts.owed.evses.append(1)
    payload: dict[str, Any] = {"status": status} if status else {}
    debts.after("ChangeAvailability", _DOWN, Answer(event, event, payload, error))  # type: ignore[arg-type]
    assert debts.owed.evses == owed
