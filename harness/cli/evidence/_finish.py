"""What ends every campaign: the evidence is sealed with a key that was read before, and its views are written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.cli._say import refuse
from harness.evidence import KeyFault, Sealed, Signer, journal_of, seal, signing_key


def signer_of(key: Path | None) -> Signer:
    """The key to sign with, read before anything runs: a campaign must not end with evidence that nobody signs."""
    if key is None:
        return Signer.generate()
    try:
        return signing_key(key)
    except KeyFault as error:
        refuse(f"--key {key} {error}")
    except OSError as error:
        refuse(f"--key {key}: {error.strerror}")


def newest(out: Path, option: str) -> Path:
    """The newest campaign folder under `out`."""
    folders = sorted(p.parent for p in out.glob("*/evidence"))
    if not folders:
        refuse(f"{option}: there is no campaign under {out}; run one first, or name it with --campaign")
    return max(folders, key=lambda folder: journal_of(folder / "evidence").stat().st_mtime)


def finish(folder: Path, signer: Signer, say: Callable[[str], None] = lambda _: None) -> Sealed:
    """Seal the evidence and write the views of it. Raises SealError, OSError."""
    from reports import write_views

    bundle = place_for_bundle(folder)
    say("the evidence is sealed")
    sealed = seal(folder / "evidence", bundle, signer)
    say("the report is written")
    write_views(bundle, folder)
    return sealed


def place_for_bundle(folder: Path) -> Path:
    """Where the bundle goes; a re-run seals anew, and what was sealed before stays."""
    bundle = folder / "bundle.zip"
    if bundle.exists():
        number = 1
        while (before := folder / f"bundle-before-{number}.zip").exists():
            number += 1
        bundle.rename(before)
    return bundle
