"""Judging holds columns and messages of a trace, not its events: a million of them must fit beside their journal."""

from __future__ import annotations

import tracemalloc

import pytest

from harness.judge import evaluate
from harness.trace import _store, trace_of
from tests.benchmarks.many_campaigns import laid_end_to_end
from tests.benchmarks.test_judging_is_linear import BY_ROLE, small_campaign

_MOST_OCTETS = 600  # an event: it is 230, and 1,270 where events are held as they are decoded


def held(journal: bytes) -> int:
    """The most octets that reading and evaluating held at a time, beside the journal."""
    tracemalloc.start()
    try:
        evaluate(trace_of(journal), BY_ROLE)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_an_event_more_is_not_an_event_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 2,000 to 8,000 events what is held grows by far less than the events that were added."""
    monkeypatch.setattr(_store, "_KEPT", 200)
    campaign = small_campaign()
    evaluate(trace_of(campaign), BY_ROLE)  # what is kept for good, of schemas say, is there before it is measured
    short, long = held(campaign), held(laid_end_to_end(campaign, 4))
    added = 3 * campaign.count(b"\n")
    assert short < long < short + _MOST_OCTETS * added, ((long - short) / added, added)
