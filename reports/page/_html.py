"""The HTML report: one self-contained file; what a charger says is escaped, and nothing is fetched or run from it."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

import jinja2
from markupsafe import Markup

from reports._results import spans
from reports._text import day, number, seconds, shortened, visible
from reports._view import EvidenceView
from reports._words import CONFIDENCES, OBLIGATIONS, PHASES, PROOFS, SORTS, actor
from reports.page._caveats import default_limits, meanings
from reports.page._page import Page, page
from reports.page._surroundings import beyond, instruments, surroundings, versions

TEMPLATES = Path(__file__).parent / "templates"


def render_html(view: EvidenceView) -> str:
    """One HTML file: no external asset, readable without JavaScript, made to be printed on A4 and signed.

    Of evidence that does not hold or could not be checked (`view.unsound`) it says so on its first line, its title and
    every printed page, and it wears no GO.
    """
    content = page(view)
    style = _style(content)
    script = (TEMPLATES / "script.js").read_text("utf-8")
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            page=content,
            view=view,
            plan=view.plan,
            result=view.result,
            statements={c.id: c.statement for r in view.result.requirements for c in r.criteria} | {"": ""},
            instruments=instruments(view),
            beyond=beyond(view),
            surroundings=surroundings(view),
            versions=versions(view),
            defaults=default_limits(view),
            meanings=meanings(view),
            known_sources={limit.source for by_role in view.plan.limits.values() for limit in by_role.values()},
            confidences=list(CONFIDENCES.values()),
            basis=view.basis,
            sorts=SORTS,
            style=Markup(style),
            style_hash=_csp_hash(style),
            script=Markup(script),
            script_hash=_csp_hash(script),
        )
    )


def _environment() -> jinja2.Environment:
    env = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        finalize=visible,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "actor": actor,
        "capfirst": lambda text: text[:1].upper() + text[1:],
        "confidence": lambda c: CONFIDENCES[c][0],
        "day": lambda iso: day(str(iso)),
        "grouped": lambda digest: " ".join(digest[n : n + 8] for n in range(0, len(digest), 8)),
        "in_order": _in_order,
        "num": lambda value, like=0.0: number(value, like=like),
        "obligation": lambda o: OBLIGATIONS[o],
        "phase": lambda p: PHASES[p],
        "proof": lambda p: PROOFS.get(p, p),
        "seconds": seconds,
        "short": shortened,
        "spans": spans,
    }
    return env


def _in_order(groups: Sequence[Any], requirements: Sequence[Any]) -> list[Any]:
    """Groups in the order in which they first occur, not in the alphabet's."""
    families = [r.family for r in requirements]
    return sorted(groups, key=lambda group: families.index(group[0]))


def _style(content: Page) -> str:
    told, dut = content.view.result.tested, content.view.plan.dut
    emulated = "EMULATED · " if content.view.emulated else ""
    unsound = f"{content.unsound} · " if content.unsound else ""
    serial = told.serial or f"{dut.serial} (declared only)"
    digest = content.view.bundle_sha256
    texts: Mapping[str, str] = {
        "head": f"chargeproof acceptance report · {content.maker} {content.model} · {serial}",
        "stamp": f"{unsound}{emulated}{content.decision.word}",
        "foot": f"Evidence SHA-256 {digest}" if digest else "Evidence not sealed yet",
    }
    paper = Template((TEMPLATES / "print.css").read_text("utf-8")).substitute(
        {name: _css_string(text) for name, text in texts.items()}
    )
    return (TEMPLATES / "style.css").read_text("utf-8") + paper


def _css_string(text: str) -> str:
    """A CSS string literal: everything but letters and digits is written as an escape, so nothing can leave it."""
    safe = str(visible(shortened(text, 120)))
    return '"' + "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in safe) + '"'


def _csp_hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
