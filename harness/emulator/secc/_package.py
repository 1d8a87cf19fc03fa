"""The package's own states, for what alters them within the SECC's process."""

from __future__ import annotations

from typing import Any


def states_20() -> Any:
    """Those of an ISO 15118-20 session; imported when asked for, as the rest of the package is."""
    from iso15118.secc.states import iso15118_20_states

    return iso15118_20_states
