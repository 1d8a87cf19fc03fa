"""What takes too long for every day: `python -m tests.thorough`, resumable, in shards."""
