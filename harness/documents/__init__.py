"""Document review: papers in a folder, put into the trace as they were read, judged as of the evaluation date."""

from harness.documents._dates import add_months, add_years
from harness.documents._duties import none_overdue
from harness.documents._judges import certificate_covers, matches_reported_firmware
from harness.documents._needs import DocumentClaim, certificates_needed, document_claims, standards_that_apply
from harness.documents._record import (
    MOST_PAPER,
    Body,
    Check,
    CoveredStandard,
    DocumentRecord,
    Documents,
    DutyRegister,
    NeedsNewHardware,
    ReviewedPaper,
    lies_in,
    load_documents,
)
from harness.documents._reported import Reported, reported_by_station
from harness.documents._review import CASE, record_claims, record_evaluation_date, review_all

__all__ = [
    "CASE",
    "MOST_PAPER",
    "Body",
    "Check",
    "CoveredStandard",
    "DocumentClaim",
    "DocumentRecord",
    "Documents",
    "DutyRegister",
    "NeedsNewHardware",
    "Reported",
    "ReviewedPaper",
    "add_months",
    "add_years",
    "certificate_covers",
    "certificates_needed",
    "document_claims",
    "lies_in",
    "load_documents",
    "matches_reported_firmware",
    "none_overdue",
    "record_claims",
    "record_evaluation_date",
    "reported_by_station",
    "review_all",
    "standards_that_apply",
]
