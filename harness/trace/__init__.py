"""The trace: event type, recorder (the only writer), reader and queries."""

from harness.trace._events import GENESIS, Clock, Event, SystemClock, line_hash
from harness.trace._ocpp import Exchange, OcppMessage, exchanges, messages
from harness.trace._reader import Trace, TraceError, read_trace
from harness.trace._recorder import Recorder, Redact, keep_all

__all__ = [
    "GENESIS",
    "Clock",
    "Event",
    "Exchange",
    "OcppMessage",
    "Recorder",
    "Redact",
    "SystemClock",
    "Trace",
    "TraceError",
    "exchanges",
    "keep_all",
    "line_hash",
    "messages",
    "read_trace",
]
