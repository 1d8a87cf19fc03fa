"""Evidence: seal a campaign into one canonical signed bundle, verify it anywhere, keep secrets out of it."""

from harness.evidence._facts import dut_record, environment, harness_version, load_judges
from harness.evidence._keys import GivenKey, NewKey, given_key, new_key, public_half, readable_by_others, signing_key
from harness.evidence._model import (
    DutIdentity,
    DutRecord,
    Environment,
    FileEntry,
    Manifest,
    Predicate,
    TraceSummary,
)
from harness.evidence._problem import Problem
from harness.evidence._recover import Recovered, recover
from harness.evidence._redact import Redactor
from harness.evidence._report import Report
from harness.evidence._seal import Sealed, SealError, seal
from harness.evidence._sign import KeyFault, PublicKey, Signer
from harness.evidence._stated import Stated, stated
from harness.evidence._verify import NotABundle, unsealed, verify

__all__ = [
    "DutIdentity",
    "DutRecord",
    "Environment",
    "FileEntry",
    "GivenKey",
    "KeyFault",
    "Manifest",
    "NewKey",
    "NotABundle",
    "Predicate",
    "Problem",
    "PublicKey",
    "Recovered",
    "Redactor",
    "Report",
    "SealError",
    "Sealed",
    "Signer",
    "Stated",
    "TraceSummary",
    "dut_record",
    "environment",
    "given_key",
    "harness_version",
    "load_judges",
    "new_key",
    "public_half",
    "readable_by_others",
    "recover",
    "seal",
    "signing_key",
    "stated",
    "unsealed",
    "verify",
]
