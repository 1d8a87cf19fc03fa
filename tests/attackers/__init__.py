"""Small programs that attack the backend over real sockets, and measure what it costs: `python -m tests.attackers`."""
