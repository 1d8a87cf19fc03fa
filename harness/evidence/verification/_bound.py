"""What the trace binds by digest: the plan, what it was made from, and the papers and photos that were seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from harness.decision import bound_problems
from harness.evidence.bundle import _model
from harness.evidence.bundle._problem import Problem
from harness.plan import Plan
from harness.trace import Trace

_MOST = 8  # named of one kind
_PAPERS, _PHOTOS = "attachments/documents", "attachments"
Files = Mapping[str, bytes | memoryview]


def unbound(plan: Plan, trace: Trace, files: Files) -> list[Problem]:
    """Every file that is not the one which the campaign began with, or saw on its way; what would be right.

    Of a trace of schema 1 there is nothing to compare.
    """
    found = [_plan(sentence) for sentence in bound_problems(plan, _digest(files[_model.PLAN]), trace)]
    return found or [*_beside(plan, trace, files), *_seen(trace, files)]


def _plan(sentence: str) -> Problem:
    if sentence.startswith("the trace"):
        return Problem(where=_model.TRACE, what=f"is not of the campaign in {_model.PLAN}: {sentence}", line=1)
    what = f"was altered, or is not of this trace: {sentence}; put back the file that the campaign wrote"
    return Problem(where=_model.PLAN, what=what)


def _beside(plan: Plan, trace: Trace, files: Files) -> Iterator[Problem]:
    """The files that lay beside the plan before the first stimulus."""
    wrote = trace[0].data.get("files")
    if not isinstance(wrote, dict):
        yield Problem(where=_model.TRACE, what="does not say in its first event what lay beside the plan", line=1)
        return
    must = {_model.CATALOGUE, _model.ENVIRONMENT, _model.PROFILE, _model.SUITES}
    must |= {_model.OVERLAY} if plan.bound.overlay else set()
    for name in sorted(must - wrote.keys()):
        yield Problem(where=_model.TRACE, what=f"does not hold the digest of {name} in its first event", line=1)
    for name, digest in list(wrote.items())[:100]:
        yield from _held(str(name), digest, files, "when the campaign began")
    if _model.OVERLAY in files and _model.OVERLAY not in wrote:
        yield Problem(where=_model.OVERLAY, what="was put there: the campaign began without a client's overlay")
    for name, digest in ((_model.PROFILE, plan.bound.profile), (_model.OVERLAY, plan.bound.overlay)):
        if digest and wrote.get(name) != digest:
            what = f"is not the {name} that {_model.PLAN} was made from (SHA-256 {digest[:16]}…)"
            yield Problem(where=name, what=what)


def _seen(trace: Trace, files: Files) -> Iterator[Problem]:
    """Papers that were reviewed and photos that a person took."""
    seen: dict[str, object] = {}
    for event in trace.of("document.reviewed"):
        if isinstance(event.data.get("file"), str) and event.data.get("file_sha256"):
            seen[f"{_PAPERS}/{event.data['file']}"] = event.data["file_sha256"]
    for event in trace.of("operator.answer"):
        photo = event.data.get("photo")
        if isinstance(photo, dict):
            seen[f"{_PHOTOS}/{photo.get('file')}"] = photo.get("sha256")
    for event in trace.of("file.kept"):
        seen[str(event.data.get("file"))] = event.data.get("sha256")
    wrong = [problem for name, digest in seen.items() for problem in _held(name, digest, files, "in the test")]
    wrong += _put_there(trace, files)
    yield from wrong[:_MOST]
    if len(wrong) > _MOST:
        yield Problem(where=_PHOTOS, what=f"and {len(wrong) - _MOST} more files are not those of the test")


def _put_there(trace: Trace, files: Files) -> Iterator[Problem]:
    """Papers and records that nobody reviewed: they would seem to have been there. Older traces do not tell."""
    kept = {str(event.data.get("file")) for event in trace.of("file.kept")}
    for name in sorted(files) if kept else ():
        if name.startswith(f"{_PAPERS}/") and name not in kept:
            yield Problem(where=name, what="was put there: it was not among the papers that were reviewed; remove it")


def _held(name: str, digest: object, files: Files, when: str) -> Iterator[Problem]:
    if name not in files:
        yield Problem(where=name, what=f"is missing: it was there {when}; put it back")
    elif (now := _digest(files[name])) != digest:
        what = f"was altered: its SHA-256 was {str(digest)[:16]}… {when}, and is {now[:16]}…; put back the original"
        yield Problem(where=name, what=what)


def _digest(raw: bytes | memoryview) -> str:
    return hashlib.sha256(raw).hexdigest()
