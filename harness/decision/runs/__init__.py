"""Every run of every case, from its marks in the trace: how it ended, who explained it, and what it is worth."""
