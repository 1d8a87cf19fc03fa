"""What the DUT answered, said and reported when it was asked: by status, by field, to the last part."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from harness.judge._core import Claim, Finding, Limits, judge
from harness.judge._say import holds, unseen
from harness.judge.power._asked import asked_by
from harness.trace import Exchange, Trace, exchanges, messages

_CALL = 2
_IDENTIFIERS = ("name", "instance")  # of components and variables: identifierStrings, which have no case


@judge("answers.says")
def says(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """CALL `call` was answered with a status, or an error code, in `accept`, and with the fields of `holds`.

    `holds` may nest; of a list it must hold one such member. `lacks` are names that must not be in the answer. Without
    `accept` any status will do. No answer at all is inconclusive: another judge tells of silence.
    """
    pair = asked_by(trace, claim.params["call"])
    accept: list[str] = list(claim.params.get("accept", ()))
    wanted: dict[str, Any] = claim.params.get("holds", {})
    lacks: list[str] = list(claim.params.get("lacks", ()))
    parts = [" or ".join(accept), f"with {_shown(wanted)}" if wanted else "", f"without {', '.join(lacks)}"]
    expected = f"{pair.call.action} is answered {' '.join(part for part in parts[: 3 if lacks else 2] if part)}"
    if pair.answer is None:
        return unseen(expected, "it was not answered", acted="dut")
    status = str(pair.answer.payload.get("status", pair.answer.error_code or "with a result"))
    at_odds = [name for name in lacks if name in pair.answer.payload]
    fits = (not accept or status in accept) and _within(wanted, pair.answer.payload) and not at_odds
    seen = f"it was answered {status}" + (f", with {', '.join(at_odds)}" if at_odds else "")
    if fits is False and wanted and not at_odds:
        seen += f"; of what was expected it holds {_shown(_same(wanted, pair.answer.payload)) or 'nothing'}"
    return holds(fits, expected, seen, pair.call.event, pair.answer.event)


@judge("answers.is_error")
def is_error(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """CALL `call` was answered with a CALLERROR, of whatever code (part 4, 4.2.3)."""
    pair = asked_by(trace, claim.params["call"])
    expected = "it is answered with an error"
    if pair.answer is None:
        return unseen(expected, "it was not answered", acted="dut")
    code = pair.answer.error_code
    return holds(code is not None, expected, f"it was answered {code or 'as if it were right'}", pair.answer.event)


@judge("answers.none_passed_over")
def none_passed_over(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """Each of `calls` was answered, in whatever way (part 2, 3 FR.02, FR.03).

    One that was not is passed over when a later call over the same connection was answered; else it may yet come.
    """
    pairs = [asked_by(trace, each) for each in claim.params["calls"]]
    expected = f"each of {len(pairs)} requests is answered: done, refused, or not supported"
    ours = exchanges(trace.up_to(claim.seq), direction="out")
    answered = {e.call.event.data.get("conn"): e.call.event.seq for e in ours if e.answer is not None}
    silent = [pair.call for pair in pairs if pair.answer is None]
    over = [m for m in silent if answered.get(m.event.data.get("conn"), -1) > m.event.seq]
    if over:
        seen = f"{', '.join(str(m.action) for m in over)} was not answered, and what was asked afterwards was"
        return holds(False, expected, seen, *(m.event for m in over[:3]))
    if silent:
        return unseen(expected, f"{silent[0].action} was not answered, and nothing after it", acted="dut")
    return holds(True, expected, "each was", pairs[-1].answer.event if pairs and pairs[-1].answer else None)


@judge("answers.reports")
def reports(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """CALL `call` was accepted, and `report` messages with its requestId came to the last, the parts numbered from 0.

    Parts without seqNo are not counted. `holds`, if given, is in one of the parts. `held` is what the claim's case
    waited for: a report that has not ended by then never came.
    """
    pair, report = asked_by(trace, claim.params["call"]), str(claim.params["report"])
    expected = f"{pair.call.action} is accepted, and {report} comes, to its last part"
    if pair.answer is None:
        return unseen(expected, "it was not answered", acted="dut")
    status = pair.answer.payload.get("status", pair.answer.error_code)
    if status != "Accepted":
        return holds(False, expected, f"it was answered {status}", pair.answer.event)
    parts = _parts(trace, claim, pair, report)
    events = [part.event for part in parts[-3:]]
    if not parts or parts[-1].payload.get("tbc") is True:
        seen = f"{len(parts)} parts came, and none was the last"
        return holds(False, expected, seen, pair.answer.event, *events)
    numbers = [part.payload["seqNo"] for part in parts if "seqNo" in part.payload]
    if numbers != list(range(len(numbers))):
        return holds(False, expected, f"its parts are numbered {', '.join(map(str, numbers))}", *events)
    wanted: dict[str, Any] = claim.params.get("holds", {})
    fits = any(_within(wanted, part.payload) for part in parts)
    seen = f"{len(parts)} parts" + ("" if fits else f", and none with {_shown(wanted)}")
    return holds(fits, expected, seen, pair.answer.event, *events)


@judge("answers.reports_if_it_can")
def reports_if_it_can(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """As `reports`, where the station knows `call` at all: it may leave it out, and then nothing is shown.

    GetReport is optional (Part 1, 4.6; Part 5 has it in Advanced Device Management alone), and B08.FR.02 has it refuse.
    """
    answer = asked_by(trace, claim.params["call"]).answer
    said = answer.payload.get("status", answer.error_code) if answer is not None else None
    if said in ("NotSupported", "NotImplemented"):
        return unseen("it reports what it is asked for", f"it was answered {said}, as it may be", acted="dut")
    return reports(trace, claim, limits)


@judge("answers.tells")
def tells(trace: Trace, claim: Claim, limits: Limits) -> Finding:
    """After event `since` the DUT sent `action` with the fields of `holds`.

    With `where`, those fields say which messages are meant: each of these has to hold the others.
    """
    action, wanted = str(claim.params["action"]), dict(claim.params["holds"])
    where: dict[str, Any] = claim.params.get("where", {})
    which = f"{action} with {_shown(where)}" if where else action
    expected = f"it sends {which}, and that holds {_shown(wanted)}"
    part = trace.after(claim.params["since"]).up_to(claim.seq)
    sent = [m for m in messages(part, action=action, direction="in") if m.type == _CALL and _within(where, m.payload)]
    fit = [m for m in sent if _within(wanted, m.payload)]
    if not fit:
        return holds(False, expected, f"of {len(sent)} such messages none did", *(m.event for m in sent[-3:]))
    odd = [m for m in sent if where and m not in fit]
    seen = f"{len(fit)} of {len(sent)} such messages did"
    return holds(not odd, expected, seen, *(m.event for m in (*fit[:1], *odd[:2])))


def _parts(trace: Trace, claim: Claim, pair: Exchange, report: str) -> list[Any]:
    """The report's messages after the request, by what they answer."""
    number = pair.call.payload.get("requestId")
    part = trace.after(pair.call.event.seq).up_to(claim.seq)
    sent = messages(part, action=report, direction="in")
    return [m for m in sent if m.type == _CALL and m.payload.get("requestId") == number]


def _within(wanted: Any, told: Any) -> bool:
    """Whether `told` holds everything that `wanted` has; one member of a list will do."""
    if isinstance(wanted, Mapping):
        if isinstance(told, list):
            return any(_within(wanted, each) for each in told)
        return isinstance(told, Mapping) and all(_holds(k, v, told) for k, v in wanted.items())
    return bool(wanted == told)


def _holds(key: str, wanted: Any, told: Mapping[str, Any]) -> bool:
    """Whether `told` has this field as wanted."""
    if key in _IDENTIFIERS and isinstance(wanted, str):
        return str(told.get(key, "")).casefold() == wanted.casefold()
    return key in told and _within(wanted, told[key])


def _same(wanted: Mapping[str, Any], told: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in wanted.items() if _holds(k, v, told)}


def _shown(fields: Mapping[str, Any]) -> str:
    return ", ".join(_words(fields, ""))


def _words(fields: Mapping[str, Any], before: str) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, Mapping):
            yield from _words(value, f"{before}{name}.")
        else:
            yield f"{before}{name} {value}"
