"""Re-executes a command inside a private network namespace that holds loopback and the pair cp-evse - cp-ev."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from harness.emulator.netns._enter import INSIDE, launcher_environment
from harness.emulator.netns._plan import can_enter


def enter_namespace(argv: Sequence[str]) -> str | None:
    """Replace this process by `argv` run in its own namespace (same process id; standard streams stay).

    Returns only when there is nothing to do or nothing that can be done: "veth" or "lo" when we already are inside
    such a namespace, None when this machine permits none (then `network_plan()` says what to use instead).
    Inside, only loopback and the pair exist: the outer machine's network is out of reach, and it cannot reach us.
    """
    already = os.environ.get(INSIDE)
    if already:
        return already
    if not argv or not can_enter():
        return None
    sys.stdout.flush()
    sys.stderr.flush()
    # a fresh interpreter has one thread, which CLONE_NEWUSER asks for
    return os.execve(
        sys.executable, [sys.executable, "-m", "harness.emulator.netns", "--", *argv], launcher_environment()
    )
