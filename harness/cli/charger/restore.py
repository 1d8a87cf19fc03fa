"""`chargeproof restore`: give a charger back what a run that was broken off has changed in it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from harness.campaign import check_earlier, restore_charger
from harness.cli._codes import Exit
from harness.cli._say import Door, refuse
from harness.cli.charger._signals import end_like_ctrl_c
from harness.owed import OwedFault
from harness.profile import ProfileError, load_profile
from requirement_catalog import CatalogueError


@click.command()
@click.option("--dut", required=True, help="Profile of the charger: a name or a file.")
@click.option(
    "--out", type=click.Path(path_type=Path), default=Path("campaigns"), show_default=True, help="As given to `run`."
)
def restore(dut: str, out: Path) -> None:
    """Give a charger back what a run that was broken off has changed in it.

    What a run changes is written down before it is changed, in the folder `owed` beside the campaigns. The next run on
    the charger puts it back by itself; this command does so without a run.

    Exit codes: 0 nothing is owed any more; 1 something still is; 2 wrong usage, configuration or surroundings; 130
    broken off.
    """
    end_like_ctrl_c()
    door = Door()
    try:
        profile, path = load_profile(dut)
    except (ProfileError, CatalogueError) as error:
        refuse(error)
    if profile.launch is not None:
        refuse("this profile starts an emulated charger anew for each run: nothing of it is owed from before")
    if profile.pco.csms is None:
        refuse("the profile gives no backend connection (pco.csms), by which anything could be put back")
    try:
        found = check_earlier(profile, out)
        if not found:
            door.line("nothing is owed to {}", profile.pixit.identity)
            return
        for undo, _ in found:
            door.line("what is owed is written in {}", undo, whole=True)
        done = restore_charger(profile, path, out, lambda text: door.line("{}", text))
    except OwedFault as error:
        refuse(error)
    except OSError as error:
        refuse(f"{error.filename or 'our backend could not listen'}: {error.strerror or error}")
    except KeyboardInterrupt:
        door.line("\nbroken off; what is not put back stays owed")
        sys.exit(Exit.BROKEN_OFF)
    door.line("what was said is kept in {}", done.journal, whole=True)
    for each in done.left:
        door.line("still owed: {}", each)
    if done.left:
        sys.exit(Exit.HOLD)
    door.line("{} has back all that was owed", profile.pixit.identity)
