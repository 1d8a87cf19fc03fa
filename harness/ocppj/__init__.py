"""OCPP-J from octets: frames, schemas and pairing, for judges and importers. It knows no socket."""

from harness.ocppj._check import faults_of
from harness.ocppj._clean import is_clean
from harness.ocppj._frame import CALL, CALLERROR, CALLRESULT, CALLRESULTERROR, SEND, Frame, payload_of, read
from harness.ocppj._json import MOST_LEVELS
from harness.ocppj._pairing import Conversation, Match, Remark
from harness.ocppj._schemas import V21, V201, is_known, is_readable

__all__ = [
    "CALL",
    "CALLERROR",
    "CALLRESULT",
    "CALLRESULTERROR",
    "MOST_LEVELS",
    "SEND",
    "V21",
    "V201",
    "Conversation",
    "Frame",
    "Match",
    "Remark",
    "faults_of",
    "is_clean",
    "is_known",
    "is_readable",
    "payload_of",
    "read",
]
