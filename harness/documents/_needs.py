"""From the catalogue to the claims a document review makes: which papers, which editions, for which criteria."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from requirement_catalog import Catalogue, Criterion, NeededDocument, PaperKind, Phase, VerifiedBy

CERTIFICATE_COVERS = "documents.certificate_covers"
MATCHES_FIRMWARE = "documents.matches_reported_firmware"
NONE_OVERDUE = "duties.none_overdue"
_SEVERITY_OF = {"update.major_months": "major", "update.minor_months": "minor"}


class DocumentClaim(msgspec.Struct, frozen=True, kw_only=True):
    """A claim that a document review makes: it goes into the trace as any test case's does."""

    criterion: str
    judge: str
    params: dict[str, Any]


def document_claims(
    catalogue: Catalogue,
    applicable: Collection[str],
    *,
    chosen: Collection[str] | None = None,
    instead_of_tests: Collection[str] = (),
    model: str | None = None,
) -> list[DocumentClaim]:
    """The claims of a document review over the applicable criteria (ids) of the acceptance phase.

    `applicable` is everything that applies to the product, so that GEN-02 knows every certificate that is needed;
    `chosen` are those of them that this campaign judges (None: all).
    `instead_of_tests` names criteria that could not be tested and that D5.4 lets a certificate prove. `model` is the
    product's model by its profile, for the case that the charging station never reported one.
    """
    claims: list[DocumentClaim] = []
    for criterion in catalogue.criteria:
        if criterion.id not in applicable or criterion.phase is not Phase.ACCEPTANCE:
            continue
        if chosen is not None and criterion.id not in chosen:
            continue
        ways = (criterion.verified_by, *criterion.also_by)
        if VerifiedBy.DOCUMENT_REVIEW not in ways:
            continue
        if criterion.documents_of == "all":
            claims.append(_of_all(catalogue, criterion, applicable, model))
        elif criterion.verified_by is VerifiedBy.DOCUMENT_REVIEW or criterion.id in instead_of_tests:
            claims.append(_of_one(catalogue, criterion, applicable, model))
    return claims


def certificates_needed(catalogue: Catalogue, applicable: Collection[str]) -> list[dict[str, Any]]:
    """Every certificate that the applicable criteria ask for, once each, as plain data for a claim's parameters."""
    needs: list[dict[str, Any]] = []
    for criterion in catalogue.criteria:
        if criterion.id in applicable and criterion.phase is Phase.ACCEPTANCE:
            for needed in criterion.documents:
                if PaperKind.CERTIFICATE in needed.kinds:
                    needs.append(_plain(catalogue, criterion.id, needed))
    return needs


def standards_that_apply(catalogue: Catalogue, applicable: Collection[str]) -> list[str]:
    """Names of the standards that the applicable criteria's requirements ask for."""
    requirements = {catalogue.requirement_of(each).id for each in applicable}
    return [s.name for s in catalogue.standards if requirements & set(s.required_by)]


def _of_all(
    catalogue: Catalogue, criterion: Criterion, applicable: Collection[str], model: str | None
) -> DocumentClaim:
    needs = certificates_needed(catalogue, applicable)
    judge = CERTIFICATE_COVERS if criterion.verified_by is VerifiedBy.DOCUMENT_REVIEW else MATCHES_FIRMWARE
    return DocumentClaim(criterion=criterion.id, judge=judge, params=_with_model({"needs": needs}, model))


def _of_one(
    catalogue: Catalogue, criterion: Criterion, applicable: Collection[str], model: str | None
) -> DocumentClaim:
    severity = next((_SEVERITY_OF[x.contract] for x in criterion.limits.values() if x.contract in _SEVERITY_OF), None)
    if severity:
        params = {"severity": severity, "standards": standards_that_apply(catalogue, applicable)}
        return DocumentClaim(criterion=criterion.id, judge=NONE_OVERDUE, params=params)
    needs = [_plain(catalogue, _owner(criterion, k), n) for k, n in enumerate(catalogue.documents_for(criterion.id))]
    return DocumentClaim(criterion=criterion.id, judge=CERTIFICATE_COVERS, params=_with_model({"needs": needs}, model))


def _owner(criterion: Criterion, place: int) -> str:
    """Whose paper it is: a borrowed one stands under the criterion it was borrowed from."""
    return criterion.id if place < len(criterion.documents) else (criterion.documents_of or criterion.id)


def _with_model(params: dict[str, Any], model: str | None) -> dict[str, Any]:
    return params if model is None else {**params, "model": model}


def _plain(catalogue: Catalogue, criterion: str, needed: NeededDocument) -> dict[str, Any]:
    """A need with each standard's other names and the editions that are good enough; a judge has no catalogue."""
    standards = []
    for reference in needed.standards:
        standard = catalogue.standard(reference.standard)
        names = [standard.name, *standard.also_called] if standard else [reference.standard]
        editions = [[e.edition, *e.also_called] for e in standard.editions] if standard else []
        place = standard.rank(reference.edition) if standard and reference.edition else None
        standards.append(
            {
                "names": names,
                "edition": reference.edition,
                "good": [name for group in editions[place or 0 :] for name in group],
                "too_old": [name for group in editions[: place or 0] for name in group],
            }
        )
    return {
        "criterion": criterion,
        "paper": needed.paper,
        "standards": standards,
        "scope": list(needed.scope),
        "kinds": [kind.value for kind in needed.kinds],
        "about": needed.about.value,
    }
