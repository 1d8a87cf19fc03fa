"""The private journal, octets as they were beside the evidence; and the trace made from it, which leaves the bench."""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from harness.evidence.bundle import _model
from harness.evidence.bundle._zip import MAX_BUNDLE_BYTES
from harness.evidence.surrogates._fields import FIELDS
from harness.evidence.surrogates._inside import writings
from harness.evidence.surrogates._mint import Sort
from harness.evidence.surrogates._surrogates import Surrogates
from harness.trace import GENESIS, Trace, line_hash, messages, read_trace, trace_of
from plain_files import octets_of

FOLDER, SECRETS = "private", "surrogates.json"  # beside evidence/, readable for their owner only
_LEAST = 8  # octets of a value that is looked for in files: shorter ones are found in any of them
_MOST_SECRETS = 1_000_000
_encoder = msgspec.json.Encoder()


class PrivateFault(ValueError):
    """The private folder is not whole: which file, what would be right."""


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """surrogates.json: the campaign's key (hex), and what the bench itself knows."""

    schema: str = "chargeproof/surrogates/1"
    key: str
    known: tuple[tuple[str, Sort], ...] = ()


def journal_of(evidence: Path) -> Path:
    """The journal that is recorded and continued: the private one where there is one."""
    private = _folder(evidence) / _model.TRACE
    return private if private.exists() else evidence / _model.TRACE


def is_private(evidence: Path) -> bool:
    """Whether the evidence has a private journal."""
    return journal_of(evidence) != evidence / _model.TRACE


def open_private(evidence: Path, known: Iterable[tuple[str, Sort]]) -> Path:
    """Make the private folder, or add to what is `known` in it; returns the journal's path. Raises PrivateFault."""
    folder = _folder(evidence)
    folder.mkdir(mode=0o700, exist_ok=True)
    held = _held(evidence) if is_private(evidence) else Held(key=secrets.token_hex(32))
    every = dict.fromkeys([*held.known, *(pair for pair in known if pair[0])])
    secret = msgspec.json.encode(msgspec.structs.replace(held, known=tuple(every)))
    os.close(os.open(folder / _model.TRACE, os.O_CREAT | os.O_WRONLY, 0o600))
    write_whole(folder / SECRETS, secret, mode=0o600)
    return folder / _model.TRACE


def share(evidence: Path) -> Trace:
    """Write evidence/trace.jsonl from the private journal, line by line and chained anew; returns it.

    Numbers, times and kinds stay. Raises PrivateFault, TraceError (with the line).
    """
    held, trace = _held(evidence), read_trace(_folder(evidence) / _model.TRACE)
    declared = _declared(evidence)
    known = [(value, sort) for value, sort in held.known if value not in declared]
    surrogates = Surrogates(bytes.fromhex(held.key), known, declared | _told(trace))
    for event in trace:
        surrogates.learn(event.kind, event.data)
    journal = b"".join(_lines(trace, surrogates, bytes.fromhex(held.key)))
    write_whole(evidence / _model.TRACE, journal)
    return trace_of(journal, _model.TRACE)


def leaks(evidence: Path, files: Mapping[str, bytes]) -> Iterator[str]:
    """The files in which a value stands that the bench itself knows."""
    if not is_private(evidence):
        return
    held = _held(evidence)
    declared = _declared(evidence)
    known = [value for value, _ in held.known if len(value.encode()) >= _LEAST and value not in declared]
    values = [each.encode() for value in known for each in (value, *(other for other, _ in writings(value)))]
    yield from (name for name, octets in files.items() if any(value in octets for value in values))


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write so that a reader sees the old file or the new one, never half of it."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)  # a draft that a full disk cut off is no evidence, and takes room
        raise


def _folder(evidence: Path) -> Path:
    return evidence.absolute().parent / FOLDER


def _held(evidence: Path) -> Held:
    path = _folder(evidence) / SECRETS
    try:
        held = msgspec.json.decode(octets_of(path, most=_MOST_SECRETS), type=Held)
        if len(bytes.fromhex(held.key)) >= 16:
            return held
    except FileNotFoundError as error:
        raise PrivateFault(
            f"{path} is missing: without it what stands for card numbers and passwords cannot be made; put it back"
        ) from error
    except ValueError as error:
        raise PrivateFault(f"{path} cannot be read ({error}); put back what the campaign wrote") from error
    raise PrivateFault(f"{path} holds a key of fewer than 16 octets; put back what the campaign wrote")


def _lines(trace: Trace, surrogates: Surrogates, key: bytes) -> Iterator[bytes]:
    """Each event as it may leave the bench. The first says so, and binds the private journal by a keyed hash."""
    head = hmac.new(key, _encoder.encode(trace[-1]), "sha256").hexdigest() if len(trace) else ""
    prev = GENESIS
    for event in trace:
        data = surrogates(event.kind, event.data)
        if event.seq == 0:
            data = {**data, "surrogates": {"fields": sorted(FIELDS), "journal": head}}
        step = surrogates.plain(event.step) if event.step else event.step
        line = _encoder.encode(msgspec.structs.replace(event, data=data, step=step, prev=prev))
        prev = line_hash(line)
        yield line + b"\n"


def _declared(evidence: Path) -> set[str]:
    """Which charger it is by the plan: that stays readable, whatever else it is used for."""
    unread = (OSError, msgspec.DecodeError, LookupError, TypeError, AttributeError)
    with contextlib.suppress(*unread):  # said by whoever needs the plan
        dut = msgspec.json.decode(octets_of(evidence / _model.PLAN, most=MAX_BUNDLE_BYTES))["dut"]
        return {value for value in dut.values() if isinstance(value, str)}
    return set()


def _told(trace: Trace) -> set[str]:
    """Which charger it is by its own word."""
    found = {event.station for event in trace if event.station}
    for boot in messages(trace, action="BootNotification", direction="in"):
        station = boot.payload.get("chargingStation")
        found |= {value for value in station.values() if isinstance(value, str)} if isinstance(station, dict) else set()
    return found
