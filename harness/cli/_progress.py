"""Live progress for the person who waits: which requirement, which step, what was measured, how long it still takes."""

from __future__ import annotations

import time
from collections.abc import Callable

from harness.cli._say import Door, Live, Text, styled
from harness.judge import Verdict, evaluate, worst
from harness.plan import Plan
from harness.trace import Event, Recorder, Trace

_COLOURED = {
    "pass": styled("[green]pass[/]"),
    "fail": styled("[bold red]fail[/]"),
    "inconclusive": styled("[yellow]inconclusive[/]"),
    "pending": styled("[yellow]pending[/]"),
    "error": styled("[red]harness error[/]"),
}
_WITHOUT_CLAIM = {"error": "error", "pending": "pending", "not_seen": "inconclusive", "completed": "inconclusive"}


class Progress:
    """Shows a running campaign: one live block on a terminal, one line a case elsewhere."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._live: Live | None = None
        self._plan: Plan | None = None
        self._recorder: Recorder | None = None
        self._title, self._step, self._measured = "The bench is made ready", "", ""
        self._criteria: list[str] = []
        self._done = 0
        self._left_s = 0.0
        self._case_s = 0.0
        self._started = time.monotonic()
        self._drawn = 0.0

    def say(self, text: str) -> None:
        """What happens before and after the cases."""
        for line in text.split("\n"):
            self._door.line("[dim]{}[/]", line)

    def watch(self, plan: Plan, recorder: Recorder) -> Callable[[], None]:
        """Start to follow a recorder; returns what stops it."""
        self._plan, self._recorder = plan, recorder
        self._left_s = plan.estimate_s
        self._titles = {case.id: case for case in plan.cases}
        if self._door.is_terminal:
            self._live = self._door.live(self._block())
            self._live.start()
        unlisten = recorder.listen(self._see)

        def stop() -> None:
            unlisten()
            if self._live is not None:
                self._live.stop()
                self._live = None

        return stop

    def _see(self, event: Event) -> None:
        kind = event.kind
        if kind == "case.started":
            self._title = str(event.data.get("title", ""))
            self._criteria = list(event.data.get("criteria", []))
            self._step = ""
            planned = self._titles.get(event.case or "")
            self._case_s = planned.estimate_s if planned else 0.0
            self._case_began = time.monotonic()
        elif kind == "case.ended":
            self._done += 1
            self._left_s = max(0.0, self._left_s - self._case_s)
            self._case_s = 0.0
            self._line(event)
        elif kind == "step.started":
            self._step = str(event.data.get("text", ""))
        elif kind == "case.broken_off":
            bound_s = event.data.get("restore_within_s", 0.0)
            self.say(f"broken off: the charger is brought back first, {bound_s:.0f} s at most; Ctrl-C again skips that")
        elif kind == "operator.prompt":
            self._step = f"waiting for a person: {event.data.get('text', '')}"
        elif kind == "bench.sample" and event.who == "bench.meter":
            values = event.data.get("values", {})
            current = max((abs(values.get(k) or 0.0) for k in ("i_l1_a", "i_l2_a", "i_l3_a")), default=0.0)
            self._measured = f"{values.get('p_w', 0.0) / 1000:+.2f} kW, {current:.1f} A per phase"
        else:
            return
        if self._live is not None and (kind != "bench.sample" or time.monotonic() - self._drawn > 0.1):
            self._drawn = time.monotonic()
            self._live.update(self._door.stack(self._block()))

    def _line(self, event: Event) -> None:
        outcome = str(event.data.get("outcome"))
        took_s = time.monotonic() - getattr(self, "_case_began", time.monotonic())
        verdicts = self._verdicts_so_far(event.case or "")
        told = [(criterion, verdicts.get(criterion, _WITHOUT_CLAIM.get(outcome, ""))) for criterion in self._criteria]
        shown = (styled("{} {}", criterion, _COLOURED.get(verdict, verdict)) for criterion, verdict in told)
        self._door.line("{}  [bold]{}[/]", f"{took_s:5.1f} s", self._title, hang=9)
        self._door.line("         {}", styled("  ").join(shown), hang=0)
        if outcome != "completed":
            self._door.line("         [dim]{}[/]", str(event.data.get("detail", ""))[:300], hang=0)

    def _verdicts_so_far(self, case: str) -> dict[str, str]:
        """What the case's own claims come to, judged as they will be in the end; only for the eye."""
        assert self._plan is not None and self._recorder is not None
        trace = Trace(e for e in self._recorder.events if e.kind != "claim" or e.case == case)
        found: dict[str, list[Verdict]] = {}
        for each in evaluate(trace, self._plan.limits):
            if not each.claim.control:
                found.setdefault(each.claim.criterion, []).append(each.finding.verdict)
        return {criterion: str(worst(verdicts)) for criterion, verdicts in found.items()}

    def _block(self) -> list[Text]:
        assert self._plan is not None
        total = sum(case.run for case in self._plan.cases)
        left_s = max(0.0, self._left_s - min(self._case_s, time.monotonic() - getattr(self, "_case_began", 0.0)))
        requirement = sorted({c.split(".")[0] for c in self._criteria})
        return [
            styled("[bold]{}  {}[/]", ", ".join(requirement), self._title),
            styled("  step      {}", self._step),
            styled("  measured  {}", self._measured),
            styled("[dim]  case {} of {}, about {} s left[/]", min(self._done + 1, total), total, f"{left_s:.0f}"),
        ]
