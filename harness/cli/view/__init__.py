"""What the commands show: plans and the progress of a run."""
