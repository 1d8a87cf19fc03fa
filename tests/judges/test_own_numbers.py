"""A number that decides a verdict stands in the catalogue, and nowhere in the code that judges."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import harness
from harness.proofs._canon import canonical
from requirement_catalog import load_catalogue, own_count, own_ns, own_number

ROOT = Path(harness.__file__).parents[1]
JUDGING = ("judge", "decision", "documents", "campaign/charger")
ASKING = ("own_number", "own_count", "own_ns")

# what is no number of ours: of OCPP's, of ISO 15118's and of other protocols' messages, or of what is printed
STANDARDS = {
    "decision/identity/_identity.py:_ROOM": "how long BootNotification's fields are",
    "decision/identity/_ratings.py:_WATTS": "units",
    "decision/identity/_ratings.py:_AC_PHASES": "how many phases there are",
    "documents/_paper.py:MODEL_ROOM": "how long BootNotification's model is",
    "documents/_reported.py:_MOST_AT_BOOT": "how long BootNotification's fields are",
    "judge/_doubts.py:_FOREVER_NS": "later than any event",
    "judge/_doubts.py:_NO_CLOSING_HANDSHAKE": "RFC 6455, 7.4.1",
    "judge/line/_attempts.py:_ADMITTED_BUT_UNSPOKEN": "an HTTP status",
    "judge/line/_attempts.py:_PASSING": "alerts of TLS that are no refusal of ours",
    "judge/line/connected_share.py:_DAY_S": "a day",
    "judge/line/apart.py:_CALL": "a message type of OCPP-J",
    "judge/outage/kept_up.py:_CALL": "a message type of OCPP-J",
    "judge/line/renewed.py:_CALL": "a message type of OCPP-J",
    "judge/line/clock.py:_CALL": "a message type of OCPP-J",
    "judge/line/told.py:_CALL": "a message type of OCPP-J",
    "judge/ocpp/_transactions.py:_CALL": "a message type of OCPP-J",
    "judge/ocpp/_variables.py:_CALL": "a message type of OCPP-J",
    "judge/ocpp/answers.py:_CALL": "a message type of OCPP-J",
    "judge/ocpp/core_ocpp.py:_CALL": "a message type of OCPP-J",
    "judge/power/_schedule.py:_RECURS_S": "a day and a week",
    "judge/power/energy.py:_UNITS": "units",
    "judge/power/sampled.py:_CALL": "a message type of OCPP-J",
    "judge/power/energy.py:_WH": "units",
    "judge/rules/ocpp/B/b07.py:_CUT_AT": "how long a valuesList may be",
    "judge/rules/v2g/_talk.py:SAP_OR_OLDER": "a payload type of V2GTP",
    "judge/rules/v2g/_talk.py:_OF_20": "payload types of V2GTP",
    "judge/rules/v2g/shelf/sap.py:_BESIDE": "payload types of V2GTP",
    "judge/rules/v2g/shelf/sap.py:_PAYLOAD_TYPES": "payload types of V2GTP",
    "judge/v2g/sessions.py:_NO_TLS": "ISO 15118-20, SDP",
    "judge/v2g/sessions.py:_SERVICES": "ISO 15118-20, Table 204",
    "judge/v2g/sessions.py:_CONTROL_MODES": "ISO 15118-20, ControlMode",
}
PRINTED = {
    "decision/_cut_runs.py:_MOST_TOLD": "characters of a finding that are printed",
    "decision/_cut_runs.py:_MOST_SEEN": "findings that are printed",
    "documents/_record.py:MOST_PAPER": "octets of a paper that are read",
    "judge/_evaluate.py:_MOST_TOLD": "characters of our own error that are printed",
    "campaign/charger/_presence.py:_LOOK_EACH_S": "how often it is looked whether the charger is there",
}
# factors of units, and what counts, halves or begins something
PLAIN = {0, 1, 2, 3, 4, 10, 12, 60, 100, 1000, 3600, 1_000_000, 1_000_000_000}
IN_PLACE = {
    "documents/_record.py:64": "how long a SHA-256 is in hexadecimal",
    "judge/_core.py:1e-09": "what floating-point numbers lose",
    "judge/rules/_verdicts.py:9": "nanoseconds, as a power of ten",
    "judge/rules/_talk.py:36": "how long a message id of OCPP-J may be",
}


def test_no_number_that_decides_stands_in_code() -> None:
    """Each constant of the rooms that judge is asked for by name, or stands in one of the two lists with its reason."""
    found = {place for path, tree in sources() for place in constants(path, tree)}
    assert found == STANDARDS.keys() | PRINTED.keys()


def test_none_stands_within_a_function_either() -> None:
    """What something is compared with, added to or multiplied by, or what a parameter is where none is given."""
    assert {place for path, tree in sources() for place in in_place(path, tree)} == IN_PLACE.keys()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("LATE_S = 5", {"x.py:LATE_S"}),
        ("LATE_S: float = 5.5", {"x.py:LATE_S"}),
        ("A, B = 7, own_number('a.b')", {"x.py:A"}),
        ("LATE_S = own_number('a.b') * 2", {"x.py:LATE_S"}),
        ("LATE_S = own_number('a.b')", set()),
        ("NAME = 'a 5'", set()),
        ("NS = int(LATE_S * 1e9)", set()),
    ],
)
def test_a_new_one_is_seen(text: str, says: set[str]) -> None:
    """The check above can fail: on a number of its own, also beside one that is asked for."""
    assert set(constants(Path("x.py"), ast.parse(text))) == says


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("def f(x): return x > 5", {"x.py:5"}),
        ("def f(x): return x + 0.5", {"x.py:0.5"}),
        ("def f(x, s=20): return x", {"x.py:20"}),
        ("def f(x): return isclose(x, 1, rel_tol=1e-4)", {"x.py:0.0001"}),
        ("def f(x): return x.get('for_s', 0.5)", {"x.py:0.5"}),
        ("def f(x): return x[:5], f'{x[5:7]}', x * 1e9, x + own_number('a.b')", set()),
    ],
)
def test_a_new_one_within_a_function_is_seen(text: str, says: set[str]) -> None:
    """Its control too: slices, formats and factors of units are none."""
    assert set(in_place(Path("x.py"), ast.parse(text))) == says


def test_every_number_is_asked_for_and_known() -> None:
    """Each of method.yaml's is asked for by some code, and code asks for no other."""
    calls = [node for path in sorted((ROOT / "harness").rglob("*.py")) for node in ast.walk(_tree(path))]
    asked = {name for node in calls if (name := _asked(node)) is not None}
    assert asked == {each.name for each in load_catalogue().method}


def test_an_unknown_name_a_fraction_and_a_length_are_refused() -> None:
    """With the nearest name; a count is whole, and nanoseconds are made of seconds only."""
    assert (own_number("rules.hole"), own_count("bench.twice_alive"), own_ns("light.recognised")) == (
        30,
        2,
        700_000_000,
    )
    with pytest.raises(KeyError, match="no number of our method is called"):
        own_number("rules.whole")
    with pytest.raises(ValueError, match=r"bench\.standstill is 0\.75"):
        own_count("bench.standstill")
    with pytest.raises(ValueError, match=r"bench\.twice_alive is in times, and no time in s"):
        own_ns("bench.twice_alive")


def test_a_proof_hangs_on_the_number_and_not_on_where_it_stands() -> None:
    """Asked for by name it makes the same digest as written out; another number makes another one."""

    def seen(text: str) -> str:
        return canonical(ast.parse(text))

    assert seen("GAP_S = own_number('instrument.most_gap')") == seen("GAP_S = 1.0")
    assert seen("GAP_S = own_number('instrument.most_gap')") != seen("GAP_S = 1.5")
    assert seen("N = own_count('bench.twice_alive')") == seen("N = 2") != seen("N = 2.0")
    assert seen("NS = own_ns('light.recognised')") == seen("NS = 700_000_000")


def sources() -> Iterator[tuple[Path, ast.Module]]:
    for room in JUDGING:
        for path in sorted((ROOT / "harness" / room).rglob("*.py")):
            yield path.relative_to(ROOT / "harness"), _tree(path)


def constants(path: Path, tree: ast.Module) -> Iterator[str]:
    """The module's constants that hold a number of their own, as "judge/_series.py:MOST_GAP_S"."""
    for node in tree.body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        pairs = [(target, node.value)]
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            pairs = list(zip(target.elts, node.value.elts, strict=True))
        for name, value in pairs:
            if any(_is_number(x) and x.value != 1e9 for x in _but_tables(value)):  # type: ignore[attr-defined]
                yield f"{path.as_posix()}:{ast.unparse(name)}"


def in_place(path: Path, tree: ast.Module) -> Iterator[str]:
    """Numbers in functions that stand in a comparison, a sum or product, or as what a value is where none is given."""
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)):
        for node in ast.walk(function):
            for each in _operands(node):
                if _is_number(each) and abs(each.value) not in PLAIN:  # type: ignore[attr-defined]
                    yield f"{path.as_posix()}:{each.value}"  # type: ignore[attr-defined]


def _operands(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.arguments):
        return [*node.defaults, *(each for each in node.kw_defaults if each is not None)]
    if isinstance(node, ast.Call):
        takes = isinstance(node.func, ast.Attribute) and node.func.attr == "get"
        tolerances = [k.value for k in node.keywords if k.arg in ("rel_tol", "abs_tol", "timeout", "within_s")]
        limits = list(node.args) if isinstance(node.func, ast.Name) and node.func.id in ("min", "max") else []
        return [*tolerances, *limits, *(node.args[1:] if takes else [])]
    return []


def _but_tables(value: ast.AST) -> Iterator[ast.AST]:
    """All nodes, but not those of tables of truth (they are functions, looked at above) and of calls for a number."""
    if isinstance(value, ast.Lambda | ast.Subscript):
        return
    if isinstance(value, ast.Call) and (ast.unparse(value.func) in ASKING or ast.unparse(value.func).startswith("re.")):
        return
    yield value
    for each in ast.iter_child_nodes(value):
        yield from _but_tables(each)


def _is_number(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _asked(node: ast.AST) -> str | None:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ASKING and node.args:
        name = node.args[0]
        return name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else None
    return None


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
