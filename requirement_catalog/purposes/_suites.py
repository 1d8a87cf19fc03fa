"""Loads the suites: test purposes and rules by id, in reading order, each with the place where it stands."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from requirement_catalog._catalogue import load_catalogue
from requirement_catalog.purposes._suite_lock import broken_promises
from requirement_catalog.purposes._suite_model import Purpose, Rule, SuiteFile
from requirement_catalog.purposes._suite_references import Known, broken_references
from requirement_catalog.purposes._suite_rules import Loaded, broken_on_their_own
from requirement_catalog.reading._check import as_record, nearest
from requirement_catalog.reading._yaml import CatalogueError, Located, Problem, read_yaml

FOLDER = "suites"
NO_SUITE = ("not_covered.yaml",)  # files beside the suites that hold no purposes
_KINDS: dict[str, type[msgspec.Struct]] = {"purposes": Purpose, "rules": Rule}


@dataclass(frozen=True)
class Suites:
    """All purposes and rules. Look-ups raise KeyError with the nearest known id.

    `purposes` and `rules` are those in force, in reading order; a retired one is found by its id only.
    """

    files: tuple[SuiteFile, ...]
    _places: Mapping[str, tuple[Located, str]] = field(repr=False, compare=False)
    _purposes: Mapping[str, Purpose] = field(init=False, repr=False, compare=False)
    _rules: Mapping[str, Rule] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_purposes", MappingProxyType({p.id: p for f in self.files for p in f.purposes}))
        object.__setattr__(self, "_rules", MappingProxyType({r.id: r for f in self.files for r in f.rules}))

    @property
    def purposes(self) -> tuple[Purpose, ...]:
        """The purposes in force, in reading order."""
        return tuple(p for p in self._purposes.values() if not p.retired)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules in force, in reading order."""
        return tuple(r for r in self._rules.values() if not r.retired)

    @property
    def items(self) -> tuple[Purpose | Rule, ...]:
        """Everything that was ever given an id, retired ones too."""
        return (*self._purposes.values(), *self._rules.values())

    def purpose(self, id: str) -> Purpose:
        """The purpose "OCPP-K01.P002", also a retired one. Raises KeyError."""
        if id not in self._purposes:
            raise KeyError(f"no purpose is called {id!r}; {nearest(id, self._purposes)}")
        return self._purposes[id]

    def rule(self, id: str) -> Rule:
        """The rule "OCPP-B02.R002", also a retired one. Raises KeyError."""
        if id not in self._rules:
            raise KeyError(f"no rule is called {id!r}; {nearest(id, self._rules)}")
        return self._rules[id]

    def suite_of(self, id: str) -> str:
        """The suite's folder: "ocpp". Raises KeyError."""
        return self._place(id)[0].file.split("/")[1]

    def place(self, id: str) -> str:
        """File and line, as errors name them: "suites/ocpp/K/K01.yaml:14". Raises KeyError."""
        problem = self.problem(id, "")
        return f"{problem.file}:{problem.line}"

    def problem(self, id: str, wrong: str, right: str = "", *, key: str = "") -> Problem:
        """Something wrong with a purpose or rule (at its `key`), for an error text. Raises KeyError."""
        located, path = self._place(id)
        return located.problem(f"{path}.{key}" if key else path, wrong, right)

    def _place(self, id: str) -> tuple[Located, str]:
        if id not in self._places:
            raise KeyError(f"no purpose or rule is called {id!r}; {nearest(id, self._places)}")
        return self._places[id]


def load_suites(root: Path | None = None, *, references: bool = True, lock: bool = True) -> Suites:
    """Read the suites of the catalogue under `root` (default: those that ship with chargeproof, read once a process).

    A `root` that holds suites alone is held against the catalogue that ships. Without `references` nothing is held
    against the catalogue, other files or ids.lock: for a file on its own. Without `lock` ids.lock is not looked at.
    Raises CatalogueError: a line a problem, each with file, line, YAML path, what is wrong and what would be right.
    """
    return _shipped() if root is None and references and lock else _load(root or _here(), references, lock)


@functools.cache
def _shipped() -> Suites:
    return _load(_here(), True, True)


def _here() -> Path:
    return Path(__file__).parents[1]


def _load(root: Path, references: bool, lock: bool) -> Suites:
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for path in sorted((root / FOLDER).rglob("*.yaml")):
        shown = path.relative_to(root).as_posix()
        if path.name in NO_SUITE:
            continue
        try:
            located = _filled(read_yaml(path, shown))
            loaded.append(Loaded(as_record(located, SuiteFile), located))
        except CatalogueError as error:
            problems.extend(error.problems)
    if problems:
        raise CatalogueError(problems)
    own_catalogue = root != _here() and (root / "d5_4").is_dir()
    known = Known.of(load_catalogue(root if own_catalogue else None)) if references else None
    if broken := [*broken_on_their_own(loaded, placed=references), *broken_references(loaded, known)]:
        raise CatalogueError(broken)
    suites = Suites(tuple(each.file for each in loaded), MappingProxyType(_places(loaded)))
    if (
        references
        and lock
        and (broken := list(broken_promises(root / FOLDER / "ids.lock", suites.items, suites.problem)))
    ):
        raise CatalogueError(broken)
    return suites


def _places(loaded: list[Loaded]) -> dict[str, tuple[Located, str]]:
    return {item.id: (each.located, path) for each in loaded for item, path in each.items()}


def _filled(located: Located) -> Located:
    """The file with `defaults:` written into each purpose and rule that knows the key and does not give it itself."""
    data = located.data
    if not isinstance(data, dict) or "defaults" not in data:
        return located
    defaults = data["defaults"]
    if not isinstance(defaults, dict):
        raise located.error("defaults", "is no group of keys", "write `name: value` lines below it")
    known = {key for kind in _KINDS.values() for key in kind.__struct_fields__} - {"id", "statement", "successor"}
    for key in defaults:
        if key not in known:
            wrong = f"{key!r} is not a key that purposes or rules share"
            raise located.error(f"defaults.{key}", wrong, nearest(key, known, show_all=30))
    lines = dict(located.lines)
    filled: dict[str, Any] = {key: value for key, value in data.items() if key != "defaults"}
    for kind, struct in _KINDS.items():
        if isinstance(items := data.get(kind), list):
            shared = {key: value for key, value in defaults.items() if key in struct.__struct_fields__}
            filled[kind] = [
                _with_defaults(item, shared, f"{kind}[{i}]", located.lines, lines) for i, item in enumerate(items)
            ]
    return replace(located, data=filled, lines=lines)


def _with_defaults(item: Any, shared: dict[str, Any], at: str, known: Mapping[str, int], lines: dict[str, int]) -> Any:
    """One item with what it does not give itself; those values keep the line of `defaults:`."""
    if not isinstance(item, dict):
        return item
    missing = {key: value for key, value in shared.items() if key not in item}
    for path, line in _below(known, missing):
        lines[f"{at}.{path}"] = line
    return {**missing, **item}


def _below(known: Mapping[str, int], keys: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    for path, line in known.items():
        if path.startswith("defaults.") and path.removeprefix("defaults.").split(".")[0].split("[")[0] in keys:
            yield path.removeprefix("defaults."), line


def suites_digest(suites: Suites) -> str:
    """SHA-256 (hex) of the suites' content in canonical form; comments and layout of the files do not count."""
    return hashlib.sha256(msgspec.json.encode(suites.files, order="deterministic")).hexdigest()


def check_judges(suites: Suites, known: frozenset[str] | set[str]) -> None:
    """Refuse a purpose whose judges nobody knows. Raises CatalogueError with file and line."""
    problems = [
        suites.problem(p.id, f"no judge is called {name!r}", nearest(name, known), key=f"judges[{i}]")
        for p in suites.purposes
        for i, name in enumerate(p.judges)
        if name not in known
    ]
    if problems:
        raise CatalogueError(problems)
