"""The attacks that cost most or locked the charger out, for a moment each; all, and for long, in `make thorough`."""

from __future__ import annotations

import hashlib
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.attackers.__main__ import MEMORY_MB, TRACE_MB
from tests.attackers._attacks import ALL
from tests.attackers._measure import is_served, measured, target

QUICK = ("compressed", "emoji", "header_flood", "idle", "uploads", "files_garbage", "tls_broken_record")


@pytest.mark.parametrize("name", QUICK)
def test_an_attack_stays_within_memory_and_trace_and_the_charger_is_served(tmp_path: Path, name: str) -> None:
    """At most 300 MB and 60 MB of trace, nothing raised, and the charger let in within a minute."""
    attack, profile = ALL[name]
    was = measured(tmp_path, attack, 1.5, profile)
    assert was.served and was.raised == [] and "Traceback" not in was.said
    assert was.peak_mb <= MEMORY_MB and was.trace_mb <= TRACE_MB


def test_a_charger_of_today_is_not_in_the_way_of_any_budget(tmp_path: Path) -> None:
    """The control: a firmware of 200 MB is fetched and a log of 50 MB handed over, whole, and no budget is touched."""
    with target(tmp_path) as at:
        at.tell("offer")
        where = at.hear()
        assert _fetched(where["download"]) == 200 << 20
        piece = bytes(range(256)) * 4096
        assert _handed_over(where["upload"], piece, 50).startswith(b"HTTP/1.1 201")
        assert is_served(at)
    asked = [event["data"] for event in at.events if event["kind"] == "file.request"]
    assert [(each["bytes"], each["complete"]) for each in asked] == [(200 << 20, True), (50 << 20, True)]
    assert asked[1]["sha256"] == hashlib.sha256(piece * 50).hexdigest()
    assert [event for event in at.events if event["kind"] == "peer.budget"] == []
    assert at.cost["peak_mb"] < 200 + MEMORY_MB


def _fetched(url: str) -> int:
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), 60) as sock:
        sock.sendall(f"GET {where.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        count, head = 0, b""
        while piece := sock.recv(1 << 20):
            count += len(piece)
            head = head or piece
    return count - head.index(b"\r\n\r\n") - 4


def _handed_over(url: str, piece: bytes, times: int) -> bytes:
    where = urlsplit(url)
    with socket.create_connection((where.hostname, where.port), 60) as sock:
        length = len(piece) * times
        sock.sendall(f"PUT {where.path} HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n".encode())
        for _ in range(times):
            sock.sendall(piece)
            time.sleep(0)
        return sock.recv(1 << 12)
