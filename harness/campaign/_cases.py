"""The case index: what pytest's collection knows of the acceptance cases, without running one."""

from __future__ import annotations

import importlib.util
import inspect
import io
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from harness.campaign._campaign import Campaign
from harness.plan import CaseInfo
from harness.plugin import CAMPAIGN, case_id, is_case


class CasesError(RuntimeError):
    """The acceptance cases cannot be collected; the text is pytest's."""


def cases_folder() -> Path:
    """Where the acceptance cases are installed. Raises CasesError when they are not."""
    found = importlib.util.find_spec("test_cases")
    if found is None or not found.submodule_search_locations:
        raise CasesError("the package `test_cases` is not installed beside the harness")
    return Path(next(iter(found.submodule_search_locations)))


def collect_cases(folder: Path | None = None) -> list[CaseInfo]:
    """All acceptance cases in the order they stand. Raises CasesError with pytest's words when a file does not load."""
    collector = _Collector()
    code, words = run_pytest([str(folder or cases_folder()), "--collect-only"], [collector])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CasesError(f"the acceptance cases do not load:\n{words}")
    return collector.cases


def run_pytest(arguments: Sequence[str], plugins: Sequence[object]) -> tuple[int, str]:
    """pytest underneath, silent: exit code and what it would have printed."""
    spoken = io.StringIO()
    fixed = [
        "-q",
        "--capture=no",
        "-p",
        "no:cacheprovider",
        "-p",
        "no:allure_pytest",
        "-p",
        "no:hypothesispytest",
        "--no-header",
    ]
    fixed += ["-c", str(Path(__file__).with_name("pytest.ini")), "--rootdir", str(cases_folder()), "-o", "addopts="]
    with redirect_stdout(spoken), redirect_stderr(spoken):
        code = pytest.main([*fixed, *arguments], plugins=list(plugins))
    return int(code), spoken.getvalue()


class _Collector:
    """Reads markers at collection time."""

    def __init__(self) -> None:
        self.cases: list[CaseInfo] = []

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.cases = [_info(item) for item in session.items if is_case(item)]


class CampaignRunner:
    """Runs the planned cases inside a campaign, in the plan's order."""

    def __init__(self, campaign: Campaign, order: Sequence[str]) -> None:
        self._campaign = campaign
        self._order = list(order)

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[CAMPAIGN] = self._campaign

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        by_id = {case_id(item): item for item in items if is_case(item)}
        items[:] = [by_id[case] for case in self._order if case in by_id]


def _title(item: pytest.Item, text: str) -> str:
    """The first line of what the case says of itself, and which of its variants this is."""
    first = text.strip().split("\n")[0]
    variant = getattr(getattr(item, "callspec", None), "id", "")
    return f"{first.rstrip('.')}: {variant.replace('-', ', ').replace('_', ' ')}." if variant else first


def _info(item: pytest.Item) -> CaseInfo:
    verifies = [c for marker in item.iter_markers("verifies") for c in marker.args]
    needs: dict[str, str] = {}
    for marker in item.iter_markers("needs"):
        needs.update(marker.kwargs)
    disruptive, takes = item.get_closest_marker("disruptive"), item.get_closest_marker("takes")
    function = getattr(item, "obj", None)
    return CaseInfo(
        id=case_id(item),
        title=_title(item, inspect.getdoc(function) or item.name),
        criteria=tuple(dict.fromkeys(verifies)),
        needs=needs,
        disruptive=str(disruptive.args[0]) if disruptive else None,
        estimate_s=float(takes.args[0]) if takes else 5.0,
        waits=dict(takes.kwargs["waits"]) if takes else {},
    )
