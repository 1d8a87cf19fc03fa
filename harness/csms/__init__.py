"""The backend role (CSMS): OCPP 2.0.1 and 2.1 over an own wire layer, certificates, and misbehaviour on request."""

from harness.csms._config import CsmsConfig
from harness.csms._schemas import V21, V201, VERSIONS, SchemaBook, book_for
from harness.csms._server import OTHER_PATH, Csms
from harness.csms.pki._elsewhere import roots_for_elsewhere
from harness.csms.pki._issuing import write_private
from harness.csms.pki._page import page_tls
from harness.csms.pki._pki import ELSEWHERE, HOSTILE, SCENARIOS, Credential, Pki
from harness.csms.pki._roots import offered_root
from harness.csms.station._backend import CallError
from harness.csms.station._device import Variable
from harness.csms.station._exchange import Answer, NotSeen
from harness.csms.station._profiles import ProfileWish
from harness.csms.station._quantity import quantity
from harness.csms.station._reports import Collected
from harness.csms.station._station import Station
from harness.csms.station._transactions import Transaction

__all__ = [
    "ELSEWHERE",
    "HOSTILE",
    "OTHER_PATH",
    "SCENARIOS",
    "V21",
    "V201",
    "VERSIONS",
    "Answer",
    "CallError",
    "Collected",
    "Credential",
    "Csms",
    "CsmsConfig",
    "NotSeen",
    "Pki",
    "ProfileWish",
    "SchemaBook",
    "Station",
    "Transaction",
    "Variable",
    "book_for",
    "offered_root",
    "page_tls",
    "quantity",
    "roots_for_elsewhere",
    "write_private",
]
