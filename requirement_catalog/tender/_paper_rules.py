"""For what a tender may accept a paper in place of a test: what D5.4 lets a certificate prove, each once, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from requirement_catalog._model import Requirement
from requirement_catalog.reading._check import nearest
from requirement_catalog.reading._yaml import Located, Problem
from requirement_catalog.tender._overlay import PapersAccepted

KEY = "accept_papers_for"


def broken_acceptance(
    requirements: Sequence[Requirement], accepted: Sequence[PapersAccepted], located: Located
) -> Iterator[Problem]:
    """Unknown ids, twins, reasons that say nothing, and what no paper can prove."""
    criteria = {c.id: c for r in requirements for c in r.criteria}
    able = {r.id: any(c.paper_may_do for c in r.criteria) for r in requirements}
    able |= {id: c.paper_may_do for id, c in criteria.items()}
    named = [each.of for each in accepted]
    for i, each in enumerate(accepted):
        at = f"{KEY}[{i}]"
        if each.of not in able:
            wrong = f"no requirement or criterion is called {each.of!r}"
            yield located.problem(f"{at}.of", wrong, nearest(each.of, able))
        elif not able[each.of]:
            wrong = f"no paper can take the place of a test for {each.of}"
            right = ", ".join(id for id, c in criteria.items() if c.paper_may_do and id.startswith(each.of[:5]))
            yield located.problem(f"{at}.of", wrong, f"remove it, or name {right}" if right else "remove it")
        if each.of in named[:i]:
            yield located.problem(f"{at}.of", f"{each.of} stands here twice", "keep one")
        if not any(character.isalnum() for character in each.reason):
            wrong = f"{each.reason!r} says nothing"
            yield located.problem(f"{at}.reason", wrong, "write a reason that a reader can follow up")
