"""What lies beside a profile, looked at before anything is switched on: answers, papers, firmware, our car."""

from __future__ import annotations

import datetime
from pathlib import Path

from ev_emulator import load_vehicle
from harness.campaign import documents_folder
from harness.documents import load_documents
from harness.operator import load_answers
from harness.profile import Profile
from plain_files import is_there, octets_of
from requirement_catalog import CatalogueError, load_catalogue, read_yaml

_MOST_SMALL, _MOST_IMAGE = 1_000_000, 500_000_000  # octets


def check_beside(profile: Profile, path: Path) -> None:
    """Every file that the profile names is there, is an ordinary file, and can be read as what it must be.

    A folder that is not there yet is no fault: of a PKI it is made, of papers it comes before the run.
    Raises CatalogueError with file, line, what is wrong, what would be right.
    """
    here = path.parent
    operator, firmware = profile.pco.operator, profile.pixit.firmware_update
    if operator is not None and operator.driver == "scripted":
        load_answers(here / (operator.answers or "answers.yaml"))
    folder = documents_folder(profile.documents, path)
    if folder is not None and is_there(folder):
        load_documents(folder, [c.id for c in load_catalogue().criteria], as_of=datetime.date.today())
    if firmware is not None:
        for name, most in (("image", _MOST_IMAGE), ("signature", _MOST_SMALL), ("signing_certificate", _MOST_SMALL)):
            _readable(path, f"pixit.firmware_update.{name}", here / getattr(firmware, name), most)
    if profile.pco.ev is not None:
        for name in ("vehicle_ac", "vehicle_dc"):
            try:
                load_vehicle(getattr(profile.pco.ev, name))
            except ValueError as error:
                raise _fault(path, f"pco.ev.{name}", str(error)) from error
    for name, pki in (("csms", profile.pco.csms), ("ev", profile.pco.ev)):
        if pki is not None and pki.pki is not None:
            _readable_folder(path, f"pco.{name}.pki", here / pki.pki)


def _readable(path: Path, at: str, file: Path, most: int) -> None:
    try:
        octets_of(file, most=most)
    except OSError as error:
        raise _fault(path, at, f"{file.name}: {error.strerror}") from error


def _readable_folder(path: Path, at: str, folder: Path) -> None:
    """A folder of keys: what stands in it under a name that is read is an ordinary file."""
    if not folder.is_dir():
        return
    for file in sorted([*folder.glob("*.pem"), *folder.glob("*.key")]):
        _readable(path, at, file, _MOST_SMALL)


def _fault(path: Path, at: str, wrong: str) -> CatalogueError:
    return read_yaml(path).error(at, wrong, "put the file there, or correct the name")
