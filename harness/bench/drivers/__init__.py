"""One driver a role of the bench: an instrument on its port, or a person with eyes and hands."""
