"""What lies beside the profile: the documents, the operator's answers, the vendor's firmware, our car's description."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from ev_emulator import load_vehicle, vehicle_names
from harness.campaign import documents_folder
from harness.doctor._check import Check, Patient
from harness.documents import load_documents
from harness.operator import ScriptedOperator
from harness.profile import EvPco
from harness.trace import Recorder
from requirement_catalog import CatalogueError, load_catalogue

GROUP = "papers and people"


def examine_papers(patient: Patient) -> Iterator[Check]:
    """Findings about files that a run reads."""
    yield _documents(patient)
    yield _operator(patient)
    if patient.profile.pco.ev is not None:
        yield _vehicles(patient.profile.pco.ev)
    if (files := patient.profile.pixit.firmware_update) is not None:
        names = (files.image, files.signature, files.signing_certificate)
        missing = [n for n in names if not patient.beside(n).is_file()]
        if missing:
            do = "put them beside the profile"
            yield Check(GROUP, "firmware files", "problem", f"there is no {', '.join(missing)}", do)
        else:
            yield Check(GROUP, "firmware files", "ok", f"version {files.version}")


def _documents(patient: Patient) -> Check:
    folder = documents_folder(patient.profile.documents, patient.path)
    if folder is None:
        says = "the profile names no folder: every criterion that a paper proves stays open"
        return Check(GROUP, "documents", "warning", says, "add `documents: FOLDER` to the profile")
    try:
        documents = load_documents(folder, [c.id for c in load_catalogue().criteria], as_of=datetime.date.today())
    except CatalogueError as error:
        return Check(GROUP, "documents", "problem", str(error), "correct the records")
    without = [p for p in documents.papers if p.file_problem]
    if without:
        says = f"{len(without)} of {len(documents.papers)} papers cannot be shown: {without[0].source}: "
        return Check(GROUP, "documents", "warning", f"{says}{without[0].file_problem}", "add the files")
    if not documents.papers:
        return Check(GROUP, "documents", "warning", f"{folder} holds no records yet", "add the supplier's certificates")
    register = "" if documents.register else ", no register of update duties"
    return Check(GROUP, "documents", "ok", f"{len(documents.papers)} papers{register}")


def _operator(patient: Patient) -> Check:
    pco = patient.profile.pco.operator
    if pco is None:
        says = "nobody is there to look at labels and lights"
        return Check(GROUP, "operator", "warning", says, "add `operator: {driver: terminal}` under pco")
    if pco.driver != "scripted":
        return Check(GROUP, "operator", "ok", {"terminal": "asked here", "web": "asked on a phone"}[pco.driver])
    file = patient.beside(pco.answers or "answers.yaml")
    with TemporaryDirectory(prefix="chargeproof-doctor-") as folder:
        recorder = Recorder(Path(folder) / "trace.jsonl")
        try:
            ScriptedOperator(recorder, Path(folder), file)
        except (OSError, ValueError) as error:
            return Check(GROUP, "operator", "problem", f"{file}: {error}", "correct the file of answers")
        finally:
            recorder.close()
    return Check(GROUP, "operator", "ok", f"scripted answers from {file.name}")


def _vehicles(pco: EvPco) -> Check:
    for name in (pco.vehicle_ac, pco.vehicle_dc):
        try:
            load_vehicle(name)
        except (OSError, ValueError) as error:
            return Check(GROUP, "our car", "problem", str(error), f"there are {', '.join(vehicle_names())}")
    return Check(GROUP, "our car", "ok", f"{pco.vehicle_ac} and {pco.vehicle_dc}")
