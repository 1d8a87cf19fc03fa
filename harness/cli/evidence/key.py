"""`chargeproof key`: make the pair of keys that evidence is signed with and held against."""

from __future__ import annotations

from pathlib import Path

import click

from harness.cli._say import Door, quoted, refuse
from harness.evidence import KeyFault, given_key, new_key, public_half, readable_by_others


@click.group()
def key() -> None:
    """Make and look at keys. The private one signs evidence; the public one is for those who verify it."""


@key.command("new")
@click.argument("path", type=click.Path(path_type=Path), default=Path("chargeproof-key.pem"))
def new(path: Path) -> None:
    """Make a key pair: PATH for yourself, and beside it PATH's public half to give away.

    `key new lab-key.pem` also writes lab-key.pub.pem. Nothing is ever written over.
    """
    try:
        made = new_key(path)
    except KeyFault as error:
        refuse(error)
    except OSError as error:
        refuse(f"{path}: {error.strerror}")
    door = Door()
    door.line(
        "private  {}  keep it to yourself; sign with: chargeproof run --key {}", made.private, quoted(made.private)
    )
    door.line("public   {}  give it, by another way than a bundle, to those who verify", made.public)
    door.line("key id   {}", made.keyid, whole=True)


@key.command("show")
@click.argument("path", type=click.Path(path_type=Path))
def show(path: Path) -> None:
    """Print a key's id and its public half, of either of the two files."""
    try:
        given = given_key(path)
        exposed = given.from_private and readable_by_others(path)
    except KeyFault as error:
        refuse(f"{path} {error}")
    except OSError as error:
        refuse(f"{path}: {error.strerror}")
    door = Door()
    door.line("key id   {}", given.public.keyid, whole=True)
    if given.from_private:
        door.line("private  {}; its public half is below, and belongs in {}", path, public_half(path))
    if exposed:
        door.line("[bold]others on this computer may read it[/]: chmod 600 {}", path)
    door.document(given.public.pem.decode())
