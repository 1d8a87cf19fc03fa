"""The judges against hand-written traces: what passes, what fails, what decides nothing."""
