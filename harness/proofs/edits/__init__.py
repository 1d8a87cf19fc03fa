"""Trace edits: one change of a recorded window turns exactly the named rules red, which proves that they can be."""

from harness.proofs.edits._edit import edited, in_words
from harness.proofs.edits._select import EditError
from harness.proofs.edits._try import Tried, proof_of, seen, try_edit, try_edits, turned_red
from harness.proofs.edits._windows import FOLDER, MOST_EVENTS, cut, cut_sessions, keep, names, relevant, window

__all__ = [
    "FOLDER",
    "MOST_EVENTS",
    "EditError",
    "Tried",
    "cut",
    "cut_sessions",
    "edited",
    "in_words",
    "keep",
    "names",
    "proof_of",
    "relevant",
    "seen",
    "try_edit",
    "try_edits",
    "turned_red",
    "window",
]
