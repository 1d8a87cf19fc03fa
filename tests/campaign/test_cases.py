"""What is read of the acceptance cases, and that they and the suites say the same of each other."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from harness.campaign import CasesError, collect_cases
from harness.campaign._cases import cases_folder
from requirement_catalog import load_suites

HEAD = "from harness.case import serves\nfrom harness.hands import Stand\nimport pytest\n\n\n"
GOOD = 'async def test_a(stand: Stand) -> None:\n    """It holds."""\n'


def written(folder: Path, text: str) -> Path:
    """A folder with one file of cases; pytest wants file names to be unique within a process."""
    (folder / f"test_{folder.name}.py").write_text(HEAD + text)
    return folder


def test_a_case_is_known_by_its_function_its_purposes_and_its_place(tmp_path: Path) -> None:
    """The place is for the author of a case that does not fit the suites."""
    (info,) = collect_cases(written(tmp_path, f'@serves("OCPP-K01.P001")\n{GOOD}'))
    assert (info.function, info.title, info.purposes) == (f"{tmp_path.name}::a", "It holds.", ("OCPP-K01.P001",))
    assert info.file.endswith(f"/test_{tmp_path.name}.py") and info.line == 6


def test_each_set_of_parameters_is_a_case(tmp_path: Path) -> None:
    """With purposes of its own beside those of the function."""
    text = (
        '@pytest.mark.parametrize("n", [pytest.param(1, id="one", marks=serves("OCPP-K01.P002")), 2])\n'
        '@serves("OCPP-K01.P001")\nasync def test_a(stand: Stand, n: int) -> None:\n    """It holds."""\n'
    )
    one, two = collect_cases(written(tmp_path, text))
    assert one.function.endswith("::a[one]") and set(one.purposes) == {"OCPP-K01.P001", "OCPP-K01.P002"}
    assert two.purposes == ("OCPP-K01.P001",) and one.title == "It holds: one."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f'@serves("OCPP-K01-P001")\n{GOOD}', "is no test purpose's id"),
        (f"@serves()\n{GOOD}", "names no test purpose"),
        (f'@pytest.mark.serve("OCPP-K01.P001")\n{GOOD}', "no marker is called 'serve'"),
        (f'@pytest.mark.verifies("SC-04.1")\n{GOOD}', "no marker is called 'verifies'"),
        ('@serves("OCPP-K01.P001")\ndef test_a(stand: Stand) -> None:\n    """It holds."""\n', "async def"),
        ('@serves("OCPP-K01.P001")\nasync def test_a() -> None:\n    """It holds."""\n', "async def"),
    ],
    ids=["malformed", "none", "typo", "of old", "not async", "no stand"],
)
def test_a_slip_is_a_load_error_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    """Never "met": what is not understood keeps everything from running."""
    with pytest.raises(CasesError, match=rf"test_{re.escape(tmp_path.name)}\.py:6") as refused:
        collect_cases(written(tmp_path, text))
    assert said in str(refused.value)


def _claims() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Judge and purposes of every claim in the acceptance cases: those it names, else all that its function serves."""
    for path in sorted(cases_folder().rglob("test_*.py")):
        tree = ast.parse(path.read_text())
        helpers = {f.name: f for f in tree.body if isinstance(f, ast.AsyncFunctionDef) and f.name.startswith("_")}
        for function in (f for f in ast.walk(tree) if isinstance(f, ast.AsyncFunctionDef)):
            named = {n.value for n in ast.walk(function) if isinstance(n, ast.Constant) and _is_id(n.value)}
            served = tuple(sorted(str(each) for each in named))
            prepared = _prepared(function)
            for call in _calls(function, helpers):
                how, arguments = ast.unparse(call.func), call.args
                if how in prepared:
                    how, arguments = "stand.claim.during", [*prepared[how], *call.args]
                if how in ("stand.claim", "stand.claim.control", "stand.claim.during"):
                    purposes = tuple(str(each.value) for each in arguments[1:] if isinstance(each, ast.Constant))
                    yield ast.unparse(arguments[0]), how, purposes or served


def _calls(function: ast.AsyncFunctionDef, helpers: Mapping[str, ast.AsyncFunctionDef]) -> Iterator[ast.Call]:
    """What a case calls, also in the private functions of its file that it hands its stand to."""
    for call in (c for c in ast.walk(function) if isinstance(c, ast.Call)):
        yield call
        if function.name not in helpers and (helper := helpers.get(ast.unparse(call.func))) is not None:
            yield from (c for c in ast.walk(helper) if isinstance(c, ast.Call))


def _prepared(function: ast.AsyncFunctionDef) -> dict[str, list[ast.expr]]:
    """Names in a case for `partial(stand.claim.during, judge, …)`, with what stands in it already."""
    return {
        ast.unparse(each.targets[0]): each.value.args[1:]
        for each in ast.walk(function)
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Call)
        if ast.unparse(each.value.func) == "partial" and ast.unparse(each.value.args[0]) == "stand.claim.during"
    }


def _is_id(value: object) -> bool:
    return isinstance(value, str) and value.count(".P") == 1 and "-" in value


def _by_data() -> set[str]:
    """Purposes whose case takes a judge or a purpose from rows of data, which its text does not show.

    What such a case claims is held against its suite in every campaign: a judge that the suite does not name is the
    case's slip (`test_a_judge_that_the_suite_does_not_name_is_the_case_s_slip`), one that was not asked a cut.
    """
    found: set[str] = set()
    paths = {path.name: path for path in cases_folder().rglob("test_*.py")}
    for info in collect_cases():
        tree = ast.parse(paths[Path(info.file).name].read_text())
        helpers = {f.name: f for f in tree.body if isinstance(f, ast.AsyncFunctionDef) and f.name.startswith("_")}
        name = f"test_{info.function.split('::')[1].split('[')[0]}"
        (function,) = [f for f in tree.body if isinstance(f, ast.AsyncFunctionDef) and f.name == name]
        claims = [c for c in _calls(function, helpers) if ast.unparse(c.func).startswith("stand.claim")]
        plain = all(isinstance(each, ast.Attribute | ast.Constant) for c in claims for each in c.args)
        if "[" in info.function or not plain:
            found |= set(info.purposes)
    return found


def test_a_purpose_names_the_judges_that_its_case_claims() -> None:
    """What a check is worth is on record by its judges' digests, so that none may be missing in the suite."""
    suites = load_suites()
    claimed: dict[str, set[str]] = defaultdict(set)
    for judge, _, purposes in _claims():
        for purpose in purposes:
            claimed[purpose].add(judge.split(".")[-1])
    served, by_data = {purpose for info in collect_cases() for purpose in info.purposes}, _by_data()
    for purpose in served:
        listed = {judge.split(".")[-1] for judge in suites.purpose(purpose).judges}
        assert claimed[purpose] == listed or (listed and purpose in by_data), purpose


def test_every_purpose_has_a_case() -> None:
    """And every case a purpose that is in force."""
    served = {purpose for info in collect_cases() for purpose in info.purposes}
    assert served == {purpose.id for purpose in load_suites().purposes}
