"""Bad files: every text says the file, the line, the place, what is wrong and what would be right."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from requirement_catalog import CatalogueError, Requirement, load_catalogue, read_record
from requirement_catalog.reading._check import as_record
from requirement_catalog.reading._yaml import parse_yaml
from tests.catalog._copies import change, copy_of_catalogue

TABLE = "d5_4/smart_charging.yaml"
GENERIC = "d5_4/generic.yaml"
TENDER = "tenders/default.yaml"

# what is changed (file, old, new), and what the error must say behind "file:line: "
BROKEN = {
    "unknown key": (
        TABLE, "        verified_by: test\n", "        verifed_by: test\n",
        "requirements[0].criteria[0].verifed_by: 'verifed_by' is not a known key here; did you mean 'verified_by'?",
    ),
    "wrong choice": (
        TABLE, "verified_by: test", "verified_by: tested",
        "requirements[0].criteria[0].verified_by: 'tested' is not allowed;"
        " allowed are: test, operator_inspection, document_review, log_analysis",
    ),
    "number where text belongs": (
        TABLE, 'number: "5"', "number: 5",
        "requirements[1].source.number: is the value '5'; text is wanted: write \"5\" in quotes",
    ),
    "text where a number belongs": (
        TENDER, "value: 10\n", "value: ten\n",
        "parameters[0].value: is text 'ten'; a number is wanted, without quotes or a unit",
    ),
    "unit in a number": (
        TENDER, "value: 10\n", "value: 10 s\n",
        "parameters[0].value: is text '10 s'; a number is wanted, without quotes or a unit",
    ),
    "not finite": (TENDER, "value: 10\n", "value: .nan\n",
        "parameters[0].value: is not a finite number; write an ordinary number"),
    "empty text": (GENERIC, "title: Which charging points the requirements hold for", 'title: ""',
        "requirements[0].title: is empty; write some text, or leave the key out"),
    "left empty": (GENERIC, "title: Which charging points the requirements hold for", "title:",
        "requirements[0].title: is left empty; text is wanted"),
    "no list": (GENERIC, "binds: [contractor]", "binds: contractor",
        "requirements[0].binds: is text 'contractor'; write a list: [first, second]"),
    "bad id": (TABLE, "id: SC-05\n", "id: SC-5\n",
        "requirements[1].id: 'SC-5' is no requirement id; write it like \"SC-04\""),
    "foreign criterion": (
        TABLE, "id: SC-05.1\n", "id: SC-06.1\n",
        "requirements[1].criteria[0].id: 'SC-06.1' does not belong to SC-05; write SC-05.1",
    ),
    "unknown feature": (
        TABLE, "feature: smart_charging", "feature: smart_charge",
        "requirements[0].criteria[0].feature: 'smart_charge' is not in features.yaml; did you mean 'smart_charging'?",
    ),
    "unknown contract parameter": (
        TABLE, "contract: setpoint.response_time", "contract: setpoint.reponse_time",
        "requirements[0].criteria[0].limits.response.contract: no contract parameter is called 'setpoint.reponse_time';"
        " did you mean 'setpoint.response_time'?",
    ),
    "units differ": (
        TABLE, "{contract: setpoint.command_answer_time}", "{unit: ms, contract: setpoint.command_answer_time}",
        "requirements[0].criteria[0].limits.answer.unit: setpoint.command_answer_time is in s, the limit in ms;"
        " use one unit",
    ),
    "a tolerance in another unit": (
        TABLE, "value: 0, unit: A,", "value: 0, unit: W,",
        "requirements[0].criteria[5].limits.over.unit: setpoint.current_tolerance is in A, the limit in W;"
        " use one unit",
    ),
    "two numbers": (
        TABLE, "{contract: setpoint.command_answer_time}",
        "{contract: setpoint.command_answer_time, reference: ocpp.least_tls_version}",
        "requirements[0].criteria[0].limits.answer: has contract and reference;"
        " give exactly one of `value`, `contract` and `reference`",
    ),
    "no number": (
        TABLE, "{contract: setpoint.command_answer_time}", "{unit: s}",
        "requirements[0].criteria[0].limits.answer: has no number;"
        " give exactly one of `value`, `contract` and `reference`",
    ),
    "unknown reference number": (
        TABLE, "reference: ocpp.least_tls_version", "reference: ocpp.last_tls_version",
        "requirements[2].criteria[3].limits.least_tls.reference: no reference number is called 'ocpp.last_tls_version';"
        " did you mean 'ocpp.least_tls_version'?",
    ),
    "a value without a range": (
        TABLE, "range: [0, 1], ", "",
        "requirements[0].criteria[5].limits.over: has a value of its own and no `range`; add `range:`",
    ),
    "a value out of its range": (
        TABLE, "{value: 0, unit: A", "{value: -100, unit: A",
        "requirements[0].criteria[5].limits.over.value: -100 A makes no sense here; write a number from 0 to 1 A",
    ),
    "a role that is none": (
        TABLE, "answer: {contract", "Answer time: {contract",
        "requirements[0].criteria[0].limits.Answer time: 'Answer time' is no role;"
        " write it in small letters: response, zero_current",
    ),
    "a parameter out of its range": (
        TENDER, "value: 98\n", "value: 105\n",
        "parameters[16].value: 105 % makes no sense here; write a number from 50 to 100 %",
    ),
    "a range of one number": (
        TENDER, "range: [50, 100]", "range: [50]",
        "parameters[16].range: has 1 entries; write 2 in brackets: [0.5, 60]",
    ),
    "a range that is none": (
        TENDER, "range: [50, 100]", "range: [100, 50]",
        "parameters[16].range: ends below its beginning; write it as [least, most]",
    ),
    "unknown party": (TABLE, "binds: [station]", "binds: [statoin]",
        "requirements[0].binds[0]: 'statoin' is not a party; did you mean 'station'?"),
    "unknown current": (TABLE, "applies_when: {current: [AC]}", "applies_when: {current: [ac]}",
        "requirements[0].criteria[1].applies_when.current[0]: 'ac' is not known; known are: AC, DC"),
    "unknown standard": (
        TABLE, 'standards: [{standard: IEC 61851-1, edition: "2017"}]', 'standards: [{standard: IEC 61815-1}]',
        "requirements[3].criteria[0].documents[0].standards[0].standard:"
        " 'IEC 61815-1' is not in standards.yaml; did you mean 'IEC 61851-1'?",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_error_text_names_line_place_and_remedy(name: str, tmp_path: Path) -> None:
    """Each kind of mistake is answered with its own line, in full."""
    file, old, new, says = BROKEN[name]
    folder = copy_of_catalogue(tmp_path)
    line = change(folder, file, old, new)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert str(caught.value).splitlines()[0] == f"{file}:{line}: {says}"


def test_a_missing_key_says_what_to_add(tmp_path: Path) -> None:
    """The line is that of the group in which the key is missing."""
    folder = copy_of_catalogue(tmp_path)
    line = change(folder, TABLE, "        verified_by: test\n", "")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert str(caught.value) == (
        f"{TABLE}:{line - 2}: requirements[0].criteria[0]: 'verified_by' is missing; "
        "add `verified_by:` with one of: test, operator_inspection, document_review, log_analysis"
    )


def test_duplicate_ids_name_both_places(tmp_path: Path) -> None:
    """A second criterion with an id that is taken names where the first one stands."""
    folder = copy_of_catalogue(tmp_path)
    first = change(folder, TABLE, "id: SC-04.1\n", "id: SC-04.1\n")
    second = change(folder, TABLE, "id: SC-04.2\n", "id: SC-04.1\n")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert f"{TABLE}:{second}: requirements[0].criteria[1].id: 'SC-04.1' is already used ({TABLE}:{first})" in str(
        caught.value
    )


def test_a_number_that_nobody_uses_is_refused(tmp_path: Path) -> None:
    """It would be shown and agreed, and change no verdict."""
    folder = copy_of_catalogue(tmp_path)
    change(folder, GENERIC, "          interval: {contract: audit.interval}\n", "")
    line = change(folder, TENDER, "name: audit.interval\n", "name: audit.interval\n")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert str(caught.value) == (
        f"{TENDER}:{line}: parameters[58].name: 'audit.interval' is used by no criterion, so it decides nothing; "
        "name it under a criterion's `limits:`, or remove it"
    )


def test_a_parameter_that_stands_twice_names_the_first(tmp_path: Path) -> None:
    """Two numbers of one name would leave open which one counts."""
    folder = copy_of_catalogue(tmp_path)
    first = change(folder, TENDER, "name: setpoint.response_time", "name: setpoint.response_time")
    second = change(folder, TENDER, "name: setpoint.dwell", "name: setpoint.response_time")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    says = f"'setpoint.response_time' is already used ({TENDER}:{first}); give it another name"
    assert f"{TENDER}:{second}: parameters[1].name: {says}" in str(caught.value)


def test_a_gating_limit_that_decides_nothing_is_refused(tmp_path: Path) -> None:
    """SC-07.8's unread number may inform, but may not become mandatory."""
    folder = copy_of_catalogue(tmp_path)
    change(folder, TABLE, "obligation: information", "obligation: mandatory")
    with pytest.raises(
        CatalogueError, match="this limit is only secondary: it could never pass; use a contract parameter"
    ):
        load_catalogue(folder)


def test_every_problem_is_listed_not_the_first_only(tmp_path: Path) -> None:
    """Two mistakes in two files give two lines."""
    folder = copy_of_catalogue(tmp_path)
    change(folder, TABLE, "verified_by: test", "verified_by: tested")
    change(folder, GENERIC, "binds: [contractor]", "binds: contractor")
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder)
    assert [p.file for p in caught.value.problems] == [GENERIC, TABLE]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: 1\na: 2\n", "f.yaml:2: a: is given twice (first on line 1); keep one of them"),
        ("", "f.yaml:1: (the whole file): is empty; write at least one key"),
        ("a: [1, 2\nb: 3\n", "f.yaml:2: (the whole file): is not YAML"),
        ("a: !!python/name:os.system\n", "f.yaml:1: a: has the tag"),
        ("a: &x [*x]\n", "f.yaml:1: a[0]: refers to itself; write the values out"),
        ("? [1, 2]\n: 3\n", "f.yaml:1: (the whole file): has a key that is not a word"),
        (
            "a: " + "[" * 5000,
            "f.yaml:1: (the whole file): is nested too deep; check for brackets that are never closed",
        ),
        ("a: \x07\n", "f.yaml:1: (the whole file): is not YAML"),
    ],
)
def test_yaml_mistakes_name_their_line(text: str, says: str) -> None:
    """What is not YAML at all is answered with file and line too, and nothing in a file is ever executed."""
    with pytest.raises(CatalogueError) as caught:
        parse_yaml(text, "f.yaml")
    assert str(caught.value).startswith(says)


def test_a_file_that_unfolds_without_end_is_stopped() -> None:
    """Nine levels of references to references would be a billion values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    with pytest.raises(CatalogueError, match="is nested too deep or too large"):
        parse_yaml("\n".join(lines), "f.yaml")


def test_unreadable_files_say_so(tmp_path: Path) -> None:
    """A file that is absent, and one that is not text."""
    with pytest.raises(CatalogueError, match=r"nowhere\.yaml:1: .*cannot be read \(No such file or directory\)"):
        read_record(tmp_path / "nowhere.yaml", Requirement)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"a: 1\nb: \xff\xfe\n")
    with pytest.raises(CatalogueError, match=r"binary\.yaml:2: .*is not UTF-8 text; save it as UTF-8"):
        read_record(binary, Requirement)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab:[]{}-&*!|>#\"' \n\t0.%@?"), max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    """Whatever stands in a file, the answer is data or a CatalogueError whose lines exist in the file."""
    try:
        parse_yaml(text, "f.yaml")
    except CatalogueError as error:
        assert error.problems
        assert all(1 <= p.line <= text.count("\n") + 2 for p in error.problems)


class _Small(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    size: float = 0.0


@settings(max_examples=200, deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda x: st.lists(x, max_size=3)))
def test_the_check_never_lets_a_wrong_value_through(value: object) -> None:
    """A record that comes back holds text and a number; everything else is a CatalogueError."""
    located = parse_yaml("name: x\nsize: 1\n", "f.yaml")
    located.data["name"] = value
    try:
        record = as_record(located, _Small)
    except CatalogueError as error:
        assert error.problems[0].line == 1
    else:
        assert isinstance(record.name, str) and record.name.strip()
