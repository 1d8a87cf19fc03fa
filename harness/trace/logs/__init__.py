"""Logs that others made: read line by line, put in order of time, however large, with what could not be read."""

from harness.trace.logs._csv import CsvMapping, CsvSender
from harness.trace.logs._log import Log, LogError, Skipped, place_of
from harness.trace.logs._record import Record

__all__ = ["CsvMapping", "CsvSender", "Log", "LogError", "Record", "Skipped", "place_of"]
