"""Tests of the requirement catalogue."""
