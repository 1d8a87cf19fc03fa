"""How much a peer may ask of the backend: every number in one place, generous to real chargers.

A real charger tells 2,000 variables in a report, ten meter values a second all day, a day's transactions after a night
offline, fetches 200 MB of firmware and hands over a log of 50 MB: none of that comes near a bound.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Allowance:
    """So much at once, and so much more a second."""

    burst: float
    per_s: float


@dataclass(frozen=True)
class Budgets:
    """What one peer may have. Sizes in octets, times in seconds.

    By address, of whoever has not logged in: `attempts` are connections that the trace tells of, `all_attempts` those
    of all addresses together; where a charger logged in it is `known_attempts`, whatever the others do. `addresses`
    is how many are told apart, `hello_octets` what may come before a TLS handshake is complete, `request_octets` what
    an opening handshake may be.

    Of a charger, over all its connections: `messages`, `journal_octets` what they add to the trace (or take in memory,
    where that is more), `frames` are WebSocket frames that are no message: pings, pongs, further fragments.
    `heard_octets` of its last messages are kept for those who ask later; `report_octets` bound one report;
    `signings` requests for a certificate wait at once. It is let in again with `again` (a share) of its budget.

    Of the file server: the trace tells of so many `fetches` of what was offered, and `file_requests` by those who know
    no word; `file_connections` at once from an address and `all_file_connections` from all, `upload_octets` one upload,
    `file_head_s` for a request's head, `file_idle_s` between two portions.
    """

    attempts: Allowance = Allowance(100, 2)
    all_attempts: Allowance = Allowance(1000, 10)
    known_attempts: Allowance = Allowance(1000, 10)
    addresses: int = 256
    hello_octets: int = 256 << 10
    request_octets: int = 16 << 10

    messages: Allowance = Allowance(20_000, 40)
    journal_octets: Allowance = Allowance(40e6, 128e3)
    frames: Allowance = Allowance(10_000, 50)
    again: float = 0.05
    heard_octets: int = 4 << 20
    report_octets: int = 16 << 20
    signings: int = 4

    fetches: Allowance = Allowance(10_000, 20)
    file_requests: Allowance = Allowance(100, 2)
    file_connections: int = 16
    all_file_connections: int = 64
    upload_octets: int = 256 << 20
    file_head_s: float = 10.0
    file_idle_s: float = 30.0
