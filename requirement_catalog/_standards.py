"""Standards with their editions and dates (GEN-03), and national grid settings: data the duties are computed from."""

from __future__ import annotations

import datetime
from enum import StrEnum

import msgspec

from requirement_catalog._model import Confidence


class _Base(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Immutable, and a misspelt key is an error."""


class Change(StrEnum):
    """How big the step to an edition is, in D5.4's two sizes; `first` is the edition the tender starts from."""

    FIRST = "first"
    MAJOR = "major"
    MINOR = "minor"


class DatedFact(_Base, frozen=True, kw_only=True):
    """A date as far as it is known. `date` None means unknown, which is never read as "not yet"."""

    date: datetime.date | None = None
    said: str | None = None  # the source's own wording when it is less exact than a day: "2025", "March 2020"
    source: str = ""
    confidence: Confidence = Confidence.RECALLED


class Edition(_Base, frozen=True, kw_only=True):
    """One published version of a standard, in the order of `rank` (the place in the file)."""

    edition: str
    also_called: tuple[str, ...] = ()
    change: Change
    published: DatedFact
    certification_available: (
        DatedFact  # when an independent laboratory could first certify against it: starts GEN-03's clock
    )
    note: str | None = None


class Standard(_Base, frozen=True, kw_only=True):
    """A standard, protocol or requirement set that D5.4 names."""

    name: str
    title: str
    also_called: tuple[str, ...] = ()
    required_by: tuple[str, ...] = ()  # requirement ids
    national: bool = False  # holds in one country only: counts when the register of updates names it
    editions: tuple[Edition, ...] = ()  # oldest first

    def rank(self, edition: str) -> int | None:
        """The place of an edition, oldest 0; None when the file does not know it."""
        wanted = edition.strip().casefold()
        for place, each in enumerate(self.editions):
            if wanted in (name.casefold() for name in (each.edition, *each.also_called)):
                return place
        return None


class GridValue(_Base, frozen=True, kw_only=True):
    """One protective or control setting."""

    name: str  # "undervoltage_stage_1", ...
    meaning: str
    value: float | None  # None: not known to us
    unit: str
    delay_s: float | None = None
    delay_confidence: Confidence | None = None
    source: str
    confidence: Confidence
    note: str | None = None


class GridSettingSet(_Base, frozen=True, kw_only=True):
    """A named set of settings of one country; a charger is always judged against a named set."""

    name: str
    country: str
    title: str
    standard: str
    note: str
    settings: tuple[GridValue, ...]
