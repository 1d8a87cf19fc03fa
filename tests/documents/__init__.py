"""Tests of document review."""
