"""The decision: from findings to verdicts per criterion, and from those to GO or HOLD."""

from harness.decision._criterion import criterion_result
from harness.decision._decide import decide

__all__ = ["criterion_result", "decide"]
