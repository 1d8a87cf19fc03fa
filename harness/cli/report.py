"""`chargeproof report`: from a bundle or an evidence folder to what people and their tools read."""

from __future__ import annotations

from pathlib import Path

import click

from reports import EvidenceError, load, render_html


@click.command("report")
@click.argument("evidence", metavar="BUNDLE_OR_DIR", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where the HTML report goes.")
def report(evidence: Path, out: Path | None) -> None:
    """Write the report of a campaign from its sealed bundle or its evidence folder."""
    try:
        view = load(evidence)
    except EvidenceError as error:
        raise click.UsageError(str(error)) from error
    target = out or Path("report.html")
    target.write_text(render_html(view), "utf-8")
    click.echo(f"{view.result.decision}: {target}")
