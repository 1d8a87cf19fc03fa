"""Recorded traces of defective and unusual chargers, judged again: `python -m tests.corpus` makes them anew."""
