"""The case index: what pytest's collection knows of the acceptance cases, and running those that are planned."""

from __future__ import annotations

import importlib.util
import inspect
import io
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from harness.campaign._campaign import Body, Campaign
from harness.campaign.plugin import case_id, purposes_of
from harness.plan import CaseInfo, PlannedCase

_FIXED = ("-q", "--capture=no", "--no-header", "-o", "addopts=", "-W", "ignore::pytest.PytestUnknownMarkWarning")
_MARKS = ("serves", "parametrize")
_WITHOUT = ("cacheprovider", "allure_pytest", "hypothesispytest")


class CasesError(RuntimeError):
    """The acceptance cases cannot be collected; the text is pytest's, or names file and line."""


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
    if collector.broken_off:  # pytest has caught the person's Ctrl-C
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise CasesError(f"the acceptance cases do not load:\n{words}")
    if collector.faults:
        raise CasesError("\n".join(collector.faults))
    return collector.cases


def run_pytest(arguments: Sequence[str], plugins: Sequence[object]) -> tuple[int, str]:
    """pytest underneath, silent: exit code and what it would have printed."""
    spoken = io.StringIO()
    fixed = [*_FIXED, *(part for name in _WITHOUT for part in ("-p", f"no:{name}"))]
    fixed += ["-c", str(Path(__file__).with_name("pytest.ini")), "--rootdir", str(cases_folder())]
    with redirect_stdout(spoken), redirect_stderr(spoken):
        code = pytest.main([*fixed, *arguments], plugins=list(plugins))
    return int(code), spoken.getvalue()


class _Collector:
    """Reads what each case says of itself at collection time."""

    def __init__(self) -> None:
        self.cases: list[CaseInfo] = []
        self.faults: list[str] = []
        self.broken_off = False

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Also called when a file does not load: pytest breaks off by an interrupt of its own."""
        self.broken_off = not isinstance(excinfo.value, pytest.Session.Interrupted)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            info = _info(item)
            self.cases.append(info)
            self.faults += [
                f"{info.at}: no marker is called {mark.name!r}; a case says @serves(...), its suite says the rest"
                for mark in item.iter_markers()
                if mark.name not in _MARKS
            ]
            if not inspect.iscoroutinefunction(getattr(item, "obj", None)) or "stand" not in _arguments(item):
                self.faults.append(f"{info.at}: a case is `async def test_…(stand: Stand) -> None`")


class CampaignRunner:
    """Runs the planned cases inside a campaign, in the plan's order: a function once for each of its conditions."""

    def __init__(self, campaign: Campaign, order: Sequence[PlannedCase]) -> None:
        self._campaign = campaign
        self._order = list(order)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In the place of pytest's own loop: cases have no fixtures but the stand."""
        items = {case_id(item): item for item in session.items}
        for case in self._order:
            if (item := items.get(case.function)) is not None:
                self._campaign.run_case(case, _body(item), purposes_of(item))
        return True


def _body(item: pytest.Item) -> Body:
    """The case's function, waiting for the stand; the parameters of this variant are filled in."""
    function: Any = getattr(item, "obj")  # noqa: B009  # only functions have it, and cases are those
    parameters = dict(getattr(getattr(item, "callspec", None), "params", {}))
    return lambda stand: function(stand=stand, **parameters)


def _arguments(item: pytest.Item) -> tuple[str, ...]:
    return tuple(inspect.signature(getattr(item, "obj", lambda: None)).parameters)


def _title(item: pytest.Item, text: str) -> str:
    """The first line of what the case says of itself, and which of its variants this is."""
    first = text.strip().split("\n")[0]
    variant = getattr(getattr(item, "callspec", None), "id", "")
    return f"{first.rstrip('.')}: {variant.replace('-', ', ').replace('_', ' ')}." if variant else first


def _info(item: pytest.Item) -> CaseInfo:
    return CaseInfo(
        function=case_id(item),
        title=_title(item, inspect.getdoc(getattr(item, "obj", None)) or item.name),
        purposes=purposes_of(item),
        file=f"{item.path.parent.name}/{item.path.name}",
        line=(item.location[1] or 0) + 1,
    )
