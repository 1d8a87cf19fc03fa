"""Runs that did not come to their end: the true cause, what is kept, and the next step, in plain words."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from harness.campaign import NoRoom, Request, give_room
from harness.cli._say import quoted, tell
from harness.cli.evidence._finish import finish
from harness.cli.view._cut_runs import all_cut
from harness.evidence import Signer, journal_of, recover

_DISK = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT, errno.EROFS, errno.EIO)


def what_failed(error: Exception, request: Request) -> str:
    """A sentence for an error of the surroundings, with what to do."""
    code = getattr(error, "errno", None)
    folder = request.folder
    if folder is not None and not folder.is_dir():
        return f"the campaign's folder {folder} was taken away while it ran, and what was recorded with it: run again"
    if isinstance(error, NoRoom):
        return f"{error.strerror}: make room, or give another place with --out"
    if code in _DISK:
        cause = f"what happened could not be recorded: {getattr(error, 'strerror', '') or os.strerror(code or 0)}"
        return f"{cause}. Make room under {request.out}{'' if _recorded(folder) else ', then run again'}"
    pco = request.profile.pco.csms
    if pco is not None and code == errno.EADDRINUSE:
        where = f"{pco.listen} port {pco.port}"
        return f"another program listens at {where} already: stop it, or give pco.csms another port in the profile"
    if pco is not None and code == errno.EADDRNOTAVAIL:
        return f"pco.csms.listen is {pco.listen}, which is no address of this computer"
    if isinstance(error, OSError) and error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return f"the bench could not be opened: {error}"


def is_of_the_disk(error: Exception) -> bool:
    """Whether it could not be recorded, so that what was is to be sealed once there is room."""
    return getattr(error, "errno", None) in _DISK and not isinstance(error, NoRoom)


def tell_kept(folder: Path) -> None:
    """Where what was recorded is; nothing is left of a run that recorded nothing."""
    give_room(folder)
    if _recorded(folder):
        tell("what was recorded until then is kept in {}", folder, whole=True)
    else:
        forget_if_empty(folder)


def forget_if_empty(folder: Path) -> None:
    """Take away a campaign's folder in which nothing came to be."""
    give_room(folder)
    with contextlib.suppress(OSError):
        folder.rmdir()


def seal_interrupted(
    folder: Path, signer: Signer, words: str = "broken off: what was recorded is judged and sealed"
) -> None:
    """Seal what there is of a run that was broken off; it is a HOLD and says that it was interrupted."""
    if not _recorded(folder):
        tell("\nbroken off before anything was recorded")
        forget_if_empty(folder)
        return
    tell("\n{}", words)
    give_room(folder)
    try:
        recovered = recover(folder / "evidence")
        sealed = finish(folder, signer)
    except Exception as error:  # nothing may hide what went wrong in the run itself
        tell("it could not be sealed: {}", error)
        tell("when that is mended: chargeproof seal {}", quoted(folder), whole=True)
        return
    tell("{}{}", sealed.decision, ", interrupted" if recovered.interrupted else "")
    for line in all_cut(recovered.result.cut_runs):
        tell("{}", line)
    tell("report   {}", folder / "report.html", whole=True)
    tell("evidence {}", sealed.path, whole=True)


def _recorded(folder: Path | None) -> bool:
    return folder is not None and journal_of(folder / "evidence").exists()
