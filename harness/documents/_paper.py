"""One paper held against what is wanted of it: kind, standard, edition, dates, product and file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from harness.documents._issuer import issuer_complaints, says_something
from harness.judge import Verdict, worst
from harness.trace import Event

MODEL_ROOM = 20  # characters of ChargingStationType.model


@dataclass(frozen=True)
class Held:
    """One paper, or one need, after it was held against what is wanted."""

    verdict: Verdict
    text: str
    events: tuple[int, ...] = ()
    scope: frozenset[str] = frozenset()


def hold_paper(event: Event, need: dict[str, Any], day: datetime.date, models: list[str], *, real: bool) -> Held:
    """One paper that speaks of the right thing: every complaint about it, the worst first.

    `real`: the trace is of a campaign with a charger that is not emulated, for which a sample proves nothing.
    """
    data = event.data
    complaints = [
        *_kind(data, need),
        *_standards(data, need),
        *_product(data, need, models),
        *complaints_of(data, day, real=real),
    ]
    return _held(event, complaints)


def hold_alone(event: Event, day: datetime.date, *, real: bool) -> Held:
    """One paper held against what every paper must be, whatever it is to prove."""
    return _held(event, complaints_of(event.data, day, real=real))


def complaints_of(data: dict[str, Any], day: datetime.date, *, real: bool) -> list[tuple[Verdict, str]]:
    """What is wrong with a paper by itself: dates, issuer, number, reviewer, file, and whether it is a sample."""
    sample = [(Verdict.FAIL, "is a sample, which proves nothing of a real charger")]
    return [
        *_in_date(data, day),
        *issuer_complaints(data),
        *_file(data),
        *(sample if real and data.get("emulated") else []),
    ]


def _held(event: Event, complaints: list[tuple[Verdict, str]]) -> Held:
    data, name = event.data, name_of(event.data)
    scope = frozenset(part.casefold() for part in data.get("scope", []))
    if complaints:
        verdict = worst([verdict for verdict, _ in complaints])
        return Held(verdict, f"{name}: " + ", ".join(text for _, text in complaints), (event.seq,), scope)
    until = f"valid until {data['valid_until']}" if data.get("valid_until") else "names no end of validity"
    return Held(Verdict.PASS, f"{name}, {until}", (event.seq,), scope)


def _kind(data: dict[str, Any], need: dict[str, Any]) -> list[tuple[Verdict, str]]:
    if data["kind"] in need["kinds"]:
        return []
    wanted = " or ".join(kind.replace("_", " ") for kind in need["kinds"])
    return [(Verdict.PENDING, f"is a {data['kind'].replace('_', ' ')}, and a {wanted} is needed")]


def _standards(data: dict[str, Any], need: dict[str, Any]) -> list[tuple[Verdict, str]]:
    """The paper must itself cite one of the standards, in an edition that is good enough; `proves` cannot say it."""
    cited = [(wanted, edition) for wanted in need["standards"] for edition in cites(data, wanted)]
    if need["standards"] and not cited:
        names = " or ".join(wanted["names"][0] for wanted in need["standards"])
        return [(Verdict.INCONCLUSIVE, f"cites no {names}, so that it is not told to be about it (standards)")]
    found = [_edition(wanted, edition) for wanted, edition in cited]
    return [] if None in found else [each for each in found if each is not None][:1]


def _edition(wanted: dict[str, Any], edition: str | None) -> tuple[Verdict, str] | None:
    name, least = wanted["names"][0], wanted["edition"]
    if not says_something(edition):
        asked = f"{least} or later is asked for" if least else f"of {name}"
        return Verdict.INCONCLUSIVE, f"names no edition ({asked})"
    assert edition is not None
    if least is None or edition.casefold() in (good.casefold() for good in wanted["good"]):
        return None
    if edition.casefold() in (old.casefold() for old in wanted["too_old"]):
        return Verdict.FAIL, f"is for edition {edition}, and {least} or later is asked for"
    return Verdict.INCONCLUSIVE, f"is for edition {edition}, which the catalogue does not know"


def _in_date(data: dict[str, Any], day: datetime.date) -> list[tuple[Verdict, str]]:
    if datetime.date.fromisoformat(data["issued"]) > day:
        return [(Verdict.FAIL, f"was issued on {data['issued']}, after the evaluation date {day}")]
    until = data.get("valid_until")
    if until and datetime.date.fromisoformat(until) < day:
        return [(Verdict.FAIL, f"expired on {until}, before the evaluation date {day}")]
    return []


def _product(data: dict[str, Any], need: dict[str, Any], models: list[str]) -> list[tuple[Verdict, str]]:
    if need["about"] != "product":
        return []
    model = data.get("model")
    if not model:
        return [(Verdict.INCONCLUSIVE, "names no model")]
    if not models:
        return [(Verdict.INCONCLUSIVE, f"is for {model}, and the charging station never reported its model")]
    if any(same_model(model, reported) for reported in models):
        return []
    return [(Verdict.FAIL, f"is for model {model}, and the charging station is a {models[0]}")]


def _file(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    problem = data.get("file_problem")
    if not problem:
        return []
    return [(Verdict.PENDING if data.get("file_sha256") is None else Verdict.INCONCLUSIVE, problem)]


def answers(paper: Event, need: dict[str, Any]) -> bool:
    if need["criterion"] in paper.data.get("proves", []):
        return True
    return any(cites(paper.data, wanted) for wanted in need["standards"])


def cites(data: dict[str, Any], wanted: dict[str, Any]) -> list[str | None]:
    """The editions the paper cites of that standard; [] when it does not cite the standard."""
    names = {name.casefold() for name in wanted["names"]}
    return [each.get("edition") for each in data.get("standards", []) if each["standard"].casefold() in names]


def same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()


def same_model(paper: str, reported: str) -> bool:
    """Whether a paper names the model a station reports; a BootNotification has room for its first 20 characters."""
    cut_short = len(reported) == MODEL_ROOM and paper.strip().casefold().startswith(reported.casefold())
    return same(paper, reported) or cut_short


def name_of(data: dict[str, Any]) -> str:
    number = f" no. {data['number']}" if data.get("number") else ""
    emulated = " (EMULATED sample, proves nothing real)" if data.get("emulated") else ""
    return f"{data['title']}{number}{emulated}"
