"""Rules of ISO 15118-20, ISO 15118-2 and DIN SPEC 70121: obligations of the charger in every session that is seen."""

from harness.judge.rules.v2g._ladder import Ladder, Ladders, Rung
from harness.judge.rules.v2g._message import (
    CAR,
    CHARGER,
    DIN,
    ISO_2,
    ISO_20,
    SAP,
    Hole,
    SessionLine,
    V2gItem,
    V2gMessage,
)
from harness.judge.rules.v2g._of_capture import Heard
from harness.judge.rules.v2g._of_trace import v2g_items_of
from harness.judge.rules.v2g._registry import V2gRule, known_v2g_rules, rule
from harness.judge.rules.v2g._session import Session
from harness.judge.rules.v2g._talk import Talk, namespace_of
from harness.judge.rules.v2g._watch import V2gWatch

__all__ = [
    "CAR",
    "CHARGER",
    "DIN",
    "ISO_2",
    "ISO_20",
    "SAP",
    "Heard",
    "Hole",
    "Ladder",
    "Ladders",
    "Rung",
    "Session",
    "SessionLine",
    "Talk",
    "V2gItem",
    "V2gMessage",
    "V2gRule",
    "V2gWatch",
    "known_v2g_rules",
    "namespace_of",
    "rule",
    "v2g_items_of",
]
