"""One paper held against what is wanted of it: kind, edition, dates, issuer, product and file."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

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


def hold_paper(event: Event, need: dict[str, Any], day: datetime.date, models: list[str]) -> Held:
    """One paper that speaks of the right thing: every complaint about it, the worst first."""
    data = event.data
    name = name_of(data)
    complaints = [
        *_kind(data, need),
        *_edition(data, need),
        *_in_date(data, day),
        *_issuer(data),
        *_product(data, need, models),
        *_file(data),
    ]
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


def _edition(data: dict[str, Any], need: dict[str, Any]) -> list[tuple[Verdict, str]]:
    verdicts: list[tuple[Verdict, str]] = []
    for wanted in need["standards"]:
        if wanted["edition"] is None:
            if cites(data, wanted):
                return []
            continue
        for edition in cites(data, wanted):
            if edition is None:
                verdicts.append((Verdict.INCONCLUSIVE, f"names no edition ({wanted['edition']} or later is asked for)"))
            elif edition.casefold() in (good.casefold() for good in wanted["good"]):
                return []
            elif edition.casefold() in (old.casefold() for old in wanted["too_old"]):
                verdicts.append(
                    (Verdict.FAIL, f"is for edition {edition}, and {wanted['edition']} or later is asked for")
                )
            else:
                text = f"is for edition {edition}, which the catalogue does not know"
                verdicts.append((Verdict.INCONCLUSIVE, text))
    return verdicts[:1]


def _in_date(data: dict[str, Any], day: datetime.date) -> list[tuple[Verdict, str]]:
    if datetime.date.fromisoformat(data["issued"]) > day:
        return [(Verdict.FAIL, f"was issued on {data['issued']}, after the evaluation date {day}")]
    until = data.get("valid_until")
    if until and datetime.date.fromisoformat(until) < day:
        return [(Verdict.FAIL, f"expired on {until}, before the evaluation date {day}")]
    return []


def _issuer(data: dict[str, Any]) -> list[tuple[Verdict, str]]:
    body = data.get("body") or {}
    if data["kind"] == "certificate":
        accredited = body.get("accredited_for")
        if not accredited:
            return [(Verdict.INCONCLUSIVE, "does not say whether its body is accredited by ISO/IEC 17065")]
        if "17065" not in accredited:
            return [(Verdict.FAIL, f"comes from a body accredited by {accredited}, not by ISO/IEC 17065")]
    elif data["kind"] in ("programme_evidence", "test_report") and not body.get("name"):
        return [(Verdict.INCONCLUSIVE, "does not say who issued it")]
    elif data["kind"] == "agreement" and len(data.get("signed_by", [])) < 2:
        return [(Verdict.INCONCLUSIVE, "is not signed by both client and contractor")]
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
