"""How an alteration reaches into the SECC, which is a process of its own: `python -m …_in_secc --change WHERE:WHAT`."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from harness.emulator.altered._reach import car_link_of, swap

if TYPE_CHECKING:
    from harness.emulator._station import Station

_HERE, _CHANGE = "harness.emulator.altered._in_secc", "--change"


def in_the_secc(change: Callable[[], None]) -> Callable[[Station], None]:
    """Makes a function of a module an alteration of the station: the SECC's process calls it before it serves."""
    name = f"{change.__module__}:{change.__qualname__}"

    def altered(program: tuple[str, ...]) -> tuple[str, ...]:
        before = program[1:] if program[0] == _HERE else ()
        return (_HERE, *before, _CHANGE, name)

    return lambda station: swap(car_link_of(station).secc, "program", altered)


def at_any_time(request: str, state: str, *, within: str = "") -> None:
    """In the SECC: this request is served by this state of the package's, wherever the session stands.

    With `within` only where the session stands in that state.
    """
    from harness.emulator.secc._package import states_20
    from harness.emulator.secc.line._session import Session

    def takes(plain: Callable[..., bool]) -> Callable[..., bool]:
        def out_of_turn(self: Any, asked: Any) -> bool:
            wrong = plain(self, asked)
            if str(asked) != request or within not in ("", type(self.current_state).__name__):
                return wrong
            self.current_state = getattr(states_20(), state)(self)
            return False

        return out_of_turn

    swap(Session, "_out_of_turn", takes)


def main(arguments: Sequence[str]) -> int:
    """The SECC's own main, after each change has been made."""
    changes = [value for name, value in pairwise(arguments) if name == _CHANGE]
    from harness.emulator.secc import _child
    from harness.emulator.secc.__main__ import main as serve

    def settled(plain: Callable[..., Any]) -> Callable[..., Any]:
        def settle(*given: Any) -> Any:
            kept = plain(*given)  # the package reads its settings when it is first imported
            for each in changes:
                module, _, name = each.partition(":")
                getattr(importlib.import_module(module), name)()
            return kept

        return settle

    swap(_child, "_settle_package", settled)
    return serve(list(arguments[2 * len(changes) :]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
