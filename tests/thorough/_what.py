"""What a thorough run does: whole traces and suites, killed runs, lost chargers, attacks, altered ones, many inputs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from harness.emulator.altered import Bench, Kind, read, run
from harness.emulator.altered._shelf import Alteration
from harness.emulator.defects.__main__ import KIND as DEFECTS
from harness.emulator.variants.__main__ import KIND as VARIANTS
from harness.judge.rules import Tally
from harness.proofs.edits import EditError, edited, seen, turned_red
from harness.trace import Event
from requirement_catalog import Rule, load_suites
from tests.attackers.__main__ import MEMORY_MB, TRACE_MB
from tests.attackers._attacks import ALL as ATTACKS
from tests.attackers._measure import measured
from tests.corpus._kept import cuts
from tests.ev import mutated_answers
from tests.exi import mutations
from tests.fuzz._share import shares
from tests.thorough._kills import kills
from tests.thorough._lost import lost
from tests.thorough._moments import MOMENTS
from tests.thorough._parts import Part

TENTHS = 10
ATTACK_S = 120.0
LONGEST_S = 4 * 3600.0
MUTATED_FRAMES, MUTATED_SESSIONS, MUTATED_PARTS = 1_000_000, 10_000, 10


def parts(tenth: int) -> list[Part]:
    """All parts; of defects and variants those of one tenth (0 to 9), against the whole tender."""
    rotating = [
        Part(f"{kind.word}-{name}", partial(_altered, kind, name))
        for kind in (DEFECTS, VARIANTS)
        for name in kind.shelf.names()[tenth::TENTHS]
    ]
    attacks = [Part(f"attack-{name}", partial(_attack, name)) for name in ATTACKS]
    fuzzed = [Part(share.name, share.do) for share in shares()]
    mutated = [Part(f"exi-mutated-{number}", partial(_mutated_exi, number)) for number in range(MUTATED_PARTS)]
    mutated += [Part(f"v2g-mutated-{number}", partial(_mutated_answers, number)) for number in range(MUTATED_PARTS)]
    plain = [Part("edits-of-whole-traces", _edits), Part("plain-thorough", _plain_thorough)]
    gone = [Part(f"lost-{name.replace(' ', '-')}", partial(lost, name)) for name in MOMENTS]
    return [*plain, Part("killed-runs", kills), *gone, *attacks, *mutated, *rotating, *fuzzed]


def _attack(name: str, folder: Path) -> list[str]:
    """Two minutes of it: memory, trace, what was raised, and whether the charger is served after it."""
    attack, profile = ATTACKS[name]
    was = measured(folder, attack, ATTACK_S, profile)
    wrong = [] if was.served else ["the charger was not served afterwards"]
    wrong += [f"it took {was.peak_mb:.0f} MB"] if was.peak_mb > MEMORY_MB else []
    wrong += [f"{was.trace_mb:.0f} MB of trace"] if was.trace_mb > TRACE_MB else []
    return wrong + was.raised


def _mutated_exi(number: int, folder: Path) -> list[str]:
    """A tenth of a million spoilt frames into the car's EXI codec: nothing raises, hangs or grows."""
    return mutations.run(MUTATED_FRAMES // MUTATED_PARTS, folder / "done.json", seed=1000 + number)


def _mutated_answers(number: int, _: Path) -> list[str]:
    """A thousand sessions of the car with one spoilt answer each: it breaks in none."""
    return mutated_answers.run(MUTATED_SESSIONS // MUTATED_PARTS, seed=1000 + number)[1]


def _edits(_: Path) -> list[str]:
    """Each rule's edit in the whole trace that its window was cut from: what the row names turns red there too."""
    whole = {each.name: each.whole() for each in cuts()}
    green = {name: seen(events) for name, events in whole.items()}
    wrong = []
    for rule in load_suites().rules:
        if rule.proof is not None and rule.proof.trace in whole:
            wrong += _edit(rule, whole[rule.proof.trace], green[rule.proof.trace])
    return wrong


def _edit(rule: Rule, events: Sequence[Event], green: dict[str, Tally]) -> Iterator[str]:
    proof = rule.proof
    assert proof is not None
    try:
        turned = turned_red(green, seen(edited(events, proof.edit)))
    except EditError as error:
        yield f"{rule.id}: {error}"
        return
    if set(proof.turns_red) - set(turned):
        yield f"{rule.id}: the edit of the whole trace turns red {', '.join(turned) or 'nothing'}"


def _plain_thorough(folder: Path) -> list[str]:
    """The plain charger, every purpose on both EVSEs, in both versions: nothing fails, and no rule is violated."""
    bench = Bench(evses=2)
    plain = run(folder, (), dut=bench.profile(folder), tender=bench.tender(folder), longest_s=LONGEST_S)
    bad = {name: verdict for name, verdict in plain.judged.items() if verdict in ("fail", "error")}
    return [f"{name} {verdict}: {plain.why.get(name, '')}" for name, verdict in bad.items()]


def _altered(kind: Kind[Alteration], name: str, folder: Path) -> list[str]:
    """The whole tender against one altered charger, held against the plain one's at the same bench."""
    each = kind.shelf.get(name)
    bench = kind.bench(each)
    where = {"dut": bench.profile(folder), "tender": bench.tender(folder), "longest_s": LONGEST_S}
    plain_folder = bench.plain_in(folder.parent)
    kept = sorted(plain_folder.glob("*/evidence/verdicts.json"))
    plain = read(kept[-1]) if kept else run(plain_folder, (), **where)
    found = kind.check(each, plain, run(folder, (), (f"--{kind.word}", name), **where))
    return [] if found.ok else [found.line, *found.details]
