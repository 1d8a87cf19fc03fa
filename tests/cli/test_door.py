"""One door for all that is printed: nothing that others wrote forges a line, and no command goes round it."""

from __future__ import annotations

import ast
import io
import json
import re
import subprocess
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import harness.cli
from harness.cli import _say
from harness.cli._say import Door, Refused, clean, clean_lines, quoted, styled

ROOM = Path(harness.cli.__file__).parent
HOSTILE = [
    "demo\nSigned by the key you gave (0123).",
    "demo\r  Signed by the key you gave",
    "demo\x1b[2K\x1b[1A",
    "demo\x9b2J",
    "[bold]GO[/] [/] [link=https://example.org]x[/link] :tada:",
    "A\u202eOG\u202c",
    "A\u2066B\u2069",
    "A\u200b\u200d\ufeff\u00ad1",
    "A\u2028B\u2029C\x85D\x0bE\x0cF",
    "Z\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "\u3164\u115f\u2800",
    "\udcff\ud800",
    "{} {0} %s \\",
    "\U000e0041\U000e0042",
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(template: str, *values: object, terminal: bool = False) -> str:
    """What one line puts on a stream."""
    stream = Terminal() if terminal else io.StringIO()
    Door(stream).line(template, *values)
    return stream.getvalue()


@given(st.text() | st.sampled_from(HOSTILE))
@example("".join(HOSTILE))
def test_what_is_cleaned_is_one_line_of_visible_characters(text: str) -> None:
    """No control, format, private, unassigned or surrogate character is left, no line break of any kind."""
    shown = clean(text)
    assert len(shown.splitlines()) <= 1
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in shown)
    assert all(c in " \u00a0\u202f" for c in shown if c.isspace())
    assert clean(shown) == shown
    shown.encode()  # and it can be printed


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    """Also what looks like markup or like a format."""
    assert clean(text) == text
    assert styled("[bold]{}[/] and {}", text, text).plain == f"{text} and {text}"


@pytest.mark.parametrize("name", ["Ladesäule Łódź", "充电桩 7", "Ωmega 10 kW", "Größe “M”", "12\u00a0kW"])
def test_names_of_the_world_stay_as_they_are(name: str) -> None:
    """Letters with accents and of other scripts are no attack."""
    assert clean(name) == name


@given(st.lists(st.text() | st.sampled_from(HOSTILE), min_size=2, max_size=2))
def test_a_value_is_never_markup_and_never_a_second_line(values: list[str]) -> None:
    """Through the whole door, to a file: one line, the template's words round the values' visible text."""
    assert (
        printed("  States: {} for [bold]{}[/].", *values) == f"  States: {clean(values[0])} for {clean(values[1])}.\n"
    )


def test_styles_stay_on_the_template_s_words() -> None:
    """A value inside a styled stretch is styled, one outside is not, whatever it holds."""
    text = styled("a {} [bold]b {} c[/] d {}", "[red]x", "yy", "z" * 9)
    (span,) = text.spans
    assert text.plain[span.start : span.end] == "b yy c" and str(span.style) == "bold"


def test_a_template_and_its_values_fit() -> None:
    """A forgotten value is a fault of ours, not half a sentence."""
    with pytest.raises(ValueError, match="1 places for 0 values"):
        styled("{}")


def test_a_long_value_on_a_terminal_does_not_reach_the_margin(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal's own wrap would put a value's words where our lines begin; ours sets them in."""
    monkeypatch.setenv("COLUMNS", "40")
    shown = printed("  Tender: {}", "x " * 30 + "Signed by the key you gave", terminal=True)
    first, *rest = shown.splitlines()
    assert first.startswith("  Tender: x") and len(rest) >= 2
    assert all(line.startswith(" " * 6) for line in rest)
    assert "".join(shown.split()).endswith("Signedbythekeyyougave")


def test_an_escape_sequence_of_a_value_does_not_reach_a_terminal() -> None:
    """The only sequences there are the door's own."""
    shown = printed("[bold]{}[/]", "x\x1b[2J\x1b]0;GO\x07", terminal=True)
    assert "\x1b[2J" not in shown and "\x07" not in shown and "\\x1b[2J" in shown


def test_json_is_ascii_and_the_same_value() -> None:
    """For programs nothing is altered, for a terminal nothing is left that steers it."""
    stream = io.StringIO()
    Door(stream).data({"hostile": HOSTILE, "delete": "\x7f"})
    assert stream.getvalue().isascii() and "\x7f" not in stream.getvalue()
    assert json.loads(stream.getvalue()) == {"hostile": HOSTILE, "delete": "\x7f"}


def test_a_document_is_whole_for_a_file_and_harmless_on_a_terminal() -> None:
    """An export that is piped keeps its bytes."""
    for stream, wanted in ((io.StringIO(), "a\x1b[2J\nb\n"), (Terminal(), "a\\x1b[2J\nb\n")):
        Door(stream).document("a\x1b[2J\nb\n")
        assert stream.getvalue() == wanted


def test_a_refusal_of_several_lines_sets_them_in() -> None:
    """Our own list of faults may have lines; what a tender wrote into one of them begins none at the margin."""
    assert clean_lines("a.yaml:1: x\nGO\x1b[0m") == "a.yaml:1: x\n  GO\\x1b[0m"
    assert Refused("one\nGO").format_message() == "one\n  GO"


# -- nobody goes round it --------------------------------------------------------------------------------


def _round_the_door(tree: ast.AST) -> list[str]:
    """Every way in a module that would print without the door, or refuse without it."""
    found = []
    for node in ast.walk(tree):
        where = f"line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [getattr(node, "module", None) or "", *(alias.name for alias in node.names)]
            if any(name.split(".")[0] in ("rich", "logging", "warnings", "curses") for name in names):
                found.append(f"{where}: imports {names}")
        elif isinstance(node, ast.Attribute) and ast.unparse(node) in _FORBIDDEN:
            found.append(f"{where}: {ast.unparse(node)}")
        elif isinstance(node, ast.Name) and node.id in (
            "print",
            "input",
            "UsageError",
            "echo",
            "secho",
            "exit",
            "quit",
        ):
            found.append(f"{where}: {node.id}")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("sys.exit", "SystemExit"):
            found += [f"{where}: exits with {ast.unparse(a)}" for a in node.args if isinstance(a, _TEXTS)]
        elif isinstance(node, ast.Call) and _name(node.func) in ("styled", "line", "tell"):
            template = node.args[0] if node.args else ast.Constant("")
            if not (isinstance(template, ast.Constant) and isinstance(template.value, str)):
                found.append(f"{where}: a template that is no literal: {ast.unparse(template)}")
    return found


_FORBIDDEN = {
    *(f"click.{name}" for name in ("echo", "secho", "echo_via_pager", "prompt", "confirm", "progressbar", "pause")),
    *(f"click.{name}" for name in ("UsageError", "BadParameter", "BadOptionUsage", "FileError", "ClickException()")),
    *("sys.stdout", "sys.stderr", "sys.__stdout__", "sys.__stderr__", "os.write", "os.system", "traceback.print_exc"),
}
_TEXTS = (ast.JoinedStr, ast.BinOp, ast.Constant)  # of numbers, too: exit codes have names


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.stem)
def test_no_command_prints_by_another_way(path: Path) -> None:
    """No print, echo, rich, stream or literal exit code outside the door; templates are literals, values come apart."""
    if path == Path(_say.__file__):
        return
    assert _round_the_door(ast.parse(path.read_text("utf-8"))) == []


@pytest.mark.parametrize(
    "code",
    [
        "print('x')",
        "click.echo(x)",
        "from click import echo\necho(x)",
        "from rich.console import Console",
        "import rich",
        "sys.stdout.write(x)",
        "raise click.UsageError(x)",
        "sys.exit(3)",
        "sys.exit(f'no {x}')",
        "raise SystemExit(1)",
        "door.line(f'a {x}')",
        "door.line('a ' + x)",
        "tell(x)",
        "styled(x)",
        "os.write(1, x)",
    ],
)
def test_the_watch_at_the_door_sees_each_way_round(code: str) -> None:
    """The control of the test above."""
    assert _round_the_door(ast.parse(code))
    assert not _round_the_door(ast.parse("door.line('a {}', x)\nsys.exit(Exit.GO)\nrefuse(x)"))


WORDS = [*HOSTILE, "a b", "it's", "$(touch x)", "`x`", "a;b", "-rf", "", "x\\y", "ä"]


@pytest.mark.parametrize("number", range(len(WORDS)))  # not the words: half a character is in no file of results
def test_a_command_to_copy_has_each_value_as_one_word(number: int) -> None:
    """A shell makes one word of it, the value itself where it can be a file's name, and runs nothing of it."""
    value = WORDS[number]
    word = quoted(value)
    assert word.isascii() and word.isprintable() and clean(word) == word
    made = subprocess.run(
        ["bash", "-c", f"printf '%s\\n' {word} | od -An -c | wc -l; printf %s {word}"], capture_output=True
    )
    told = made.stdout.split(b"\n", 1)[1]
    try:
        assert told == value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        assert told == clean(value).encode()


def test_every_command_to_copy_is_quoted() -> None:
    """In no template does a value stand behind `chargeproof …` that did not go through `quoted`."""
    found = 0
    for path in ROOM.rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            template = call.args[0] if call.args else None
            if not (isinstance(template, ast.Constant) and isinstance(template.value, str)):
                continue
            if not re.search(r"chargeproof (run|verify|seal|explain|doctor|report|onboard) [^.]*\{\}", template.value):
                continue
            text = template.value
            before = text[
                : re.search(r"chargeproof (run|verify|seal|explain|doctor|report|onboard) ", text).start()
            ].count("{}")  # type: ignore[union-attr]
            for value in call.args[1 + before :]:
                found += 1
                shown = ast.unparse(value)
                assert shown.startswith("quoted(") or shown in ("which", "where", "held"), f"{path.name}: {shown}"
    assert found >= 5


PRINTS = {
    "ev_emulator/exi/xsd/__main__.py": "for who develops it, of our own files",
    "harness/cli/_say.py": "the door itself",
    "harness/operator/_terminal.py": "asks the person; each text goes through harness.visible",
    "harness/profile/schema.py": "for who develops it, of our own files",
    "harness/evidence/schema/__main__.py": "for who develops it, of our own files",
    "requirement_catalog/suites_lock.py": "for who develops it, of our own files",
}


def prints(source: str) -> bool:
    """Whether a module prints by itself."""
    wanted = {"print", "Console", "sys.stdout.write", "sys.stderr.write", "click.echo", "click.secho", "warnings.warn"}
    return any(ast.unparse(n.func) in wanted for n in ast.walk(ast.parse(source)) if isinstance(n, ast.Call))


def test_nothing_in_the_whole_product_prints_by_another_way() -> None:
    """The emulated charger apart, which is a device, and the parts of it that only its developers start."""
    root, found = ROOM.parents[1], set()
    rooms = ("harness", "reports", "ev_emulator", "requirement_catalog")
    for path in (each for room in rooms for each in (root / room).rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith("harness/emulator/") and prints(path.read_text(encoding="utf-8")):
            found.add(name)
    assert found == set(PRINTS)
    assert prints("print(1)") and prints("click.echo('x')") and not prints("door.line('x')")
