"""What a person chose to run of the tender, and the names that such a choice may use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import msgspec

from requirement_catalog import Catalogue, Depth, Purpose, nearest


class PlanError(ValueError):
    """The plan cannot be made: an unknown name, or a case that does not fit the suites. The text says what is right."""


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """A run narrowed by a person; empty: the whole tender.

    `requirements` are ids of requirements or criteria ("SC-04", "SC-04.2"), `suites` of suites, blocks or use cases
    ("OCPP", "OCPP-K", "OCPP-K01", "K01"), `purposes` of purposes. `depth` may only be shallower than the tender's.
    """

    requirements: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()
    purposes: tuple[str, ...] = ()
    depth: Depth | None = None
    with_disruptive: bool = True

    @property
    def by_purpose(self) -> bool:
        """Whether single purposes were chosen, which leaves others of the same criteria out."""
        return bool(self.suites or self.purposes)

    def takes(self, purpose: Purpose) -> bool:
        """Whether a purpose is among the chosen."""
        if not self.by_purpose:
            return True
        return purpose.id in self.purposes or bool(set(self.suites) & names_of_suites(purpose.id))

    def words(self, tender_depth: Depth) -> tuple[str, ...]:
        """What narrows the run, as it was asked for."""
        asked = [f"-r {each}" for each in self.requirements]
        asked += [f"--suite {each}" for each in self.suites]
        asked += [f"--purpose {each}" for each in self.purposes]
        if self.depth is not None and self.depth is not tender_depth:
            asked.append(f"--depth {self.depth}")
        return tuple(asked)


def names_of_suites(purpose: str) -> set[str]:
    """ "OCPP-K01.P002" is of the suite OCPP, of its block OCPP-K and of its use case OCPP-K01, or K01 for short."""
    whole = purpose.split(".")[0]
    suite, _, use_case = whole.partition("-")
    block = re.fullmatch(r"([A-Z]+)\d+", use_case)
    return {suite, whole, use_case} | ({f"{suite}-{block[1]}"} if block else set())


def chosen_criteria(catalogue: Catalogue, wanted: Sequence[str]) -> set[str]:
    """The criteria that requirements or criteria name; all when none is. Raises PlanError with the nearest names."""
    everything = {c.id: r.id for r in catalogue.requirements for c in r.criteria}
    for each in wanted:
        if each not in everything and each not in everything.values():
            help_ = nearest(each, [*everything, *everything.values()])
            ids = ", ".join(dict.fromkeys(everything.values()))
            raise PlanError(f"there is no requirement or criterion {each!r}; {help_} The requirements are {ids}")
    return {c for c, r in everything.items() if not wanted or c in wanted or r in wanted}


def check_choice(choice: Choice, purposes: Iterable[Purpose], tender_depth: Depth) -> None:
    """Raises PlanError for a suite or purpose that nobody knows, and for a depth that is not the tender's to give."""
    ids = [p.id for p in purposes]
    suites = {name for each in ids for name in names_of_suites(each)}
    for each in choice.suites:
        if each not in suites:
            raise PlanError(f"there is no suite or use case {each!r}; {nearest(each, suites)}")
    for each in choice.purposes:
        if each not in ids:
            raise PlanError(f"there is no test purpose {each!r}; {nearest(each, ids)}")
    if choice.depth is not None and not tender_depth.includes(choice.depth):
        raise PlanError(
            f"--depth {choice.depth} is deeper than this tender's ({tender_depth}): a run may be made smaller than the "
            "tender, and the tender alone makes it deeper (`depth:` in the overlay)"
        )
