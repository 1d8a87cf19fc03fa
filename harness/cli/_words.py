"""What the catalogue's commands share: how they refuse, and how they count."""

from __future__ import annotations

from typing import NoReturn

import click


def stop(text: str) -> NoReturn:
    """Usage or configuration is wrong: say so and leave with 2."""
    click.echo(text, err=True)
    raise SystemExit(2)


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 purpose", "3 purposes"."""
    return f"{number} {one if number == 1 else many or one + 's'}"
