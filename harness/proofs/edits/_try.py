"""Trying an edit: the rule was exercised and green before it, and after it exactly the named ones are red."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from harness.judge.rules import Tally, tallies_of
from harness.proofs._digest import rule_digest
from harness.proofs.edits._edit import edited, in_words
from harness.proofs.edits._select import EditError
from harness.proofs.edits._windows import window
from harness.trace import Event, Trace
from requirement_catalog import Proof, Rule, load_suites


@dataclass(frozen=True)
class Tried:
    """What came of a rule's edit. `wrong` is empty where it proves the rule: red by it, green without it."""

    rule: Rule
    turned: tuple[str, ...] = ()
    wrong: str = ""


def try_edits(rules: Iterable[Rule]) -> Iterator[Tried]:
    """Every rule's edit, where its row gives one."""
    for rule in rules:
        if rule.proof is not None:
            yield try_edit(rule)


def try_edit(rule: Rule) -> Tried:
    """A rule's edit on the window that it names."""
    proof = rule.proof
    if proof is None:
        return Tried(rule, wrong="its row gives no edit")
    try:
        before, after = _seen(proof.trace), seen(edited(window(proof.trace), proof.edit))
    except (EditError, KeyError) as error:
        return Tried(rule, wrong=str(error.args[0]))
    turned = turned_red(before, after)
    return Tried(rule, turned, _wrong(rule, before, turned, proof.turns_red))


def _wrong(rule: Rule, before: dict[str, Tally], turned: Sequence[str], wanted: Sequence[str]) -> str:
    mine = before.get(rule.id)
    if mine is None or not mine.exercised:
        return "the window does not exercise it, so that its green proves nothing"
    if mine.violated or mine.errors:
        return "it is red in the window before anything was edited"
    if rule.id not in wanted:
        return f"`turns_red` does not name {rule.id} itself"
    if set(turned) != set(wanted):
        return f"the edit turns red: {', '.join(turned) or 'nothing'}; its row says: {', '.join(sorted(wanted))}"
    return ""


def turned_red(before: dict[str, Tally], after: dict[str, Tally]) -> tuple[str, ...]:
    """The rules that are red (or broken) after an edit and were not before it."""
    return tuple(sorted(id for id, tally in after.items() if _red(tally) and not _red(before.get(id))))


def seen(events: Sequence[Event]) -> dict[str, Tally]:
    """How every rule of the suites fared on some events, over stations and versions: the worst of each."""
    found: dict[str, Tally] = {}
    for tally in tallies_of(Trace(events), load_suites().rules):
        before = found.get(tally.rule)
        if before is None or (_red(tally), tally.exercised) > (_red(before), before.exercised):
            found[tally.rule] = tally
    return found


@functools.cache
def _seen(name: str) -> dict[str, Tally]:
    return seen(window(name))


def _red(tally: Tally | None) -> bool:
    return tally is not None and bool(tally.violated or tally.errors)


def proof_of(rule: Rule) -> Proof:
    """The row of a rule whose edit was just seen to prove it."""
    assert rule.proof is not None
    red = f"edit of {rule.proof.trace}: {in_words(rule.proof.edit)}"
    return Proof(rule.id, red, f"the recorded window {rule.proof.trace}", rule_digest(rule))
