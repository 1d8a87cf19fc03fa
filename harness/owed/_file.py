"""Undo files: one a charger, in a folder beside the campaigns, on the disk before the charger is changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from harness.owed._model import SCHEMA, Owed, key_of
from plain_files import octets_of

_LISTS = ("profiles", "ours", "evses", "reservations", "monitors", "certificates", "controls", "grid", "stays")
FOLDER = "owed"  # beside the folder that campaigns are made in


class OwedFault(ValueError):
    """An undo file cannot be read; the text names it, and says what would be right."""


def place_beside(campaigns: Path) -> Path:
    """Where undo files lie for campaigns that are made in this folder."""
    return campaigns.absolute().parent / FOLDER


def charger_file(place: Path, identity: str, charger: Mapping[str, str]) -> Path:
    """The file of one charger: by its identity, and by what it tells of itself where it tells anything."""
    told = [identity, *(f"{name}={charger[name]}" for name in ("vendor", "model", "serial") if charger.get(name))]
    digest = hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]
    return place / f"{_slug(identity)}-{digest}.json"


def earlier(place: Path, identity: str) -> list[tuple[Path, Owed]]:
    """What earlier runs left, for every charger that came by this identity. Raises OwedFault, OSError."""
    found = []
    for path in sorted(place.glob(f"{_slug(identity)}-*.json")):
        try:
            owed = msgspec.json.decode(octets_of(path, most=10_000_000), type=Owed)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            remedy = "mend it, or put the charger right by hand and delete it"
            raise OwedFault(
                f"{path} holds what is owed to the charger, and cannot be read ({error}); {remedy}"
            ) from error
        if owed.schema != SCHEMA:
            raise OwedFault(
                f"{path} is of the shape {owed.schema!r}, which this version does not know; it knows {SCHEMA}"
            )
        if owed.identity == identity:
            found.append((path, owed))
    return found


def write(path: Path, owed: Owed) -> None:
    """On the disk when this returns, whole or not at all. Raises OSError."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    octets = msgspec.json.format(msgspec.json.encode(owed), indent=1) + b"\n"
    draft = path.with_suffix(".draft")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    _sync(path.parent)


def remove(path: Path) -> None:
    """Nothing is owed any more. Raises OSError."""
    if path.exists():
        path.unlink()
        _sync(path.parent)


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _slug(identity: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in identity)[:48]


def merged(found: Iterable[Owed]) -> Owed | None:
    """What several runs left of one charger, as one; the first run's values stand, as they were there before."""
    owed: Owed | None = None
    for each in found:
        if owed is None:
            owed = each
            continue
        taken = {key_of(one.item) for one in owed.settings}
        owed.settings += [one for one in each.settings if key_of(one.item) not in taken]
        for name in _LISTS:
            getattr(owed, name).extend(one for one in getattr(each, name) if one not in getattr(owed, name))
        owed.local_list |= each.local_list
    return owed
