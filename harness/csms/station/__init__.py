"""What can be asked of a charging station, what it is answered, and what is remembered of it."""
