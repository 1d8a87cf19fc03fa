"""More of what people and suppliers give: papers, cars, roots, mappings, photos to keep, requests to the page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from ev_emulator import load_vehicle
from ev_emulator.vehicle._yaml import VehicleError
from harness.csms.pki._issuing import key_pem, new_authority, pem
from harness.csms.pki._kept import kept_authority
from harness.documents import load_documents
from harness.evidence import Surrogates
from harness.operator import BadAnswer
from harness.operator._http import _parse
from harness.operator._outside import is_ours
from harness.operator._photo import checked_photo
from harness.operator._strip import stripped
from harness.trace import picture_size
from harness.trace.logs import CsvMapping
from requirement_catalog import CatalogueError, read_record, sample_documents
from tests.evidence.test_secrets_everywhere import SAID
from tests.fuzz._format import Format
from tests.operator.test_photos import PNG, VP8, WITH_MORE, jpeg, riff

ROOT = Path(__file__).parents[2]
_MAPPING = b"""delimiter: ";"
columns: {time: when, station: who, sender: from, frame: text}
"""
_HEAD = (
    b"POST /word/answer/1?value=yes&observer=Kim&photo=a.jpg HTTP/1.1\r\nHost: 192.168.1.10:8080\r\n"
    b"Origin: http://192.168.1.10:8080\r\nContent-Length: 3\r\nSec-Fetch-Site: same-origin\r\n\r\n",
    b"GET /word/prompts?after=3 HTTP/1.1\r\nHost: [fe80::1]:8080\r\n\r\n",
)


def _papers(path: Path) -> None:
    load_documents(path.parent)


def _photo(path: Path) -> None:
    """What is kept is a picture of the size that was told, and holds nothing more to take out."""
    kept = checked_photo(path.read_bytes(), "photo.jpg", 0)
    assert picture_size(kept.content) == (kept.width_px, kept.height_px)
    assert stripped(kept.content) == kept.content


@cache
def _roots() -> tuple[bytes, ...]:
    made = new_authority("A root", "ec"), new_authority("Another", "rsa")
    return tuple((pem(each.certificate) + key_pem(each.key)).encode() for each in made)


def _authority(path: Path) -> None:
    path.with_suffix(".key").write_bytes(path.read_bytes())
    kept_authority(path.parent, path.stem)


def _page(path: Path) -> None:
    request, length = _parse(path.read_bytes().split(b"\r\n\r\n")[0])
    is_ours(request.headers.get("host", ""), ("bench",))
    assert length >= 0


@cache
def _frames() -> tuple[bytes, ...]:
    return tuple(json.dumps([2, "1", action, say(secret)]).encode() for action, secret, say in SAID.values())


def _replaced(path: Path) -> None:
    """A charger may send anything: what leaves the bench is as long, and never raises."""
    raw = path.read_bytes().decode("utf-8", "surrogateescape").encode("utf-8", "replace").decode()
    data = {"conn": 1, "dir": "in", "raw": raw, "action": "DataTransfer"}
    surrogates = Surrogates(bytes(32), [("s3cret-s3cret-16", "secret")])
    surrogates.learn("ocpp.frame", data)
    assert len(surrogates("ocpp.frame", data)["raw"]) == len(raw)
    surrogates("harness.error", {"detail": raw})


GIVEN: dict[str, Format] = {
    "paper": Format(
        cache(lambda: [p.read_bytes() for p in sorted(sample_documents().glob("*.yaml"))][:20]),
        _papers,
        (CatalogueError,),
        "given.yaml",
    ),
    "vehicle": Format(
        cache(lambda: [p.read_bytes() for p in sorted((ROOT / "ev_emulator/vehicles").glob("*.yaml"))]),
        lambda path: load_vehicle(path),
        (VehicleError,),
        "given.yaml",
    ),
    "mapping": Format(lambda: [_MAPPING], lambda path: read_record(path, CsvMapping), (CatalogueError,), "given.yaml"),
    "root": Format(_roots, _authority, (ValueError, TypeError), "root.pem"),
    "kept_photo": Format(
        cache(lambda: [*WITH_MORE.values(), PNG, jpeg(), riff(VP8)]), _photo, (BadAnswer,), "photo.jpg"
    ),
    "page": Format(lambda: _HEAD, _page, (ValueError,), "head"),
    "frame": Format(_frames, _replaced, (), "frame"),
}
