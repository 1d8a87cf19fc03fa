"""What two readers could read as two things is refused, in sealing and in verifying alike."""

from __future__ import annotations

import base64
import json
import random
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.evidence import SealError, seal, verify
from harness.evidence.bundle import _model, _zip
from harness.evidence.bundle._strict_json import MOST_DEEP, JsonFault, decode, twice
from harness.evidence.bundle._survey import survey
from harness.trace import line_hash
from tests.evidence._campaign import SIGNER, campaign, seal_by_hand

NAMES = ("plan.json", "verdicts.json", "dut.json", "environment.json")


def _resealed(sealed_raw: bytes, path: Path, **changed: bytes) -> list[str]:
    """The problems of a bundle whose files were altered and which was signed again with the right key."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    files |= {name.replace("_json", ".json").replace("_jsonl", ".jsonl"): raw for name, raw in changed.items()}
    seal_by_hand(files, SIGNER)
    path.write_bytes(_zip.build(sorted(files.items())))
    return [str(p) for p in verify(path, SIGNER.public).problems]


def _twice(raw: bytes, key: str) -> bytes:
    """The same text with one more member of that name at the front of the object it stands in."""
    spelled = b'"%s":' % key.encode()
    assert spelled in raw
    return raw.replace(spelled, spelled + b' "x", ' + spelled, 1)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("verdicts.json", "decision"),
        ("plan.json", "emulated"),
        ("plan.json", "until"),
        ("dut.json", "reported"),
        ("environment.json", "chargeproof"),
    ],
)
def test_a_key_that_stands_twice_is_refused_by_both(
    evidence: Path, tmp_path: Path, sealed_raw: bytes, name: str, key: str
) -> None:
    """Sealing and verifying name the file and the key; the last one wins for some readers, the first for others."""
    raw = (evidence / name).read_bytes()
    spoiled = (
        _twice(raw, key) if f'"{key}":'.encode() in raw else raw.rstrip()[:-1] + b', "x": {"until": 1, "until": 2}}'
    )
    (evidence / name).write_bytes(spoiled)
    with pytest.raises(SealError, match=f"{name}: holds the key '{key}' twice"):
        seal(evidence, tmp_path / "b.zip", SIGNER)
    problems = _resealed(sealed_raw, tmp_path / "b.zip", **{name.replace(".json", "_json"): spoiled})
    assert f"{name}: holds the key '{key}' twice in one object" in problems


def test_a_key_that_is_spelled_in_two_ways_stands_twice(sealed_raw: bytes, tmp_path: Path) -> None:
    """`decision` and `\\u0064ecision` are one key."""
    files = survey(sealed_raw).files
    raw = bytes(files["verdicts.json"])
    spoiled = raw.replace(b'"decision":', b'"\\u0064ecision": "HOLD", "decision":', 1)
    assert "verdicts.json: holds the key 'decision' twice in one object" in _resealed(
        sealed_raw, tmp_path / "b.zip", verdicts_json=spoiled
    )


def test_the_manifest_and_the_statement_are_read_so_too(sealed_raw: bytes, tmp_path: Path) -> None:
    """Also where the signature fits every byte."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    envelope = msgspec.json.decode(files["attestation.dsse.json"])
    payload = base64.b64decode(envelope["payload"]).replace(b'"decision":', b'"decision": "HOLD", "decision":', 1)
    files["attestation.dsse.json"] = _model.to_json(SIGNER.envelope(payload))
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    report = verify(tmp_path / "b.zip", SIGNER.public)
    assert [p.what for p in report.problems] == ["the signed payload holds the key 'decision' twice in one object"]
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()}
    files["manifest.json"] = _twice(files["manifest.json"], "created")
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    assert not verify(tmp_path / "b.zip", SIGNER.public).holds


def _chained(lines: list[bytes]) -> bytes:
    """A journal whose chain fits again."""
    prev, out = "0" * 64, []
    for line in lines:
        start = line.rindex(b'"prev":"') + 8
        out.append(line[:start] + prev.encode() + line[start + 64 :])
        prev = line_hash(out[-1])
    return b"\n".join([*out, b""])


@pytest.mark.parametrize("where", ["top", "data"])
def test_a_line_of_the_trace_with_a_key_twice_is_refused_by_both(evidence: Path, tmp_path: Path, where: str) -> None:
    """Though its chain fits, and whichever reader's line was meant."""
    lines = (evidence / "trace.jsonl").read_bytes().split(b"\n")[:-1]
    old, new = (b'"kind":', b'"kind":"claim","kind":') if where == "top" else (b'"i_l1_a":', b'"i_l1_a":1.0,"i_l1_a":')
    number = next(n for n, line in enumerate(lines) if b'"i_l1_a":' in line)
    lines[number] = lines[number].replace(old, new, 1)
    seal(campaign(tmp_path / "honest"), tmp_path / "honest.zip", SIGNER)
    (evidence / "trace.jsonl").write_bytes(_chained(lines))
    key = "kind" if where == "top" else "i_l1_a"
    with pytest.raises(SealError, match=f"line {number + 1} holds the key '{key}' twice"):
        seal(evidence, tmp_path / "b.zip", SIGNER)
    from harness.evidence.bundle._chain import chain_problems

    (problem,) = chain_problems((evidence / "trace.jsonl").read_bytes(), None)
    assert (problem.line, problem.what) == (number + 1, f"line {number + 1} holds the key '{key}' twice in one object")


def test_a_trace_written_another_way_is_no_fault(evidence: Path) -> None:
    """Blanks between members, and keys that a later version adds: unusual, and clear."""
    from harness.evidence.bundle._chain import chain_problems

    lines = (evidence / "trace.jsonl").read_bytes().split(b"\n")[:-1]
    lines = [line.replace(b'"kind":', b'"later": {"a": 1}, "kind": ', 1) for line in lines]
    assert chain_problems(_chained(lines), None) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("attachments/a.pdf", "attachments/A.pdf"),
        ("attachments/Ladesa\u0308ule.txt", "attachments/Ladesäule.txt"),
        ("attachments/ﬁle.txt", "attachments/file.txt"),
        ("attachments/Ⅳ", "attachments/iv"),
        ("attachments/straße", "attachments/STRASSE"),
        ("attachments/a.txt", "attachments/a.txt."),
        ("Attachments/x", "attachments/X"),
        ("note", "note/inside"),
        ("Note", "note/inside"),
        ("VERDICTS.json", "verdicts.json"),
    ],
)
def test_twin_names_are_refused_by_both(tmp_path: Path, sealed_raw: bytes, one: str, other: str) -> None:
    """Unpacked on another system, one would stand in the other's place."""
    files = {n: bytes(d) for n, d in survey(sealed_raw).files.items()} | {one: b"1", other: b"2"}
    (tmp_path / "b.zip").write_bytes(_zip.build(sorted(files.items())))
    assert any(_zip.TWINS in str(p) for p in verify(tmp_path / "b.zip").problems)
    folder = campaign(tmp_path / "evidence")
    try:
        for name in (one, other):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(b"{}") if not (folder / name).exists() else None
    except OSError:
        return  # this file system knows no such pair
    with pytest.raises(SealError):
        seal(folder, tmp_path / "c.zip", SIGNER)


def test_names_that_only_look_alike_are_two(tmp_path: Path) -> None:
    """The control: other letters, other numbers, a folder beside a longer name."""
    assert _zip.twins(["a/b", "a.b", "ab", "a1", "a2", "Ladesäule", "Ladesaule"]) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b'{"a":1,"a":1}', "twice"),
        (b'[{"b":{"a":1,"\\u0061":2}}]', "twice"),
        (b"1e999", "no number"),
        (b"-1e999", "no number"),
        (b"NaN", "no number"),
        (b"Infinity", "no number"),
        (b"9" * 5000, "is not JSON"),
        (b'"\\ud800"', "half a character"),
        (b'{"\\udfff":1}', "half a character"),
        (b'"\xff"', "not UTF-8"),
        (b"[" * 200 + b"]" * 200, "levels deep"),
        (b"[" * 200_000, "levels deep"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "levels deep"),
        (b"", "is not JSON"),
        (b"{} {}", "is not JSON"),
        (b"\xef\xbb\xbf{}", "is not JSON"),
    ],
)
def test_what_is_no_json_to_everybody_is_named(text: bytes, words: str) -> None:
    """A sentence, and never an exception of another kind."""
    with pytest.raises(JsonFault, match=words):
        decode(text)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(_VALUES)
def test_all_other_json_is_read_as_it_is(value: object) -> None:
    """The control: what json writes comes back the same."""
    assert decode(json.dumps(value).encode()) == value
    assert twice(json.dumps(value, ensure_ascii=False).encode()) == ""


@given(_VALUES, st.randoms(use_true_random=False))
def test_a_key_put_in_a_second_time_anywhere_is_found(value: object, chance: random.Random) -> None:
    """Wherever the object stands."""
    outer = {"first": value, "here": {"k": 1}, "last": [value]}
    text = json.dumps(outer).replace('{"k": 1}', f'{{"k": 1, "k": {chance.randint(0, 9)}}}')
    assert "'k' twice" in twice(text.encode())


def test_depth_that_is_allowed_is_read() -> None:
    """The bound itself passes, one more does not."""
    assert twice(b"[" * MOST_DEEP + b"]" * MOST_DEEP) == ""
    assert twice(b"[" * (MOST_DEEP + 2) + b"]" * (MOST_DEEP + 2)) != ""
