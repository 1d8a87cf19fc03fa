"""`chargeproof seal`: judge and seal a campaign that was broken off."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

import harness.captures  # noqa: F401  so that a capture is made again and held against the trace
from harness import evidence
from harness.campaign import give_room
from harness.cli._codes import decided
from harness.cli._say import Door, ours, refuse
from harness.evidence import KeyFault, SealError, Signer, recover, signing_key
from plain_files import real


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--out", type=click.Path(path_type=Path), help="The bundle to write. Default: bundle.zip beside the evidence."
)
@click.option(
    "--key", type=click.Path(path_type=Path), help="Your private key (PEM, Ed25519). Default: a key made for it."
)
def seal(folder: Path, out: Path | None, key: Path | None) -> None:
    """Seal a campaign's folder, also of a run that was killed or lost its power.

    What was recorded is judged as it stands; the bundle says that the run was interrupted, and is never a GO.

    Exit codes: 0 sealed, and it is a GO; 1 sealed, and it is a HOLD; 2 there is nothing to seal, it is damaged, or the
    bundle exists already; 3 chargeproof failed.
    """
    inner = folder / "evidence" if (folder / "evidence").is_dir() else folder
    bundle = out or real(inner).parent / "bundle.zip"
    try:
        signer = signing_key(key) if key else Signer.generate()
        if os.path.lexists(bundle):  # told before the folder is touched
            refuse(f"{bundle} exists, and a bundle is never written over; give another place with --out")
        give_room(inner.parent)
        recovered = recover(inner)
        sealed = evidence.seal(inner, bundle, signer)
    except KeyFault as error:
        refuse(f"--key {key} {error}")
    except (SealError, BlockingIOError) as error:
        refuse(error)
    except OSError as error:
        refuse(f"{error.filename or folder}: {error.strerror}")
    except click.ClickException:
        raise
    except Exception as error:  # a fault of ours, told as such
        ours(error)
    door = Door()
    if recovered.interrupted:
        door.line("The run was interrupted: its verdicts rest on what was recorded until then.")
    if recovered.dropped_bytes:
        door.line(
            "The last line of the trace was torn; {} bytes were cut off, and the trace says so.",
            recovered.dropped_bytes,
        )
    door.line("{}: {}, {} events, {} files", sealed.path, sealed.decision, sealed.events, sealed.files, whole=True)
    door.line("  SHA-256 {}", sealed.sha256, whole=True)
    made = "" if key else " (made for this bundle: shows integrity, not who)"
    door.line("  signed with key {}{}", sealed.keyid, made, whole=True)
    sys.exit(decided(recovered.result))
