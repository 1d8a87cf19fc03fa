"""From files to verdicts: logs of others, captures of others, and evidence of our own."""

from harness.cli.judged._captures import OF, judged_captures
from harness.cli.judged._logs import is_evidence, judged_evidence, judged_log

__all__ = ["OF", "is_evidence", "judged_captures", "judged_evidence", "judged_log"]
