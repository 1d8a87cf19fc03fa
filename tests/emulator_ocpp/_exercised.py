"""What went over the sockets of the test that runs, for `exercised.csv`."""

from __future__ import annotations

from harness.emulator.ocpp._exercised import Exercised

GATHERS = "gathers-exercised"  # the plugin of `make exercised`
Seen = set[tuple[str, str, str]]
_seen: Seen = set()


def begin() -> Seen:
    """What is seen from here on, as it comes."""
    global _seen
    _seen = set()
    return _seen


def note(action: str, version: str, way: str) -> None:
    """The emulated station sent a CALL that was answered, or answered one; `version` as its subprotocol."""
    _seen.add((action, version.removeprefix("ocpp"), way))


def faults(seen: Seen, test: str, kept: list[Exercised]) -> list[str]:
    """Where the file and what this test saw do not fit each other."""
    mine = {each[:3] for each in kept if each.test == test}
    anywhere = {each[:3] for each in kept}
    return [
        *(f"{' '.join(each)} is listed for this test, which did not see it" for each in sorted(mine - seen)),
        *(f"{' '.join(each)} was seen, and is listed nowhere" for each in sorted(seen - anywhere)),
    ]
