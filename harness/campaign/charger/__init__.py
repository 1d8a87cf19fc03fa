"""The charger under test, as a campaign has it: whether it is there, and the search for it when it is not."""
