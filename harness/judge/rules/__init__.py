"""Rules that watch every trace: obligations of a standard that need no case, tried on whatever was recorded."""

from harness.judge.rules._engine import PROVOKED, Watch
from harness.judge.rules._message import CSMS, STATION, Item, Line, Message, Provoked
from harness.judge.rules._of_log import LogStream
from harness.judge.rules._of_trace import items_of, utc_ns_of
from harness.judge.rules._registry import Debt, Passed, Row, WatchedRule, known_rules, rule
from harness.judge.rules._station import Station, Transaction
from harness.judge.rules._talk import Talk
from harness.judge.rules._tally import Place, Tally
from harness.judge.rules._verdicts import (
    Fault,
    FaultPlace,
    LadderRung,
    LogFile,
    LogVerdicts,
    RuleVerdict,
    SessionShown,
    SkippedLine,
    StationVerdict,
    rules_of,
    stations_of,
    time_of,
)
from harness.judge.rules._watch import (
    RuleResult,
    results,
    tallies_of,
    together,
    watch,
    watch_trace,
    watch_v2g,
    worst_first,
)
from harness.judge.rules._weight import ADVISORY, Weight, weight
from harness.judge.rules.v2g import known_v2g_rules

__all__ = [
    "ADVISORY",
    "CSMS",
    "PROVOKED",
    "STATION",
    "Debt",
    "Fault",
    "FaultPlace",
    "Item",
    "LadderRung",
    "Line",
    "LogFile",
    "LogStream",
    "LogVerdicts",
    "Message",
    "Passed",
    "Place",
    "Provoked",
    "Row",
    "RuleResult",
    "RuleVerdict",
    "SessionShown",
    "SkippedLine",
    "Station",
    "StationVerdict",
    "Talk",
    "Tally",
    "Transaction",
    "Watch",
    "WatchedRule",
    "Weight",
    "items_of",
    "known_rules",
    "known_v2g_rules",
    "results",
    "rule",
    "rules_of",
    "stations_of",
    "tallies_of",
    "time_of",
    "together",
    "utc_ns_of",
    "watch",
    "watch_trace",
    "watch_v2g",
    "weight",
    "worst_first",
]
