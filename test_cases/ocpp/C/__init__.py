"""Cases of block C: who may charge."""
