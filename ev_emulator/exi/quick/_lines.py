"""Lines of Python under construction, with the zero or fixed bits that wait to be handled with what comes next."""

from __future__ import annotations

import itertools

_numbers = itertools.count()


class Lines:
    """The body of one function; `names` are the constants that it uses."""

    def __init__(self, names: dict[str, object]) -> None:
        self.names, self._lines, self._depth = names, list[str](), 1

    def add(self, *lines: str) -> None:
        """Lines at the present depth."""
        self._lines += [f"{'    ' * self._depth}{line}" for line in lines]

    def begin(self, line: str) -> None:
        """A line that opens a block."""
        self.add(line)
        self._depth += 1

    def end(self) -> None:
        """Close the block."""
        self._depth -= 1

    def constant(self, value: object) -> str:
        """A name for a constant."""
        name = f"K{next(_numbers)}"
        self.names[name] = value
        return name

    def function(self, name: str, parameters: str) -> str:
        """All of it."""
        return f"def {name}({parameters}):\n" + "\n".join(self._lines) + "\n"
