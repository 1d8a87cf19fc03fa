"""How a plan is printed: short, in eighty columns, with what somebody has to do named by whose move it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from harness.cli._say import Door, styled
from harness.cli.catalogue._words import counted, duration, named
from harness.cli.view._plan_rest import served_by, show_elsewhere, show_otherwise
from harness.plan import Plan, PlannedCase, PlannedRun, stands_in
from requirement_catalog import Hands, Phase, VerifiedBy

_KEPT_OUT = ("pco", "owed", "declared", "case", "choice")


@dataclass(frozen=True)
class Filter:
    """Which cases a person wants to see; times in s. False when nothing was asked for."""

    longer_than_s: float | None = None
    shorter_than_s: float | None = None
    hands: Hands | None = None
    disruptive: bool = False

    def __bool__(self) -> bool:
        return self.disruptive or any(f is not None for f in (self.longer_than_s, self.shorter_than_s, self.hands))

    def takes(self, case: PlannedCase) -> bool:
        """Whether a case is among the wanted."""
        return (
            (self.longer_than_s is None or case.estimate_s > self.longer_than_s)
            and (self.shorter_than_s is None or case.estimate_s < self.shorter_than_s)
            and (self.hands is None or case.hands is self.hands)
            and (not self.disruptive or case.disruptive is not None)
        )


def show_cases(door: Door, made: Plan, wanted: Filter) -> None:
    """The cases that run and are wanted."""
    _head(door, made)
    _cases(door, made, [case for case in made.cases if case.run and wanted.takes(case)])
    door.line()


def show_plan(door: Door, made: Plan, *, unfolded: bool) -> None:
    """The whole plan; `unfolded` lists every case and criterion, else counts stand for them."""
    _head(door, made)
    going = [case for case in made.cases if case.run]
    if unfolded:
        _cases(door, made, going)
    else:
        _requirements(door, made)
    _kept_out(door, made)
    show_otherwise(door, made, unfolded)
    show_elsewhere(door, made, unfolded)
    door.line(
        "\n[bold]{}[/] at best, [bold]{}[/] at worst, when every wait runs to its bound.\n",
        duration(made.estimate_s),
        duration(made.worst_s),
    )


def _head(door: Door, made: Plan) -> None:
    facts = (made.dut.name, made.dut.model, made.tender, made.evaluation_date)
    door.line("\n[bold]{}[/] ({}), tender: {}, judged as of {}", *facts)
    beyond = f"; {counted(made.beyond, 'test purpose')} beyond that" if made.beyond else ""
    door.line("depth {}{}", made.depth, beyond)
    if made.narrowed:
        door.line("[yellow]a selection ({}): whatever it finds, it is no GO[/]", ", ".join(made.narrowed))


def _requirements(door: Door, made: Plan) -> None:
    """What runs, a line for each requirement; a case counts with each requirement that it serves."""
    served: dict[str, set[str]] = defaultdict(set)
    criteria: dict[str, set[str]] = defaultdict(set)
    for run in made.runs:
        for criterion in run.serves if run.run else ():
            served[_requirement(criterion)].add(run.case)
            criteria[_requirement(criterion)].add(criterion)
    seconds = {case.id: case.estimate_s for case in made.cases}
    going = sum(case.run for case in made.cases)
    door.line("\n[bold]Runs[/]: {} for {}", counted(going, "case"), counted(len(served), "requirement"))
    door.columns(
        [
            styled("  {}", r.id),
            styled("{}", counted(len(criteria[r.id]), "criterion", "criteria")),
            styled("{}", counted(len(served[r.id]), "case")),
            styled("{}", duration(sum(seconds[case] for case in served[r.id]))),
            styled("{}", r.title),
        ]
        for r in made.requirements
        if r.id in served
    )
    mine = {c for s in served.values() for c in s}
    along = {run.case for run in made.runs if run.run and run.brought_for} - mine
    beyond = {run.case for run in made.runs if run.run and not run.serves} - mine - along
    for run in (run for run in made.runs if run.case in along and run.brought_for):
        why = f"what was chosen has its control in it ({named(run.brought_for)})"
        door.line("  and {}, brought along: {}", run.purpose, why, hang=2)
    if beyond:
        door.line("  and {} beyond the tender, which decide nothing", counted(len(beyond), "case"))


def _cases(door: Door, made: Plan, cases: Sequence[PlannedCase]) -> None:
    serves: dict[str, list[str]] = defaultdict(list)
    brought: dict[str, list[str]] = defaultdict(list)
    for run in made.runs:
        brought[run.case] += run.brought_for
        serves[run.case] += [criterion for criterion in run.serves if criterion not in serves[run.case]]
    total = duration(sum(case.estimate_s for case in cases))
    door.line("\n[bold]Runs[/]: {}, {}", counted(len(cases), "case"), total)
    door.columns(
        [
            styled("  {}", duration(case.estimate_s)),
            styled(
                "{}[dim]{}[/]\n[dim]{}[/]",
                case.title,
                "".join(f" ({mark})" for mark in _marks(case)),
                f"{', '.join(case.purposes)} for {', '.join(serves[case.id]) or _for_nobody(brought[case.id])}",
            ),
        ]
        for case in cases
    )


def _for_nobody(brought: Sequence[str]) -> str:
    """What a case is for that serves no chosen criterion."""
    return f"the control of {named(dict.fromkeys(brought))}" if brought else "nothing that the tender asks"


def _marks(case: PlannedCase) -> list[str]:
    under = str(case.conditions) if "@" in case.id else ""
    hands = "" if case.hands is Hands.NONE else f"a person has to {case.hands}"
    return [mark for mark in (under, hands, "disruptive" if case.disruptive else "") if mark]


def _kept_out(door: Door, made: Plan) -> None:
    """What cannot run, by whose move it is and why; and the checks that nobody saw turn red."""
    moves: dict[str, dict[str, list[PlannedRun]]] = defaultdict(lambda: defaultdict(list))
    for run in made.runs:
        if run.lacks in _KEPT_OUT and not run.run:
            moves[run.move or "test engineer"][run.reason].append(run)
    served = served_by(made)
    silent = [c for c in made.criteria if c.applies and c.verified_by is VerifiedBy.TEST and c.id not in served]
    silent = [c for c in silent if c.phase is Phase.ACCEPTANCE and not c.all_of]
    due = {run.purpose for run in made.runs if run.serves and run.run}
    unproven = [p.id for p in made.purposes if not p.proven and p.id in due]
    if moves or silent or unproven:
        door.line("\n[bold]Cannot be proven here[/]")
    for move, reasons in sorted(moves.items()):
        door.line("  [yellow]{}[/]", move)
        for reason, runs in reasons.items():
            door.line("    {}", reason, hang=2)
            door.line("      [dim]{}[/]", _consequence(made, runs), hang=2)
    if silent:
        door.line("  [yellow]no test purpose serves it yet[/]: {}", named(c.id for c in silent))
    if unproven:
        what = "1 check was" if len(unproven) == 1 else f"{len(unproven)} checks were"
        door.line(
            "  [yellow]{} never seen to turn red, so that their pass proves nothing[/]: {}", what, named(unproven)
        )


def _consequence(made: Plan, runs: Sequence[PlannedRun]) -> str:
    names = {p.id: p.instead_of for p in made.purposes}
    going = [run for run in made.runs if run.run and names.get(run.purpose)]
    purposes = named(dict.fromkeys(run.purpose for run in runs))
    deputies: dict[str, None] = {}
    open_: dict[str, None] = {}
    for run in runs:
        for criterion in run.serves:
            mine = [d for d in going if run.lacks == "pco" and _for(names, d, run, criterion)]
            deputies.update((d.purpose, None) for d in mine)
            if not mine:
                open_[criterion] = None
    parts = [f"leaves open {named(open_)}"] if open_ else []
    parts += [f"{named(deputies)} {'stands' if len(deputies) == 1 else 'stand'} in"] if deputies else []
    return f"{purposes}: {'; '.join(parts) or 'beyond the tender'}"


def _for(names: dict[str, tuple[str, ...]], deputy: PlannedRun, run: PlannedRun, criterion: str) -> bool:
    return criterion in deputy.serves and stands_in(
        names[deputy.purpose], (criterion,), deputy.conditions, run.purpose, (criterion,), run.conditions
    )


def _requirement(criterion: str) -> str:
    return criterion.rsplit(".", 1)[0]
