"""Evidence: seal a campaign into one canonical signed bundle, verify it anywhere, keep secrets out of it."""

from harness.evidence._explain import Explained, NotExplained, explain, standing
from harness.evidence._facts import dut_record, environment, harness_version, load_judges
from harness.evidence._recover import Recovered, recover
from harness.evidence._seal import Sealed, SealError, seal
from harness.evidence.bundle._model import (
    DutIdentity,
    DutRecord,
    Environment,
    FileEntry,
    Manifest,
    Predicate,
    TraceSummary,
)
from harness.evidence.bundle._problem import Problem
from harness.evidence.signing._keys import (
    GivenKey,
    NewKey,
    given_key,
    new_key,
    public_half,
    readable_by_others,
    signing_key,
)
from harness.evidence.signing._sign import KeyFault, PublicKey, Signer
from harness.evidence.surrogates._private import (
    PrivateFault,
    is_private,
    journal_of,
    open_private,
    share,
    write_whole,
)
from harness.evidence.surrogates._surrogates import Surrogates
from harness.evidence.verification._contradictions import MADE_AGAIN
from harness.evidence.verification._report import Report
from harness.evidence.verification._stated import LEFT_OUT, Stated, by_script, made_wishes, stated
from harness.evidence.verification._verify import NotABundle, unsealed, verify

__all__ = [
    "LEFT_OUT",
    "MADE_AGAIN",
    "DutIdentity",
    "DutRecord",
    "Environment",
    "Explained",
    "FileEntry",
    "GivenKey",
    "KeyFault",
    "Manifest",
    "NewKey",
    "NotABundle",
    "NotExplained",
    "Predicate",
    "PrivateFault",
    "Problem",
    "PublicKey",
    "Recovered",
    "Report",
    "SealError",
    "Sealed",
    "Signer",
    "Stated",
    "Surrogates",
    "TraceSummary",
    "by_script",
    "dut_record",
    "environment",
    "explain",
    "given_key",
    "harness_version",
    "is_private",
    "journal_of",
    "load_judges",
    "made_wishes",
    "new_key",
    "open_private",
    "public_half",
    "readable_by_others",
    "recover",
    "seal",
    "share",
    "signing_key",
    "standing",
    "stated",
    "unsealed",
    "verify",
    "write_whole",
]
