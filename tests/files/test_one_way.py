"""No module reads a file that somebody gives by another way than `plain_files`; what reads our own is listed here."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("harness", "requirement_catalog", "ev_emulator", "reports")
READING = {"read_bytes", "read_text", "open", "fdopen", "ZipFile", "is_zipfile", "copyfile", "copytree", "copy2"}
READING |= {"load_cert_chain", "load_verify_locations", "safe_load_all"}

OURS = "comes with chargeproof"
KERNEL = "the kernel's own table"
WRITES = "is written here"
CHECKED = "was looked at before by `plain_files`"
ITS_OWN = "the emulated charger's own folder, in a process of its own"
MADE = "what this campaign has just written"
NO_FILE = "opens no file"

# A file, and why what it opens is no file that somebody gives.
ALLOWED = {
    "ev_emulator/exi/_tables.py": OURS,
    "ev_emulator/exi/xsd/_files.py": OURS,
    "ev_emulator/line/_contact.py": NO_FILE,
    "ev_emulator/line/_tls.py": CHECKED,  # harness/doctor/_beside.py, and the doctor
    "harness/campaign/_bound.py": MADE,
    "harness/campaign/_emulated.py": MADE,
    "harness/campaign/machine/_room.py": WRITES,
    "harness/cli/judged/_logs.py": CHECKED,
    "harness/cli/_outputs.py": CHECKED,
    "harness/cli/catalogue/_coverage.py": OURS,
    "harness/cli/charger/_signals.py": KERNEL,
    "harness/cli/evidence/report.py": NO_FILE,
    "harness/cli/onboard.py": WRITES,
    "harness/csms/_schemas.py": OURS,
    "harness/csms/line/_local_process.py": KERNEL,
    "harness/csms/pki/_elsewhere.py": MADE,
    "harness/csms/pki/_issuing.py": WRITES,
    "harness/csms/pki/_page.py": MADE,
    "harness/csms/tls/_contexts.py": MADE,
    "harness/csms/tls/_control.py": MADE,
    "harness/decision/_decide.py": OURS,
    "harness/doctor/_network.py": KERNEL,
    "harness/evidence/_facts.py": OURS,
    "harness/evidence/bundle/_schemas.py": OURS,
    "harness/evidence/signing/_keys.py": WRITES,
    "harness/evidence/surrogates/_private.py": WRITES,
    "harness/hands/_firmware.py": ITS_OWN,
    "harness/ocppj/_schemas.py": OURS,
    "harness/addresses.py": KERNEL,
    "harness/operator/_web.py": OURS,
    "harness/owed/_file.py": WRITES,
    "harness/proofs/_source.py": OURS,
    "harness/proofs/edits/_windows.py": OURS,
    "harness/trace/_recorder.py": WRITES,
    "harness/trace/logs/_log.py": CHECKED,
    "harness/trace/logs/_order.py": MADE,
    "reports/_view.py": CHECKED,
    "reports/log/_html.py": OURS,
    "reports/page/_gauge.py": NO_FILE,
    "reports/page/_html.py": OURS,
    "reports/timeline/_plot.py": NO_FILE,
    "requirement_catalog/purposes/_cases.py": OURS,
    "requirement_catalog/purposes/_proofs.py": OURS,
    "requirement_catalog/purposes/_suite_lock.py": OURS,
    "requirement_catalog/suites_lock.py": OURS,
}
YAML_ELSEWHERE = {"ev_emulator/vehicle/_yaml.py"}  # of the car, which stands alone; bounded
YAML_ELSEWHERE |= {"harness/evidence/verification/_contradictions.py"}  # a member of a bundle, bounded, all as text


def _calls(source: str) -> Iterator[ast.Call]:
    yield from (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def reads(source: str) -> set[str]:
    """By which ways a module opens files."""
    names = {
        each.func.attr if isinstance(each.func, ast.Attribute) else getattr(each.func, "id", "")
        for each in _calls(source)
    }
    return names & READING


def parses_yaml(source: str) -> bool:
    """Whether a module has YAML read without bounds and without lines."""
    return any(ast.unparse(each.func) in ("yaml.safe_load", "yaml.load", "yaml.compose") for each in _calls(source))


def _modules() -> Iterator[tuple[str, str]]:
    for path in (p for room in ROOMS for p in sorted((ROOT / room).rglob("*.py"))):
        name = path.relative_to(ROOT).as_posix()
        if not name.startswith("harness/emulator/"):  # a charger of its own: it gets no file of a stranger
            yield name, path.read_text(encoding="utf-8")


def test_no_module_opens_a_file_by_another_way() -> None:
    """Each that opens one says why it may; a reason that nothing needs any more goes."""
    assert {name for name, source in _modules() if reads(source)} == set(ALLOWED)


def test_what_the_command_line_gives_the_emulated_charger_is_read_as_all_else() -> None:
    """Its certificates are the only files that a person names to it."""
    source = (ROOT / "harness/emulator/ocpp/security/_certificates.py").read_text(encoding="utf-8")
    assert "text_of(client.config.ca_file" in source


def test_yaml_is_read_in_one_place() -> None:
    """Bounded, with lines, a key given twice refused."""
    found = {name for name, source in _modules() if parses_yaml(source)}
    assert found == YAML_ELSEWHERE


def test_another_way_would_be_seen() -> None:
    """The search finds each of them, and not what only looks like one."""
    for source in ("p.read_bytes()", "p.open('rb')", "open(p)", "zipfile.ZipFile(p)", "shutil.copyfile(a, b)"):
        assert reads(source)
    assert not reads("octets_of(p, most=3)\np.write_bytes(b'')\np.is_file()")
    assert parses_yaml("yaml.safe_load(text)") and not parses_yaml("yaml.safe_dump(text)")
