"""`chargeproof seal`: judge and seal a campaign that was broken off."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import click

from harness import evidence
from harness.evidence import KeyFault, SealError, Signer, recover

USAGE, HARNESS_ERROR = 2, 3


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

    Exit code: 0 sealed (whatever was decided), 2 there is nothing to seal or it is damaged, 3 chargeproof failed.
    """
    inner = folder / "evidence" if (folder / "evidence").is_dir() else folder
    try:
        signer = Signer.from_pem(key) if key else Signer.generate()
        recovered = recover(inner)
        sealed = evidence.seal(inner, out or inner.resolve().parent / "bundle.zip", signer)
    except KeyFault as error:
        _stop(f"{key}: {error}")
    except (SealError, BlockingIOError) as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename or folder}: {error.strerror}")
    except Exception as error:  # a fault of ours, told as such
        click.echo(f"chargeproof itself failed: {type(error).__name__}: {error}", err=True)
        sys.exit(HARNESS_ERROR)
    if recovered.interrupted:
        click.echo("The run was interrupted: its verdicts rest on what was recorded until then.")
    if recovered.dropped_bytes:
        click.echo(
            f"The last line of the trace was torn; {recovered.dropped_bytes} bytes were cut off, and the trace says so."
        )
    click.echo(f"{sealed.path}: {sealed.decision}, {sealed.events} events, {sealed.files} files")
    click.echo(f"  SHA-256 {sealed.sha256}")
    click.echo(
        f"  signed with key {sealed.keyid}" + ("" if key else " (made for this bundle: shows integrity, not who)")
    )


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(USAGE)
