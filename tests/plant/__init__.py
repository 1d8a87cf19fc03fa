"""Tests of the emulated station's electrics, instruments, panel and process."""
