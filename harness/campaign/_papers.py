"""The document review of a campaign: papers into the trace, and the claims that rest on them."""

from __future__ import annotations

import datetime
import hashlib
from pathlib import Path

from harness.campaign._campaign import Campaign
from harness.documents import MOST_PAPER, Documents, document_claims, lies_in, load_documents, record_claims, review_all
from harness.plan import applies, narrowed
from plain_files import is_plain, octets_of
from requirement_catalog import Catalogue, load_catalogue, load_tender, sample_documents

KEPT = "attachments/documents"  # where papers and their records lie in the evidence
SAMPLES = "samples"  # in a profile: the papers that ship with the catalogue, for the emulated charger only


def documents_folder(documents: str | None, profile_path: Path) -> Path | None:
    """The folder a profile names, relative to the profile; None when it names none."""
    if documents is None:
        return None
    if documents == SAMPLES:
        return sample_documents()
    return profile_path.parent / documents


def review_papers(campaign: Campaign, profile_path: Path) -> None:
    """Record every paper and the document claims. Raises requirement_catalog.CatalogueError for a bad record."""
    catalogue = load_catalogue()
    applicable = applicable_criteria(campaign, catalogue)
    folder = documents_folder(campaign.ports.profile.documents, profile_path)
    if folder is not None:
        as_of = datetime.date.fromisoformat(campaign.plan.evaluation_date)
        documents = load_documents(folder, [c.id for c in catalogue.criteria], as_of=as_of)
        review_all(campaign.recorder, documents, catalogue, applicable)
        for name, digest in _keep(documents, campaign.ports.evidence / KEPT).items():
            campaign.recorder.record("file.kept", "harness", {"file": f"{KEPT}/{name}", "sha256": digest})
    blocked = [c.id for c in campaign.plan.criteria if c.blocked]
    model = campaign.ports.profile.product.model
    chosen = {c.id for c in campaign.plan.criteria}
    claims = document_claims(catalogue, applicable, chosen=chosen, instead_of_tests=blocked, model=model)
    record_claims(campaign.recorder, claims)


def applicable_criteria(campaign: Campaign, catalogue: Catalogue) -> set[str]:
    """Every criterion that applies to the product, selected for this run or not: a certificate may be asked for all."""
    product = narrowed(campaign.ports.profile.product, load_tender(catalogue, campaign.overlay).scope)
    return {
        criterion.id
        for requirement in catalogue.requirements
        for criterion in requirement.criteria
        if applies(requirement, criterion, product)[0]
        and (criterion.feature is None or campaign.ports.profile.declared(criterion.feature) != "no")
    }


def _keep(documents: Documents, folder: Path) -> dict[str, str]:
    """Copy the reviewed papers and their records into the evidence; the SHA-256 (hex) of each by its name there."""
    digests = {}
    folder.mkdir(parents=True, exist_ok=True)
    named = (documents.folder / paper.record.file for paper in documents.papers if paper.record.file)
    here = {path for path in {*documents.folder.iterdir(), *named} if is_plain(path)}
    for path in sorted(path for path in here if lies_in(path, documents.folder)):
        octets = octets_of(path, most=MOST_PAPER)
        kept = folder / path.relative_to(documents.folder)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(octets)
        digests[kept.relative_to(folder).as_posix()] = hashlib.sha256(octets).hexdigest()
    return digests
