"""A serial line to an instrument: lines with their CRC, samples as they arrive, and waits on them."""
