"""Bad suites: file, line, what is wrong, what would be right; the command leaves with 2."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from harness.cli.catalogue.catalog import catalog
from requirement_catalog import CatalogueError, load_suites
from tests.catalog._suite_files import change, suite_folder

FILE = "suites/ocpp/K/K01.yaml"

# what is changed (old, new), and what the error must say behind "file:line: "
BROKEN = {
    "unknown criterion": (
        "{criterion: SC-04.2}", "{criterion: SC-04.22}",
        "purposes[2].serves[0].criterion: no criterion is called 'SC-04.22'; did you mean 'SC-04.2'?",
    ),
    "unknown PICS name": (
        "applies: smart_charging", "applies: v2x and not smart_charge",
        "purposes[0].applies: 'v2x and not smart_charge', column 13: 'smart_charge' is not in features.yaml;"
        " did you mean 'smart_charging'?",
    ),
    "PICS expression that cannot be read": (
        "applies: smart_charging", "applies: smart_charging and",
        "purposes[0].applies: 'smart_charging and', column 19: the expression ends where a feature's name is wanted;"
        " name a feature of features.yaml",
    ),
    "stands in for itself": (
        "instead_of: [OCPP-K01.P001]", "instead_of: [OCPP-K01.P002]",
        "purposes[1].instead_of: leads back to 'OCPP-K01.P002'; let one of the two stand in, not both",
    ),
    "stands in for nobody": (
        "instead_of: [OCPP-K01.P001]", "instead_of: [OCPP-K01.P011]",
        "purposes[1].instead_of[0]: no purpose is called 'OCPP-K01.P011'; did you mean 'OCPP-K01.P001'?",
    ),
    "stands in for another criterion": (
        "instead_of: [OCPP-K01.P001]", "instead_of: [OCPP-K01.P003]",
        "purposes[1].instead_of[0]: 'OCPP-K01.P003' serves another criterion, so nothing can stand in for it here;"
        " name a purpose that serves SC-04.1",
    ),
    "controlled by nobody": (
        "instead_of: [OCPP-K01.P001]", "controlled_by: [OCPP-K01.P011]",
        "purposes[1].controlled_by[0]: no purpose is called 'OCPP-K01.P011'; did you mean 'OCPP-K01.P001'?",
    ),
    "controlled by itself": (
        "instead_of: [OCPP-K01.P001]", "controlled_by: [OCPP-K01.P002]",
        "purposes[1].controlled_by: leads back to 'OCPP-K01.P002'; let the control stand by itself",
    ),
    "controlled by what runs at greater depth": (
        "instead_of: [OCPP-K01.P001]", "controlled_by: [OCPP-K01.P001]\n    depth: short",
        "purposes[1].controlled_by[0]: 'OCPP-K01.P001' is of depth acceptance, so that it does not run at short;"
        " let it be of depth short, or this one of acceptance",
    ),
    "no judge": (
        "    judges: [setpoints.limit_holds]\n", "    judges: []\n",
        "purposes[2].judges: has no judge: nothing could ever be found; name at least one as `judges:`",
    ),
    "unknown judge": (
        "judges: [setpoints.limit_holds]", "judges: [setpoints.limit_hold]",
        "purposes[2].judges[0]: no judge is called 'setpoints.limit_hold'; did you mean 'setpoints.limit_holds'?",
    ),
    "role of another criterion": (
        "waits: {answer: 1}", "waits: {dwell: 1}",
        "purposes[0].cost.waits.dwell: 'dwell' is no role of a limit of its criteria (SC-04.1);"
        " known are: answer, response",
    ),
    "waits less than never": (
        "waits: {answer: 1}", "waits: {answer: -1}",
        "purposes[0].cost.waits.answer: is -1; write how often it waits, or leave it out",
    ),
    "unknown prefix": (
        "id: OCPP-K01.P003", "id: OCCP-K01.P003",
        "purposes[2].id: 'OCCP-K01.P003' begins with 'OCCP', which no suite has; did you mean 'OCPP'?",
    ),
    "prefix of another suite": (
        "id: OCPP-K01.P003", "id: CP-K01.P003",
        "purposes[2].id: 'CP-K01.P003' stands in suites/ocpp; ids there begin with OCPP-",
    ),
    "block of another file": (
        "id: OCPP-K01.P003", "id: OCPP-K02.P003",
        "purposes[2].id: 'OCPP-K02.P003' stands in the file of use case 'K01'; move it to the file of 'K02'",
    ),
    "no id": (
        "id: OCPP-K01.P003", "id: K01-3",
        "purposes[2].id: 'K01-3' is no purpose's id; write it like \"OCPP-K01.P001\"",
    ),
    "a rule's id on a purpose": (
        "id: OCPP-K01.P003", "id: OCPP-K01.R003",
        "purposes[2].id: 'OCPP-K01.R003' is no purpose's id; write it like \"OCPP-K01.P001\"",
    ),
    "limits although it serves": (
        "    judges: [setpoints.limit_holds]\n",
        "    limits: {response: {contract: setpoint.response_time}}\n    judges: [setpoints.limit_holds]\n",
        "purposes[2].limits: has limits of its own although it serves a criterion;"
        " take them out: the criterion's limits count",
    ),
    "unknown condition": (
        'when: {version: "2.1"}', 'when: {verson: "2.1"}',
        "purposes[0].serves[0].when.verson: 'verson' is no condition; did you mean 'version'?",
    ),
    "condition that never comes": (
        'when: {version: "2.1"}', 'when: {service: DC_BPT/Dynamic}',
        "purposes[0].serves[0].when.service: is 'DC_BPT/Dynamic', which is not among its `services`;"
        " its services are: none",
    ),
    "unknown version": (
        'versions: ["2.1", "2.0.1"]', 'versions: ["2.1", "2.0"]',
        "purposes[0].versions[1]: '2.0' is no version of OCPP that we know; did you mean '2.0.1'?",
    ),
    "version as a number": (
        'versions: ["2.1", "2.0.1"]', 'versions: [2.1, "2.0.1"]',
        "purposes[0].versions[0]: is the value '2.1'; text is wanted: write \"2.1\" in quotes",
    ),
    "unknown service": (
        "    hands: none\n", "    services: [DC_BPT-Dynamic]\n",
        "purposes[0].services[0]: 'DC_BPT-Dynamic' is no service; write it like DC_BPT/Dynamic or AC_BPT/Scheduled",
    ),
    "unknown direction": (
        "    hands: none\n", "    directions: [discharge]\n",
        "purposes[0].directions[0]: 'discharge' is no direction; did you mean 'charge'?",
    ),
    "unknown hands": (
        "hands: none", "hands: plugs",
        "purposes[0].hands: 'plugs' is not allowed; allowed are: none, swipe, plug, look",
    ),
    "unknown state": (
        "before: [booted, no_limits]", "before: [booted, no_limit]",
        "purposes[0].before[1]: 'no_limit' is no state that the stand can bring about; did you mean 'no_limits'?",
    ),
    "unknown instrument": (
        "bench: [meter, pilot]", "bench: [metre, pilot]",
        "purposes[0].needs.bench[0]: 'metre' is no instrument's role; did you mean 'meter'?",
    ),
    "unknown car": (
        "car: any", "car: some",
        "purposes[0].needs.car: 'some' is no kind of car; known are: any, iso15118, none",
    ),
    "charging without a car": (
        "{car: any, bench: [meter, pilot]}\n    before: [booted, no_limits]", "{}\n    before: [charging]",
        "purposes[0].before: 'charging' needs a car; write `needs: {car: any}`",
    ),
    "unknown key": (
        "    hands: none\n", "    hand: none\n",
        "purposes[0].hand: 'hand' is not a known key here; did you mean 'hands'?",
    ),
    "unknown default": (
        "purposes:\n", "defaults: {verions: []}\npurposes:\n",
        "defaults.verions: 'verions' is not a key that purposes or rules share; did you mean 'versions'?",
    ),
    "exercises no rule": (
        "    hands: none\n", "    exercises: [OCPP-K01.R002]\n",
        "purposes[0].exercises[0]: no rule is called 'OCPP-K01.R002'; did you mean 'OCPP-K01.R001'?",
    ),
    "exercised by nothing": (
        "exercised_by: [OCPP-K01.P001]", "exercised_by: [OCPP-K01.R001]",
        "rules[0].exercised_by[0]: no purpose is called 'OCPP-K01.R001'; did you mean 'OCPP-K01.P001'?",
    ),
    "retired for nothing": (
        "    hands: none\n", "    successor: OCPP-K01.P009\n",
        "purposes[0].successor: nothing is called 'OCPP-K01.P009'; did you mean 'OCPP-K01.P003'?",
    ),
    "own limit out of its range": (
        "    serves: [{criterion: SC-04.2}]\n",
        "    limits: {off: {value: -1, unit: s, sense: at_most, range: [0, 9], source: the maker}}\n",
        "purposes[2].limits.off.value: -1 s makes no sense here; write a number from 0 to 9 s",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_the_command_says_file_line_and_remedy(name: str, tmp_path: Path) -> None:
    """Each kind of mistake is answered with its own line, in full, and exit code 2."""
    old, new, says = BROKEN[name]
    folder = suite_folder(tmp_path)
    line = change(folder, old, new)
    result = CliRunner().invoke(catalog, ["suites", "--folder", str(folder)])
    assert result.exit_code == 2, result.output
    first = result.output.removeprefix("Error: ").splitlines()[0]
    file, number, rest = first.split(":", 2)
    assert (file, rest.strip()) == (FILE, says)
    assert line <= int(number) <= line + new.count("\n")


def test_a_circle_of_stand_ins_is_refused_at_each_member(tmp_path: Path) -> None:
    """Two purposes that stand in for each other would excuse one another."""
    folder = suite_folder(tmp_path)
    change(folder, "    hands: none\n", "    instead_of: [OCPP-K01.P002]\n")
    with pytest.raises(CatalogueError) as caught:
        load_suites(folder)
    assert [p.path for p in caught.value.problems] == ["purposes[0].instead_of", "purposes[1].instead_of"]
    assert "leads back to 'OCPP-K01.P001'" in str(caught.value)


def test_two_purposes_with_one_id_name_both_places(tmp_path: Path) -> None:
    """The second one is refused and told where the first stands, also in another file."""
    folder = suite_folder(tmp_path)
    line = change(folder, "id: OCPP-K01.P003", "id: OCPP-K01.P001")
    with pytest.raises(CatalogueError) as caught:
        load_suites(folder)
    assert str(caught.value).splitlines()[0] == (
        f"{FILE}:{line}: purposes[2].id: 'OCPP-K01.P001' is already used ({FILE}:4);"
        " take the next free number; an id is given once, for ever"
    )
    other = tmp_path / "other"
    suite_folder(other, locked=False)
    suite_folder(other, name="ocpp/K/K01b.yaml", locked=False)
    with pytest.raises(
        CatalogueError, match=r"K01b\.yaml:4: .*'OCPP-K01\.P001' is already used \(suites/ocpp/K/K01\.yaml:4\)"
    ):
        load_suites(other)


def test_a_folder_that_is_no_suite_is_refused(tmp_path: Path) -> None:
    """A suite begins with its folder's name; a misspelt one would be a suite of its own."""
    folder = suite_folder(tmp_path, name="ocp/K01.yaml", locked=False)
    with pytest.raises(CatalogueError, match="stands in 'ocp', which is no suite's folder; did you mean 'ocpp'"):
        load_suites(folder)


def test_every_problem_is_told_not_the_first_only(tmp_path: Path) -> None:
    """Whoever corrects a file wants to see all of it."""
    folder = suite_folder(tmp_path)
    change(folder, "{criterion: SC-04.2}", "{criterion: SC-99.1}")
    change(folder, "before: [booted, no_limits]", "before: [boot]")
    with pytest.raises(CatalogueError) as caught:
        load_suites(folder)
    assert len(caught.value.problems) == 2


def test_a_role_that_means_two_things_is_refused(tmp_path: Path) -> None:
    """A purpose cannot be judged by one role that is seconds for one criterion and watts for another."""
    folder = suite_folder(tmp_path)
    line = change(folder, "serves: [{criterion: SC-04.2}]", "serves: [{criterion: SC-04.6}, {criterion: BI-19.8}]")
    with pytest.raises(CatalogueError) as caught:
        load_suites(folder)
    text = str(caught.value)
    assert text.startswith(f"{FILE}:{line}: purposes[2].serves: the role 'over' means two things: at_most in A")
    assert text.endswith("; serve them by two purposes")


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        ("value: 90, unit: s, range: [60, 900], source: ours", ""),
        (
            "value: 5, unit: s, range: [60, 900], source: ours",
            "limits.asked.value: is 5 s, outside its range of 60 to 900",
        ),
        (
            "value: 90, unit: s, range: [60, 900], source: a forum, confidence: secondary",
            "limits.asked.confidence: is secondary only, and its rule decides",
        ),
    ],
)
def test_a_rules_number_makes_sense_and_decides_only_where_it_may(limit: str, says: str, tmp_path: Path) -> None:
    """A number lies in its range; one that is read in one place alone belongs to no rule that decides."""
    rule = "  - {id: OCPP-B02.R002, statement: A., readings: 2, limits: {asked: {" + limit + "}}}"
    text = f"use_case: B02\nrules:\n{rule}\n"
    try:
        load_suites(suite_folder(tmp_path, text, name="ocpp/B/B02.yaml", locked=False), references=False)
    except CatalogueError as error:
        assert says and says in str(error)
    else:
        assert not says
