"""The trace: event type, recorder (the only writer), reader and queries."""

from harness.trace._causes import alert_sent, came_without_certificate, had_no_room, was_replaced
from harness.trace._events import GENESIS, OLD_SCHEMA, SCHEMA, Clock, Event, SystemClock, line_hash
from harness.trace._kinds import KINDS, Kind, kind_of, oddities
from harness.trace._message import OcppMessage
from harness.trace._ocpp import Exchange, exchange_of, exchanges, faulty_messages, messages
from harness.trace._pictures import picture_size
from harness.trace._reader import TraceError, read_trace, trace_of
from harness.trace._recorder import Recorder, Redact, keep_all
from harness.trace._samples import Column, as_spread, is_number, readings, samples
from harness.trace._scope import Scope, under_test
from harness.trace._view import Trace

__all__ = [
    "GENESIS",
    "KINDS",
    "OLD_SCHEMA",
    "SCHEMA",
    "Clock",
    "Column",
    "Event",
    "Exchange",
    "Kind",
    "OcppMessage",
    "Recorder",
    "Redact",
    "Scope",
    "SystemClock",
    "Trace",
    "TraceError",
    "alert_sent",
    "as_spread",
    "came_without_certificate",
    "exchange_of",
    "exchanges",
    "faulty_messages",
    "had_no_room",
    "is_number",
    "keep_all",
    "kind_of",
    "line_hash",
    "messages",
    "oddities",
    "picture_size",
    "read_trace",
    "readings",
    "samples",
    "trace_of",
    "under_test",
    "was_replaced",
]
