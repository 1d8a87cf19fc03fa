"""What the signed statement says: taken from the bundle's own files, by the signer and again by whoever verifies."""

from __future__ import annotations

import msgspec

from harness.evidence.bundle import _model
from harness.evidence.bundle._documents import Documents
from harness.evidence.bundle._older import Predicate1
from harness.evidence.bundle._problem import Problem
from harness.evidence.signing._attestation import Attested


def predicate(documents: Documents, manifest: _model.Manifest) -> _model.Predicate:
    """The statement over these files. Needs plan, verdicts and DUT record."""
    plan, verdicts, dut = documents.plan, documents.verdicts, documents.dut
    assert plan is not None and verdicts is not None and dut is not None
    who = verdicts.tested
    return _model.Predicate(
        decision=verdicts.decision,
        tested=_model.DutIdentity(
            manufacturer=who.manufacturer, model=who.model, serial=who.serial, firmware=who.firmware
        ),
        firmware_after=who.firmware_after,
        emulated=verdicts.emulated,
        began=who.began,
        ended=who.ended,
        dut=dut.declared_identity,
        tender=plan.tender,
        client=plan.client,
        depth=plan.depth,
        narrowed=plan.narrowed,
        bound=plan.bound,
        evaluation_date=plan.evaluation_date,
        partial=verdicts.partial,
        interrupted=verdicts.interrupted,
        trace=manifest.trace,
        harness_version=manifest.harness_version,
    )


def _of_0_1(documents: Documents, manifest: _model.Manifest) -> Predicate1:
    plan, verdicts, dut = documents.plan, documents.verdicts, documents.dut
    assert plan is not None and verdicts is not None and dut is not None
    return Predicate1(
        decision=verdicts.decision,
        dut=dut.declared_identity,
        dut_reported=dut.reported_identity,
        tender=plan.tender,
        client=plan.client,
        catalogue_digest=plan.catalogue_digest,
        evaluation_date=plan.evaluation_date,
        emulated=plan.dut.emulated,
        partial=verdicts.partial,
        interrupted=verdicts.interrupted,
        trace=manifest.trace,
        harness_version=manifest.harness_version,
    )


def unfounded(documents: Documents, manifest: _model.Manifest | None, attested: Attested) -> list[Problem]:
    """What the signed statement says and the bundle's own files do not."""
    ready = documents.plan and documents.verdicts and documents.dut and attested.statement
    if not ready or manifest is None or attested.statement is None:
        return []
    made = _of_0_1 if documents.older else predicate
    founded = msgspec.to_builtins(made(documents, manifest))
    said = msgspec.to_builtins(attested.statement.predicate)
    return [
        Problem(where=_model.ATTESTATION, what=f"states {key} {said.get(key)!r}, but the bundle's files say {value!r}")
        for key, value in founded.items()
        if said.get(key) != value
    ]
