"""The operator PCO: one prompt interface for the person at the charger; terminal, phone page, or scripted answers."""

from harness.operator._model import Answer, BadAnswer, NoAnswer, Operator, Prompt
from harness.operator._open import open_operator
from harness.operator._outside import addresses_of, is_loopback, listen_outside
from harness.operator._scripted import ScriptedOperator, load_answers
from harness.operator._terminal import TerminalOperator
from harness.operator._web import WebOperator

__all__ = [
    "Answer",
    "BadAnswer",
    "NoAnswer",
    "Operator",
    "Prompt",
    "ScriptedOperator",
    "TerminalOperator",
    "WebOperator",
    "addresses_of",
    "is_loopback",
    "listen_outside",
    "load_answers",
    "open_operator",
]
