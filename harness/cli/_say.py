"""The one door through which every command prints: what others wrote can neither forge a line nor steer a terminal.

Names, serials, reasons, file names come from tenders, chargers and bundles of strangers. Whatever is put in a `{}` of a
template, or said as a whole, has its line breaks, escape sequences, markup, invisible characters and those that turn
the direction of reading written out (`\\n`, `\\x1b`, `\\u202e`). Nothing else in this package prints.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any, NoReturn

import click
import msgspec
from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Span, Text

from harness.cli._codes import Exit
from harness.visible import clean, clean_lines, quoted

__all__ = [
    "Door",
    "Live",
    "Refused",
    "Text",
    "clean",
    "clean_lines",
    "keep_printing",
    "ours",
    "quoted",
    "refuse",
    "show",
    "styled",
    "tell",
]

_PIPED_WIDTH = 120  # a file or a pager has no width of its own; narrower, a table is a column of single words


def styled(template: str, *values: object) -> Text:
    """A template of ours, in rich's markup, with each `{}` filled by a value's cleaned text, which is never markup."""
    parsed = Text.from_markup(template)
    parts = parsed.plain.split("{}")
    if len(parts) != len(values) + 1:
        raise ValueError(f"{template!r} has {len(parts) - 1} places for {len(values)} values")
    filled = [value if isinstance(value, Text) else Text(clean(value)) for value in values]
    plain, moved, end = parts[0], [(0, 0)], len(parts[0])  # (offset in the template, offset in the filled text)
    spans: list[Span] = []
    for value, part in zip(filled, parts[1:], strict=True):
        spans += [Span(s.start + len(plain), s.end + len(plain), s.style) for s in value.spans]
        plain += value.plain
        end += 2
        moved.append((end, len(plain)))
        plain += part
        end += len(part)

    def at(offset: int) -> int:
        base, to = max(pair for pair in moved if pair[0] <= offset)
        return to + offset - base

    return Text(plain, spans=[*(Span(at(s.start), at(s.end), s.style) for s in parsed.spans), *spans])


class Door:
    """One output stream. Wherever it leads, every value is escaped; on a terminal, long lines are hung in."""

    def __init__(self, file: IO[str] | None = None) -> None:
        stream = file or sys.stdout  # this very stream: whoever runs underneath may put another one in its place
        width = None if stream.isatty() else _PIPED_WIDTH
        self._console = Console(file=stream, highlight=False, emoji=False, width=width)

    @property
    def is_terminal(self) -> bool:
        """Whether a person looks at it while it comes."""
        return self._console.is_terminal

    def line(self, template: str = "", *values: object, hang: int = 4, whole: bool = False) -> None:
        """One line of ours, or more where the template itself breaks it.

        On a terminal it is wrapped between words, and what follows stands `hang` columns further in, so that a long
        value cannot pose as a line. `whole` leaves it to the terminal: for a path or a URL that somebody will copy.
        """
        for text in styled(template, *values).split("\n", allow_blank=True) or [Text()]:
            pieces = [text]
            if self.is_terminal and not whole:
                lead = len(text.plain) - len(text.plain.lstrip(" ")) + hang
                first, *rest = _between_words(text, max(20, self._console.width - lead))
                pieces = [first, *(Text(" " * lead) + piece for piece in rest)]
            for piece in pieces:
                self._console.print(piece, soft_wrap=True)

    def lines(self, values: Iterable[object]) -> None:
        """Finished sentences, each on a line."""
        for value in values:
            self.line("{}", value)

    def table(self, title: str, columns: Mapping[str, int | None], rows: Iterable[Sequence[object]]) -> None:
        """A table over the whole width. A column's number is its share of it; None: as wide as it needs."""
        table = Table(title=title, title_justify="left", expand=True)
        for name, share in columns.items():
            table.add_column(name, ratio=share, no_wrap=share is None)
        for row in rows:
            table.add_row(*(cell if isinstance(cell, Text) else Text(clean(cell)) for cell in row))
        self._console.print(table)

    def columns(self, rows: Iterable[Sequence[Text]]) -> None:
        """Rows in columns without any rules; only the last column wraps."""
        table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
        for number, row in enumerate(rows):
            if number == 0:
                for column in range(len(row)):
                    table.add_column(overflow="fold", no_wrap=column < len(row) - 1)
            table.add_row(*row)
        self._console.print(table)

    def panel(self, lines: Sequence[Text], style: str) -> None:
        """Lines in a frame."""
        self._console.print(Panel(Text("\n").join(lines), border_style=style))

    def live(self, lines: Sequence[Text]) -> Live:
        """A block that is drawn again in one place; `stack` makes what it is updated with."""
        return Live(self.stack(lines), console=self._console, refresh_per_second=8, transient=True)

    @staticmethod
    def stack(lines: Sequence[Text]) -> RenderableType:
        """Lines under each other."""
        return Group(*lines)

    def data(self, value: object) -> None:
        """JSON for programs, in ASCII alone."""
        text = json.dumps(msgspec.to_builtins(value), indent=2, ensure_ascii=True)
        self._console.file.write(text.replace("\x7f", "\\u007f") + "\n")

    def document(self, text: str) -> None:
        """A whole document: as it is for a file or a program, made visible for a terminal."""
        shown = "\n".join(clean(line) for line in text.split("\n")) if self.is_terminal else text
        self._console.file.write(shown)


def _between_words(text: Text, width: int) -> list[Text]:
    """Cut where a blank is, so that a path or a URL stays in one piece, and is as long as it is."""
    cuts, used = [], 0
    for word in re.finditer(r"\s*\S+", text.plain):
        length = cell_len(word[0])
        if used and used + length > width:
            cuts.append(word.start() + len(word[0]) - len(word[0].lstrip()))
            length, used = cell_len(word[0].lstrip()), 0
        used += length
    pieces = list(text.divide(cuts))
    for piece in pieces:
        piece.rstrip()
    return pieces


def tell(template: str, *values: object, whole: bool = False) -> None:
    """A line for the person, beside what goes to standard output."""
    Door(sys.stderr).line(template, *values, whole=whole)


def refuse(message: object) -> NoReturn:
    """Input or surroundings are wrong: say what, where and what would be right, and leave with 2."""
    raise Refused(message)


def ours(error: BaseException) -> NoReturn:
    """A fault of chargeproof: told as such, and never as the charger's or the evidence's."""
    tell("chargeproof itself failed (this is not the charger's fault): {}: {}", type(error).__name__, error)
    sys.exit(Exit.OURS)


class Refused(click.UsageError):
    """Wrong input, told in a sentence; what others wrote in it is escaped."""

    exit_code = Exit.REFUSED

    def __init__(self, message: object) -> None:
        super().__init__(clean_lines(message))

    def show(self, file: IO[Any] | None = None) -> None:
        """The sentence alone, on standard error."""
        show(self)


def show(error: click.ClickException) -> None:
    """An error of the command line itself, whose words may quote what was typed."""
    lines = error.format_message().split("\n")
    Door(sys.stderr).lines(["Error: " + lines[0], *lines[1:]])


def keep_printing() -> None:
    """A stream that knows fewer characters than we print shows them written out, and does not fail."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
