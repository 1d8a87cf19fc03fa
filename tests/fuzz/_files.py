"""Every kind of file that comes from outside, altered, and read as the product reads it: refused in words, or read."""

from __future__ import annotations

import io
import random
import signal
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import FrameType

from cryptography.exceptions import UnsupportedAlgorithm

from ev_emulator.line._sdp import SdpError, parse_response
from ev_emulator.line._v2gtp import FrameReader, FramingError
from harness.csms.pki._pki import Pki
from harness.csms.tls._client_hello import read_client_hello
from harness.evidence import KeyFault, given_key, new_key, seal, verify
from harness.operator._scripted import load_answers
from harness.profile import ProfileError, load_profile
from harness.trace import Recorder, TraceError, read_trace
from harness.trace._pictures import picture_size
from harness.trace.logs import Log, LogError
from requirement_catalog import Catalogue, CatalogueError, load_catalogue, load_tender
from tests.attackers._csr import csr
from tests.evidence._campaign import SIGNER, campaign
from tests.fuzz._format import Format
from tests.fuzz._given import GIVEN
from tests.fuzz._octets import altered

ROOT = Path(__file__).parents[2]
_HANG_S = 20.0
_GROWTH_MB = 300.0


def octets(kind: str, seed: int, number: int) -> bytes:
    """The input of this kind with this number; always the same."""
    dice = random.Random(f"{seed}/{kind}/{number}")
    sample = dice.choice(list(FORMATS[kind].samples()))
    if kind == "bundle" and dice.random() < 0.6:
        return _repacked(sample, dice)
    return dice.randbytes(dice.randint(0, 500)) if dice.random() < 0.03 else altered(sample, dice)


def fuzz(folder: Path, kind: str, seed: int, numbers: Sequence[int]) -> list[str]:
    """Read these inputs; what was wrong, each with the octets that did it, kept in `folder`."""
    return list(_wrong(folder, kind, seed, numbers))


def _wrong(folder: Path, kind: str, seed: int, numbers: Sequence[int]) -> Iterator[str]:
    form = FORMATS[kind]
    path = folder / form.name
    form.samples()
    began_mb = _resident_mb()
    before = signal.signal(signal.SIGALRM, _hung)
    for number in numbers:
        made = octets(kind, seed, number)
        path.write_bytes(made)
        signal.setitimer(signal.ITIMER_REAL, _HANG_S)
        try:
            form.read(path)
        except form.refusals:
            pass
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            signal.setitimer(signal.ITIMER_REAL, 0)
            kept = folder / f"{kind}-{seed}-{number}"
            kept.write_bytes(made)
            yield f"{kept.name}: {type(error).__name__}: {str(error)[:200]}"
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)
    grown = _resident_mb() - began_mb
    if grown > _GROWTH_MB:
        yield f"{kind}: it grew by {grown:.0f} MB over {len(numbers)} inputs"


def _hung(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"it took more than {_HANG_S:g} s")


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


def _repacked(bundle: bytes, dice: random.Random) -> bytes:
    """A proper zip in which one member is altered, doubled or oddly named."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(bundle)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        victim = dice.choice(old.namelist())
        for name in old.namelist():
            content = old.read(name)
            if name == victim:
                content = altered(content, dice) if dice.random() < 0.8 else content
                name = name if dice.random() < 0.9 else dice.choice(("../x", "/x", "a\\b", "x" * 300, "\u202e.html"))
            new.writestr(name, content)
    return out.getvalue()


@cache
def _kit() -> Path:
    """A folder with what readers need beside the file."""
    return Path(tempfile.mkdtemp(prefix="chargeproof-fuzz-"))


@cache
def _catalogue() -> Catalogue:
    return load_catalogue()


@cache
def _pki() -> Pki:
    return Pki.create(_kit() / "pki")


@cache
def _bundle() -> tuple[bytes, ...]:
    folder = _kit() / "campaign"
    seal(campaign(folder / "evidence"), folder / "bundle.zip", SIGNER)
    return ((folder / "bundle.zip").read_bytes(),)


@cache
def _keys() -> tuple[bytes, ...]:
    made = new_key(_kit() / "key.pem")
    return made.private.read_bytes(), made.public.read_bytes()


@cache
def _trace() -> tuple[bytes, ...]:
    path = _kit() / "trace.jsonl"
    recorder = Recorder(path)
    recorder.record("case.started", "harness", {"name": "x"}, station="CS1")
    frame = '[2,"1","Heartbeat",{}]'
    recorder.record("ocpp.frame", "dut", {"conn": 1, "dir": "in", "raw": frame}, station="CS1", connection=1)
    recorder.close()
    return (path.read_bytes(),)


def _log(path: Path) -> None:
    log = Log([path], None)
    log.survey()
    list(log.in_order())


def _v2g(path: Path) -> None:
    content = path.read_bytes()
    read_client_hello(content)
    try:
        parse_response(content)
    except SdpError:
        FrameReader().feed(content)


def _folder(*names: str, ending: str) -> Callable[[], Sequence[bytes]]:
    return cache(lambda: [p.read_bytes() for name in names for p in sorted((ROOT / name).glob(f"*{ending}"))][:12])


_LOG = (
    b'{"time":"2026-11-01T10:00:00Z","station":"CP1","version":"2.0.1","event":"connected"}\n'
    b'{"time":"2026-11-01T10:00:01Z","station":"CP1","sender":"station","frame":"[2,\\"1\\",\\"Heartbeat\\",{}]"}\n'
)
_PHOTOS = (
    b"\x89PNG\r\n\x1a\n" + struct.pack("!I4sII", 13, b"IHDR", 64, 48) + bytes(9),
    b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(9) + b"\xff\xc0\x00\x11\x08\x00\x30\x00\x40\x03" + bytes(9) + b"\xff\xd9",
    b"RIFF\x24\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + bytes(10),
    b"\x00\x00\x00\x18ftypheic" + bytes(12) + b"\x00\x00\x00\x14ispe" + struct.pack("!III", 0, 64, 48),
    b'<svg xmlns="http://www.w3.org/2000/svg" width="64" height="48"/>',
    b"GIF89a\x40\x00\x30\x00",
)
FORMATS: dict[str, Format] = {
    "profile": Format(
        _folder("harness/profile/builtin", ending="emulated.yaml"),
        lambda path: load_profile(str(path)),
        (ProfileError, CatalogueError),
        "given.yaml",
    ),
    "tender": Format(
        _folder("requirement_catalog/tenders", "harness/emulator", ending=".yaml"),
        lambda path: load_tender(_catalogue(), path),
        (CatalogueError,),
        "given.yaml",
    ),
    "answers": Format(
        _folder("harness/profile/builtin", ending="_answers.yaml"), load_answers, (CatalogueError,), "answers.yaml"
    ),
    "trace": Format(_trace, read_trace, (TraceError,), "trace.jsonl"),
    "log": Format(lambda: [_LOG], _log, (LogError,), "log.jsonl"),
    "bundle": Format(_bundle, lambda path: verify(path, rejudge=True), (ValueError,), "bundle.zip"),
    "key": Format(_keys, given_key, (KeyFault,), "key.pem"),
    "request": Format(
        cache(lambda: [csr("SN-1").encode()]),
        lambda path: _pki().sign_request(path.read_text("utf-8", "replace")),
        (ValueError, TypeError, UnsupportedAlgorithm),
        "csr.pem",
    ),
    "photo": Format(lambda: _PHOTOS, lambda path: picture_size(path.read_bytes()), (), "photo.jpg"),
    "v2g": Format(
        cache(
            lambda: [b"\x01\xfe\x90\x01\x00\x00\x00\x14" + bytes(20), b"\x01\xfe\x80\x01\x00\x00\x00\x04" + bytes(4)]
        ),
        _v2g,
        (FramingError,),
        "octets",
    ),
}
FORMATS |= GIVEN
