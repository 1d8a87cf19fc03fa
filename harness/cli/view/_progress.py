"""Live progress for the person who waits: which purposes under what, which step, what was measured, how much longer."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import msgspec

from harness.cli._say import Door, Live, Text, styled
from harness.cli.view._waiting import Waiting
from harness.judge import Conditions, Judged, Verdict, evaluate, judge_named, worst
from harness.plan import Plan
from harness.trace import Event, Recorder, Trace

_IF_CONTROLLED = "pass, if its control holds"  # which is shown by another case, and known at the end
_COLOURED = {
    "pass": styled("[green]pass[/]"),
    "fail": styled("[bold red]fail[/]"),
    "inconclusive": styled("[yellow]inconclusive[/]"),
    "pending": styled("[yellow]pending[/]"),
    "error": styled("[red]harness error[/]"),
    _IF_CONTROLLED: styled("[yellow]{}[/]", _IF_CONTROLLED),
}
JUDGED_LIVE = 60_000  # events; a longer trace is judged at the end only: the charger must not wait for our reading
_WITHOUT_CLAIM = {"error": "error", "pending": "pending", "not_seen": "inconclusive", "completed": "inconclusive"}


class Progress:
    """Shows a running campaign: one live block on a terminal, one line a case elsewhere."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self._live: Live | None = None
        self._plan: Plan | None = None
        self._recorder: Recorder | None = None
        self._title, self._step, self._measured = "The bench is made ready", "", ""
        self._purposes: list[str] = []
        self._under = ""
        self._done = 0
        self._left_s = 0.0
        self._case_s = 0.0
        self._left_at_worst_s = 0.0  # as long as every wait may last
        self._case_at_worst_s = 0.0
        self._case_began = time.monotonic()
        self._drawn = 0.0
        self._waiting = Waiting(self.say)
        self._gone = False  # the charger, which was said once
        self._untried = 0  # cases that need it, and that nothing was printed of

    def say(self, text: str) -> None:
        """What happens before and after the cases."""
        self._waiting.spoke()
        for line in text.split("\n"):
            self._door.line("[dim]{}[/]", line)

    def watch(self, plan: Plan, recorder: Recorder) -> Callable[[], None]:
        """Start to follow a recorder; returns what stops it."""
        self._plan, self._recorder = plan, recorder
        self._left_s, self._left_at_worst_s = plan.estimate_s, plan.worst_s
        self._titles = {case.id: case for case in plan.cases}
        if self._door.is_terminal:
            self._live = self._door.live(self._block())
            self._live.start()
        unlisten = recorder.listen(self._see)
        end_of_silence = self._waiting.start()

        def stop() -> None:
            unlisten()
            self._tell_untried()
            end_of_silence()
            if self._live is not None:
                self._live.stop()
                self._live = None

        return stop

    def _see(self, event: Event) -> None:
        kind = event.kind
        self._waiting.see(event)
        if kind == "case.started":
            self._title = str(event.data.get("title", ""))
            self._purposes = [str(each) for each in event.data.get("purposes", ())]
            self._under = str(msgspec.convert(event.data.get("conditions") or {}, Conditions))
            self._step = ""
            planned = self._titles.get(event.case or "")
            self._case_s = planned.estimate_s if planned else 0.0
            self._case_at_worst_s = planned.worst_s if planned else 0.0
            self._case_began = time.monotonic()
        elif kind == "case.ended":
            self._done += 1
            self._left_s = max(0.0, self._left_s - self._case_s)
            self._left_at_worst_s = max(0.0, self._left_at_worst_s - self._case_at_worst_s)
            self._case_s = self._case_at_worst_s = 0.0
            self._ended(event)
        elif kind in ("dut.lost", "dut.absent"):
            self._gone = True
        elif kind == "step.started":
            self._step = str(event.data.get("text", ""))
        elif kind == "case.broken_off":
            bound_s = event.data.get("restore_within_s", 0.0)
            self.say(f"broken off: the charger is brought back first, {bound_s:.0f} s at most; Ctrl-C again skips that")
        elif kind == "operator.prompt":
            self._step = f"waiting for a person: {event.data.get('text', '')}"
        elif kind.startswith("wait."):
            pass  # drawn anew, with what is waited for
        elif kind == "bench.sample" and event.who == "bench.meter":
            values = event.data.get("values", {})
            current = max((abs(values.get(k) or 0.0) for k in ("i_l1_a", "i_l2_a", "i_l3_a")), default=0.0)
            self._measured = f"{values.get('p_w', 0.0) / 1000:+.2f} kW, {current:.1f} A per phase"
        else:
            return
        if self._live is not None and (
            not kind.startswith(("bench.", "wait.")) or time.monotonic() - self._drawn > 0.1
        ):
            self._drawn = time.monotonic()
            self._live.update(self._door.stack(self._block()))

    def _ended(self, event: Event) -> None:
        """A line of the case; those that only wait for a charger that is gone are counted."""
        if self._gone and event.data.get("lost") and not event.data.get("begun"):
            self._untried += 1
            return
        self._tell_untried()
        self._line(event)

    def _tell_untried(self) -> None:
        if self._untried:
            number, self._untried = self._untried, 0
            cases = "1 case needs" if number == 1 else f"{number} cases need"
            self.say(f"{cases} the charger and could not be tried: what they are for is inconclusive")

    def _line(self, event: Event) -> None:
        self._waiting.spoke()
        outcome = str(event.data.get("outcome"))
        took_s = self._case_took_s()
        verdicts = self._verdicts_so_far(event.case or "")
        told = [(purpose, verdicts.get(purpose, _WITHOUT_CLAIM.get(outcome, ""))) for purpose in self._purposes]
        shown = (styled("{} {}", purpose, _COLOURED.get(verdict, verdict)) for purpose, verdict in told)
        self._door.line("{}  [bold]{}[/]{}", f"{took_s:5.1f} s", self._title, self._conditions(), hang=9)
        self._door.line("         {}", styled("  ").join(shown), hang=0)
        if outcome != "completed":
            self._door.line("         [dim]{}[/]", str(event.data.get("detail", ""))[:300], hang=0)

    def _case_took_s(self) -> float:
        return time.monotonic() - self._case_began

    def _conditions(self) -> str:
        return f" ({self._under})" if self._under else ""

    def _verdicts_so_far(self, case: str) -> dict[str, str]:
        """What the case's own claims come to, judged as they will be in the end; only for the eye."""
        assert self._plan is not None and self._recorder is not None
        events = self._recorder.events
        if len(events) > JUDGED_LIVE:
            return dict.fromkeys(self._purposes, "judged at the end")
        trace = Trace(e for e in events if not e.kind.startswith("claim") or e.case == case)
        judged = evaluate(trace, self._plan.limits, self._plan.overdue)
        found = _by_purpose(judged)
        open_ = {j.claim.seq for j in judged if j.claim.control and j.finding.verdict is not Verdict.PASS and _late(j)}
        if not open_:
            return found
        without = Trace(e for e in trace if e.seq not in open_)
        alone = _by_purpose(evaluate(without, self._plan.limits, self._plan.overdue))
        return {p: _IF_CONTROLLED if v == "inconclusive" and alone[p] == "pass" else v for p, v in found.items()}

    def _block(self) -> list[Text]:
        assert self._plan is not None
        total = sum(case.run for case in self._plan.cases)
        left_s = max(0.0, self._left_s - min(self._case_s, self._case_took_s()))
        worst_s = max(0.0, self._left_at_worst_s - min(self._case_at_worst_s, self._case_took_s()))
        at_worst = f", {spoken(worst_s)} at worst" if worst_s > left_s else ""
        return [
            styled("[bold]{}{}[/]", self._title, self._conditions()),
            styled("  purposes  {}", ", ".join(self._purposes[:6]) + (" …" if len(self._purposes) > 6 else "")),
            styled("  step      {}", self._step),
            styled("  measured  {}", self._measured),
            styled("  waits for {}", self._waiting.now()),
            styled(
                "[dim]  case {} of {}, about {} left{}[/]",
                min(self._done + 1, total),
                total,
                spoken(left_s),
                at_worst,
            ),
        ]


def _late(control: Judged) -> bool:
    """Whether this control looks over the whole campaign, so that it may yet come to hold."""
    return bool(getattr(judge_named(control.claim.judge), "whole_trace", False))


def _by_purpose(judged: Sequence[Judged]) -> dict[str, str]:
    found: dict[str, list[Verdict]] = {}
    for each in judged:
        if not each.claim.control:
            found.setdefault(each.claim.purpose, []).append(each.finding.verdict)
    return {purpose: str(worst(verdicts)) for purpose, verdicts in found.items()}


def spoken(seconds: float) -> str:
    """ "45 s", "12 min", "2 h 5 min": as exact as somebody who waits wants it."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
