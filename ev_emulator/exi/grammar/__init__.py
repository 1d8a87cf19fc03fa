"""The grammars of EXI 1.0: which event may come next, and the bits that say so."""
