"""BI-17: a driver can see that the charge point is suitable for bidirectional charging."""

from harness.case import serves
from harness.hands import Stand
from harness.judge.bench import inspection
from harness.operator import Prompt


@serves("SITE-MARK.P001")
async def test_the_marking_is_clearly_visible(stand: Stand) -> None:
    """A person who walks up to the charge point sees that it is bidirectional, and takes a photograph of it."""
    await stand.operator.ask(
        Prompt(
            id="bi17.marking",
            text="Walk up to the charge point as a driver would. Is it clearly visible that it can charge in both "
            "directions? Take a photograph of the marking.",
            kind="yes_no",
            with_photo=True,
            least_px=stand.limit_px("photo"),
            why="D5.4 asks that drivers can see it (BI-17)",
        )
    )
    stand.claim(
        inspection.answered_yes,
        prompt="bi17.marking",
        photo=True,
        expected="the marking for bidirectional charging is clearly visible, with a photograph",
    )
