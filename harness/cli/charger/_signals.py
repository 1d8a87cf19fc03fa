"""Signals that end a run as Ctrl-C does: who is asked to go, or loses its terminal, leaves the charger as it was."""

from __future__ import annotations

import contextlib
import os
import signal
import stat
from collections.abc import Iterator
from types import FrameType

_ENDS = (signal.SIGTERM, signal.SIGHUP)


def end_like_ctrl_c() -> None:
    """SIGTERM and SIGHUP interrupt once; further ones change nothing, so that putting back comes to its end.

    A hang-up that was ignored when we were started (nohup) stays ignored.
    """
    for number in _ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)


@contextlib.contextmanager
def to_its_end() -> Iterator[None]:
    """What is held here takes seconds and is the run's own end: Ctrl-C and its like are put off until it is done."""
    every = (*_ENDS, signal.SIGINT)
    before = {number: signal.signal(number, _put_off) for number in every}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _put_off(number: int, _: FrameType | None) -> None:
    if number == signal.SIGHUP:
        _speak_to_nobody()


def _end(number: int, _: FrameType | None) -> None:
    for each in _ENDS:
        signal.signal(each, signal.SIG_IGN)
    if number == signal.SIGHUP:
        _speak_to_nobody()
    raise KeyboardInterrupt


def _speak_to_nobody() -> None:
    """The terminal is gone: to write to it would fail, and with it whatever writes."""
    nobody = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        try:
            gone = stat.S_ISCHR(os.fstat(stream).st_mode)
        except OSError:
            continue
        if gone:
            os.dup2(nobody, stream)
    os.close(nobody)
