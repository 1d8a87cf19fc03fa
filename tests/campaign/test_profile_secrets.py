"""The copy of a profile that leaves the bench holds no secret, in whatever way somebody wrote it into the file."""

from __future__ import annotations

import base64
from pathlib import Path
from urllib.parse import quote

import pytest
import yaml

from harness.campaign._bound import profile_text
from harness.profile import load_profile

PASSWORD, TOKEN = "s3cret/p4ss+word16", "04A2B3C4D5E6F7"
IN_EVERY_WRITING = (
    PASSWORD,
    TOKEN,
    quote(PASSWORD, safe=""),
    PASSWORD.encode().hex(),
    base64.b64encode(PASSWORD.encode()).decode()[:-1],
    base64.b64encode(f"CP-1:{PASSWORD}".encode()).decode().rstrip("="),
    base64.b64encode(f"x{PASSWORD}".encode()).decode()[2:-2],
)

PROFILE = """
product:
  {{name: N, manufacturer: M, model: "{model}", serial: S1, firmware: "1", current: [AC], sites: [public],
   bidirectional: no}}
pixit: {{identity: CP-1, {token}}}
pco:
  csms: {{security_profile: 1, {password}}}
"""

WAYS = {
    "plain": f"password: {PASSWORD}",
    "quoted key": f'"password": {PASSWORD}',
    "key in single quotes": f"'password': '{PASSWORD}'",
    "value on the next line": f"password:\n      {PASSWORD}",
    "folded over lines": 'password: "s3cret/p4ss\\\n      +word16"',
    "escaped": 'password: "\\x73\\u0033cret/p4ss+word16"',
    "key escaped": f'"pass\\x77ord": {PASSWORD}',
    "explicit key": f"? password\n    : {PASSWORD}",
    "tag": f"password: !!str {PASSWORD}",
    "anchor": f"password: &p {PASSWORD}",
    "comment after it": f"password: {PASSWORD} # {PASSWORD}\n   ",
}


def kept(folder: Path, password: str, token: str = f"id_token: {TOKEN}", model: str = "X", more: str = "") -> str:
    """The copy of a profile with these lines."""
    path = folder / "mine.yaml"
    path.write_text(PROFILE.format(password=password, token=token, model=model) + more)
    profile, _ = load_profile(str(path))
    assert profile.pco.csms is not None and profile.pco.csms.password == PASSWORD, "the way is one of YAML's"
    return profile_text(profile, path)


@pytest.mark.parametrize("way", WAYS)
def test_a_password_is_removed_however_it_was_written(tmp_path: Path, way: str) -> None:
    """Flow, quotes, next line, escapes, tags, anchors: the value is what counts. All else is still told."""
    text = kept(tmp_path, WAYS[way])
    assert not [each for each in IN_EVERY_WRITING if each.lower() in text.lower()]
    told = yaml.safe_load(text)
    assert told["pco"]["csms"] == {"security_profile": 1, "password": "(removed)"}
    assert told["product"]["serial"] == "S1" and told["pixit"]["identity"] == "CP-1"


def test_an_anchor_that_is_used_elsewhere_is_removed_there_too(tmp_path: Path) -> None:
    """And so is a block of text, and what a comment says."""
    text = kept(tmp_path, f"password: &p {PASSWORD}", more=f"documents: *p\n# the card is {TOKEN}\n")
    assert PASSWORD not in text and TOKEN not in text
    assert yaml.safe_load(text)["documents"] == "(removed)"


@pytest.mark.parametrize("writing", IN_EVERY_WRITING)
def test_a_text_that_holds_it_in_another_writing_is_removed(tmp_path: Path, writing: str) -> None:
    """Base64 alone or as credentials, hexadecimal, as in a URL."""
    text = kept(tmp_path, f"password: {PASSWORD}", model=f"see {writing}.")
    assert writing not in text
    assert yaml.safe_load(text)["product"]["model"] == "(removed)"


def test_credentials_inside_a_url_are_removed_whoever_s_they_are(tmp_path: Path) -> None:
    """The rest of the URL stays."""
    text = kept(tmp_path, f"password: {PASSWORD}", model="wss://me:hunter2@csms.test/ocpp")
    assert yaml.safe_load(text)["product"]["model"] == "wss://(removed)@csms.test/ocpp"


def test_a_short_number_under_the_key_is_removed(tmp_path: Path) -> None:
    """Four digits are a PIN; an ordinary number that is the same is not touched."""
    text = kept(tmp_path, f"password: {PASSWORD}", token='id_token: "1", evse_id: 1')
    told = yaml.safe_load(text)["pixit"]
    assert told["id_token"] == "(removed)" and told["evse_id"] == 1


def test_what_holds_no_secret_stays_as_it_is(tmp_path: Path) -> None:
    """The control: values of all kinds come back equal."""
    text = kept(tmp_path, f"password: {PASSWORD}", model="Quasar 2 (password: none)")
    told = yaml.safe_load(text)["product"]
    assert told["model"] == "Quasar 2 (password: none)" and told["current"] == ["AC"] and told["bidirectional"] is False
